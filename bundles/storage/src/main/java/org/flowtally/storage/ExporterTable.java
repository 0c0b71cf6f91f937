// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Exporter;

/** The table of exporters: who is heard, and how far off each one's clock is. */
final class ExporterTable {
    private static final String UPSERT = """
            INSERT INTO exporter_status (collector_id, endpoint, realm, exporter, version, domain, since, last_seen,
              datagrams, `rows`, damaged, lost, reordered, restarts, sampling_rate, stamp_updated,
              clock_state, clock_since, clock_offset_millis, clock_spread_millis, clock_policy, clock_cause)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE since = VALUES(since), last_seen = VALUES(last_seen), datagrams = VALUES(datagrams),
              `rows` = VALUES(`rows`), damaged = VALUES(damaged), lost = VALUES(lost), reordered = VALUES(reordered),
              restarts = VALUES(restarts), sampling_rate = VALUES(sampling_rate), stamp_updated = VALUES(stamp_updated),
              clock_state = VALUES(clock_state), clock_since = VALUES(clock_since),
              clock_offset_millis = VALUES(clock_offset_millis), clock_spread_millis = VALUES(clock_spread_millis),
              clock_policy = VALUES(clock_policy), clock_cause = VALUES(clock_cause)""";

    private final Supplier<Optional<ClockDirectory>> clocks;

    /** What the clock guard said last: it stands while the guard is being swapped. */
    private Map<Exporter, ExporterSkew> skews = Map.of();

    ExporterTable(Supplier<Optional<ClockDirectory>> clocks) {
        this.clocks = clocks;
    }

    void write(Connection connection, String collectorId, List<ExporterStatus> known, long nowMillis)
            throws SQLException {
        clocks.get()
                .ifPresent(present -> skews = present.exporters().stream()
                        .collect(Collectors.toMap(ExporterSkew::exporter, Function.identity())));
        if (known.isEmpty()) {
            return;
        }
        try (PreparedStatement write = connection.prepareStatement(UPSERT)) {
            for (ExporterStatus status : known) {
                write.setString(1, collectorId);
                write.setString(2, status.exporter().endpoint());
                write.setString(3, status.exporter().realm());
                write.setString(4, status.exporter().sender());
                write.setInt(5, status.exporter().version());
                write.setLong(6, status.exporter().domain());
                write.setString(7, SqlText.dateTimeMillis(status.since().toEpochMilli()));
                write.setString(8, SqlText.dateTimeMillis(status.lastSeen().toEpochMilli()));
                write.setLong(9, status.datagrams());
                write.setLong(10, status.rows());
                write.setLong(11, status.damaged());
                write.setLong(12, status.lost());
                write.setLong(13, status.reordered());
                write.setLong(14, status.restarts());
                write.setInt(15, status.samplingRate());
                write.setString(16, SqlText.dateTimeMillis(nowMillis));
                ExporterSkew skew = skews.get(status.exporter());
                if (skew == null) {
                    setNoClock(write);
                } else {
                    setClock(write, skew);
                }
                write.addBatch();
            }
            write.executeBatch();
        }
    }

    private static void setClock(PreparedStatement write, ExporterSkew skew) throws SQLException {
        boolean isMeasured = skew.state() != ClockState.LEARNING;
        write.setString(17, skew.state().name());
        write.setString(18, SqlText.dateTimeMillis(skew.since().toEpochMilli()));
        write.setObject(19, isMeasured ? skew.offsetMillis() : null, Types.BIGINT);
        write.setObject(20, isMeasured ? skew.spreadMillis() : null, Types.BIGINT);
        write.setString(21, skew.policy().name().toLowerCase(Locale.ROOT));
        write.setString(22, skew.cause());
    }

    private static void setNoClock(PreparedStatement write) throws SQLException {
        write.setString(17, "");
        write.setNull(18, Types.VARCHAR);
        write.setNull(19, Types.BIGINT);
        write.setNull(20, Types.BIGINT);
        write.setString(21, "");
        write.setString(22, "");
    }
}
