// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator's time zone as rows of {@code operator_time}, from which the views make days and months. The server's own time
 * zone tables are not used: most servers have none loaded.
 */
final class OperatorTime {
    private static final String BEGINNING = "1970-01-01 00:00:00";
    private static final String END = "9999-12-31 00:00:00";
    private static final int YEARS_AROUND = 3;

    private OperatorTime() {}

    private record Period(String from, String to, int offsetSeconds, String zone) {}

    /** Writes the periods around now if they are not what the table says already. */
    static void write(Connection connection, ZoneId zone, Instant now) throws SQLException {
        List<Period> wanted = periods(zone, now);
        if (wanted.equals(written(connection))) {
            return;
        }
        connection.setAutoCommit(false);
        try (Statement delete = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO operator_time VALUES (?, ?, ?, ?)")) {
            delete.execute("DELETE FROM operator_time");
            for (Period period : wanted) {
                insert.setString(1, period.from());
                insert.setString(2, period.to());
                insert.setInt(3, period.offsetSeconds());
                insert.setString(4, period.zone());
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static List<Period> periods(ZoneId zone, Instant now) {
        ZoneRules rules = zone.getRules();
        Instant horizon = now.plus(366L * YEARS_AROUND, ChronoUnit.DAYS);
        List<Period> periods = new ArrayList<>();
        // Whole years, so that the table changes once a year and not at every start.
        Instant moment = LocalDateTime.of(now.atOffset(ZoneOffset.UTC).getYear() - YEARS_AROUND, 1, 1, 0, 0)
                .toInstant(ZoneOffset.UTC);
        String from = BEGINNING;
        int offsetSeconds = rules.getOffset(moment).getTotalSeconds();
        for (ZoneOffsetTransition change = rules.nextTransition(moment);
                change != null && change.getInstant().isBefore(horizon);
                change = rules.nextTransition(change.getInstant())) {
            String at = text(change.getInstant());
            periods.add(new Period(from, at, offsetSeconds, zone.getId()));
            from = at;
            offsetSeconds = change.getOffsetAfter().getTotalSeconds();
        }
        periods.add(new Period(from, END, offsetSeconds, zone.getId()));
        return periods;
    }

    private static List<Period> written(Connection connection) throws SQLException {
        List<Period> periods = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT CAST(valid_from AS CHAR), CAST(valid_to AS CHAR),"
                        + " offset_seconds, time_zone FROM operator_time ORDER BY valid_from")) {
            while (result.next()) {
                periods.add(
                        new Period(result.getString(1), result.getString(2), result.getInt(3), result.getString(4)));
            }
        }
        return periods;
    }

    private static String text(Instant instant) {
        return SqlText.dateTime(instant.toEpochMilli());
    }
}
