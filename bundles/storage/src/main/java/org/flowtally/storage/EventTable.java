// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.flowtally.lib.report.EventLog;

/** The table {@code netflow_event}, and what other bundles told on its way there. Owned by the thread that applies pages. */
final class EventTable {
    private static final String TABLE = "netflow_event";
    private static final int MOST_AT_ONCE = 200;
    private static final int KIND_LETTERS = 32;
    private static final int SUBJECT_LETTERS = 255;
    private static final int MESSAGE_LETTERS = 1000;

    private final EventLog told;
    private final DayPartitions partitions = new DayPartitions();

    EventTable(EventLog told) {
        this.told = told;
    }

    /** Forgets what it knows of the database. */
    void forget() {
        partitions.forget();
    }

    /** Writes what was told since the last time; what cannot be written is told the next time. */
    void writeTold(Connection connection, String collectorId) throws SQLException {
        List<EventLog.Event> events = told.waiting(MOST_AT_ONCE);
        insert(connection, collectorId, events);
        told.written(events);
    }

    /** Writes events. */
    void insert(Connection connection, String collectorId, List<EventLog.Event> events) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        TreeSet<LocalDate> days = new TreeSet<>();
        events.forEach(event -> days.add(SqlText.day(event.atMillis())));
        partitions.ensure(connection, TABLE, days);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO netflow_event (occurred_at, collector_id, kind, subject, message) VALUES (?, ?, ?, ?, ?)")) {
            for (EventLog.Event event : events) {
                insert.setString(1, SqlText.dateTimeMillis(event.atMillis()));
                insert.setString(2, collectorId);
                insert.setString(3, cut(event.kind(), KIND_LETTERS));
                insert.setString(4, cut(event.subject(), SUBJECT_LETTERS));
                insert.setString(5, cut(event.message(), MESSAGE_LETTERS));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String cut(String text, int letters) {
        return text.length() <= letters ? text : text.substring(0, letters);
    }
}
