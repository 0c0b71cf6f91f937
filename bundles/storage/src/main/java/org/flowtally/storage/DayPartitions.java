// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The partitions of the tables that are kept by day: one per UTC day, named {@code pYYYYMMDD}, so that retention drops a day
 * in no time. A partition also takes what lies between its day and the partition before: the first one whatever comes for days
 * already dropped, another one the days on which nothing was collected.
 *
 * <p>Changes are made outside transactions and under a lock of the server, since collectors share the tables. Owned by the
 * thread that applies pages.
 */
final class DayPartitions {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'p'yyyyMMdd");
    private static final int DAYS_SHARED = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Set<String> known = new HashSet<>();

    /** A partition and the day before which its rows lie. */
    private record Partition(String name, LocalDate before) {
        static Partition of(LocalDate day) {
            return new Partition(NAME.format(day), day.plusDays(1));
        }

        String definition() {
            return "PARTITION " + name + " VALUES LESS THAN ('" + before + "')";
        }
    }

    /** Forgets what was seen, because the database was away or knows better. */
    void forget() {
        known.clear();
    }

    /** Makes sure that a table has partitions for these days. */
    void ensure(Connection connection, String table, Iterable<LocalDate> days) throws SQLException {
        for (LocalDate day : days) {
            if (known.add(table + day)) {
                try {
                    add(connection, table, day);
                } catch (SQLException failure) {
                    known.remove(table + day);
                    throw failure;
                }
            }
        }
    }

    private static void add(Connection connection, String table, LocalDate day) throws SQLException {
        if (change(partitions(connection, table), table, day).isEmpty()) {
            return;
        }
        try (DatabaseLock lock = DatabaseLock.take(connection, "partitions", PATIENCE)
                        .orElseThrow(() -> new SQLException("partitions are being changed by another collector"));
                Statement statement = connection.createStatement()) {
            String change = change(partitions(lock.connection(), table), table, day);
            if (!change.isEmpty()) {
                statement.execute(change);
            }
        }
    }

    /** Returns the statement that gives a day a partition of its own, or nothing if none is needed. */
    private static String change(List<Partition> partitions, String table, LocalDate day) {
        LocalDate end = partitions.get(partitions.size() - 1).before();
        Partition wanted = Partition.of(day);
        if (!day.isBefore(end)) {
            String gap = day.isAfter(end) ? Partition.of(day.minusDays(1)).definition() + ", " : "";
            return "ALTER TABLE " + table + " ADD PARTITION (" + gap + wanted.definition() + ")";
        }
        LocalDate start = LocalDate.MIN;
        for (Partition holder : partitions) {
            if (day.isBefore(holder.before())) {
                return holder.before().toEpochDay() - day.toEpochDay() <= DAYS_SHARED
                        ? ""
                        : split(holder, start, table, day);
            }
            start = holder.before();
        }
        throw new IllegalStateException("days are not in order: table=" + table);
    }

    /** A clock once ran far ahead and left a partition that would swallow every day until then. */
    private static String split(Partition holder, LocalDate start, String table, LocalDate day) {
        String gap = start.isBefore(day) ? Partition.of(day.minusDays(1)).definition() + ", " : "";
        return "ALTER TABLE " + table + " REORGANIZE PARTITION " + holder.name() + " INTO (" + gap
                + Partition.of(day).definition() + ", " + holder.definition() + ")";
    }

    private static List<Partition> partitions(Connection connection, String table) throws SQLException {
        List<Partition> partitions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT partition_name, partition_description FROM information_schema.partitions"
                        + " WHERE table_schema = DATABASE() AND table_name = ? AND partition_name IS NOT NULL"
                        + " ORDER BY partition_ordinal_position")) {
            select.setString(1, table);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    // The description is the bound as a literal: '2026-11-21' or '2026-11-21 00:00:00'.
                    partitions.add(new Partition(
                            result.getString(1),
                            LocalDate.parse(result.getString(2).substring(1, 11))));
                }
            }
        }
        if (partitions.isEmpty()) {
            throw new SQLException("table has no partitions: table=" + table);
        }
        return partitions;
    }
}
