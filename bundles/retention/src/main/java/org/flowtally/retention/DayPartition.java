// SPDX-License-Identifier: Apache-2.0
package org.flowtally.retention;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition of a table that is kept by day.
 *
 * @param name its name
 * @param before the UTC day before which all its rows lie
 */
record DayPartition(String name, LocalDate before) {
    /** Returns the partitions of a table, the oldest first; none if the table is not there yet. */
    static List<DayPartition> of(Connection connection, String table) throws SQLException {
        List<DayPartition> partitions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT partition_name, partition_description FROM information_schema.partitions"
                        + " WHERE table_schema = DATABASE() AND table_name = ? AND partition_name IS NOT NULL"
                        + " ORDER BY partition_ordinal_position")) {
            select.setString(1, table);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    // The description is the bound as a literal: '2026-11-21' or '2026-11-21 00:00:00'.
                    String bound = result.getString(2);
                    partitions.add(new DayPartition(result.getString(1), LocalDate.parse(bound.substring(1, 11))));
                }
            }
        }
        return partitions;
    }
}
