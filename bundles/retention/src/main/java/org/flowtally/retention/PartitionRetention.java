// SPDX-License-Identifier: Apache-2.0
package org.flowtally.retention;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.Retention;
import org.flowtally.lib.report.LastGood;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops whole days of rows that are no longer to be kept. Collectors that share a database take turns. */
@Component(service = Retention.class, immediate = true, configurationPid = RetentionSettings.PID)
@Designate(ocd = RetentionConfig.class)
public final class PartitionRetention implements Retention {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionRetention.class);

    private static final LastGood<RetentionSettings> LAST_GOOD = new LastGood<>(LOG);

    /** Known to the whole server, hence the database in it; a digest, since names may have 64 letters. */
    private static final String LOCK = "CONCAT('flowtally.retention.', MD5(DATABASE()))";

    /** A reader of the table holds the drop up; after this time the drop gives way, lest readers queue behind it. */
    private static final int PATIENCE_SECONDS = 10;

    private final DataSource source;
    private final InstantSource clock;
    private final RetentionSettings keep;

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public PartitionRetention(
            @Reference(target = "(osgi.jndi.service.name=flowtally)") DataSource source,
            RetentionConfig config,
            Map<String, ?> given) {
        this(source, SystemClock.INSTANCE, LAST_GOOD.or(() -> RetentionSettings.of(config, given)));
    }

    PartitionRetention(DataSource source, InstantSource clock, RetentionSettings keep) {
        this.source = source;
        this.clock = clock;
        this.keep = keep;
    }

    @Override
    public List<String> run() {
        try (Connection connection = source.getConnection()) {
            if (!takeLock(connection)) {
                return List.of("another collector is at it");
            }
            try {
                return run(connection);
            } finally {
                releaseLock(connection);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("retention failed: cause=" + failure.getMessage(), failure);
        }
    }

    private List<String> run(Connection connection) throws SQLException {
        List<String> report = new ArrayList<>();
        drop(connection, "ledger_usage_hourly", keep.usageDays(), report);
        drop(connection, "ledger_unmatched_hourly", keep.unmatchedDays(), report);
        drop(connection, "ledger_exporter_hourly", keep.exporterDays(), report);
        drop(connection, "ledger_exporter_verdict_hourly", keep.exporterDays(), report);
        drop(connection, "netflow_event", keep.eventDays(), report);
        // A page applied so long ago cannot come back: what it added is gone too.
        delete(connection, "applied_page", "applied_at", keep.usageDays(), report);
        delete(connection, "exporter_status", "last_seen", keep.exporterDays(), report);
        report.forEach(line -> LOG.info("dropped: {}", line));
        return report;
    }

    private void drop(Connection connection, String table, int keepDays, List<String> report) throws SQLException {
        List<DayPartition> partitions = DayPartition.of(connection, table);
        LocalDate firstDayKept = firstDayKept(keepDays);
        List<DayPartition> old = partitions.stream()
                .limit(Math.max(0, partitions.size() - 1)) // A table keeps its last partition.
                .filter(partition -> !partition.before().isAfter(firstDayKept))
                .toList();
        if (old.isEmpty()) {
            return;
        }
        String names = old.stream().map(DayPartition::name).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET STATEMENT lock_wait_timeout = " + PATIENCE_SECONDS + " FOR ALTER TABLE " + table
                    + " DROP PARTITION " + names);
        }
        report.add("table=%s, keepDays=%d, partitions=%s".formatted(table, keepDays, names));
    }

    private void delete(Connection connection, String table, String column, int keepDays, List<String> report)
            throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE " + column + " < ?")) {
            delete.setString(1, firstDayKept(keepDays).toString());
            int rows = delete.executeUpdate();
            if (rows > 0) {
                report.add("table=%s, keepDays=%d, rows=%d".formatted(table, keepDays, rows));
            }
        }
    }

    private LocalDate firstDayKept(int keepDays) {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(keepDays);
    }

    private static boolean takeLock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT GET_LOCK(" + LOCK + ", 0)")) {
            return result.next() && result.getInt(1) == 1;
        }
    }

    private static void releaseLock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO RELEASE_LOCK(" + LOCK + ")");
        }
    }
}
