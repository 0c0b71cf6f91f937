// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTotal;

/** The statement that answers questions to the hourly usage. */
final class UsageTableQuery {
    private static final String HEAD = """
            SELECT account_id, service_id, traffic_class, TIMESTAMPDIFF(SECOND, '1970-01-01', bucket_start),
              bytes_in, bytes_out, packets_in, packets_out, flows, quality
            FROM usage_hourly WHERE bucket_start >= ? AND bucket_start < ?""";

    // As decimals, since the sum of two 64-bit counters may need a bit more.
    private static final String TAIL =
            " ORDER BY CAST(bytes_in AS DECIMAL(21)) + bytes_out DESC, bucket_start, account_id LIMIT ?";

    private UsageTableQuery() {}

    static List<UsageTotal> answer(DataSource source, UsageQuery query) {
        boolean hasAccount = !query.accountId().isEmpty();
        try (Connection connection = source.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(HEAD + (hasAccount ? " AND account_id = ?" : "") + TAIL)) {
            select.setString(1, SqlText.dateTime(query.from().toEpochMilli()));
            select.setString(2, SqlText.dateTime(query.to().toEpochMilli()));
            if (hasAccount) {
                select.setString(3, query.accountId());
            }
            select.setInt(hasAccount ? 4 : 3, query.limit());
            try (ResultSet result = select.executeQuery()) {
                List<UsageTotal> totals = new ArrayList<>();
                while (result.next()) {
                    totals.add(total(result));
                }
                return totals;
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("database does not answer: cause=" + failure.getMessage(), failure);
        }
    }

    private static UsageTotal total(ResultSet result) throws SQLException {
        return new UsageTotal(
                result.getString(1),
                result.getString(2),
                result.getString(3),
                result.getLong(4) * 1000,
                unsigned(result, 5),
                unsigned(result, 6),
                unsigned(result, 7),
                unsigned(result, 8),
                unsigned(result, 9),
                result.getInt(10));
    }

    private static long unsigned(ResultSet result, int column) throws SQLException {
        return Long.parseUnsignedLong(result.getString(column));
    }
}
