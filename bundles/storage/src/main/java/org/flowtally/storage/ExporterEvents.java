// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.EventLog;

/**
 * What happened to exporters, as rows of {@code netflow_event}: records lost, restarts. Told at most once in five minutes per
 * exporter and kind, with everything since the last time in it. Owned by the thread that applies pages.
 */
final class ExporterEvents {
    private static final long QUIET_MILLIS = Duration.ofMinutes(5).toMillis();

    private static final int CELLS = 4;
    private static final Told NOTHING = new Told(0, 0, 0, 0);

    private final EventTable table;
    private final long startedAtMillis;
    private final Map<Exporter, long[]> kept;

    /** What was told of an exporter, and when. */
    private record Told(long lost, long lostAtMillis, long restarts, long restartsAtMillis) {
        static Told of(long[] cells) {
            return new Told(cells[0], cells[1], cells[2], cells[3]);
        }

        long[] cells() {
            return new long[] {lost, lostAtMillis, restarts, restartsAtMillis};
        }
    }

    /**
     * Tells of what happened after a moment: older counters hold what was told before.
     *
     * @param startedAtMillis when the first of these objects began, milliseconds since 1970
     * @param kept what was told of each exporter; a map for concurrent use that outlives this object
     */
    ExporterEvents(EventTable table, long startedAtMillis, Map<Exporter, long[]> kept) {
        this.table = table;
        this.startedAtMillis = startedAtMillis;
        this.kept = kept;
        kept.values().removeIf(cells -> cells.length != CELLS); // Of a predecessor that kept other things.
    }

    /** Writes what happened since the last time. */
    void write(Connection connection, String collectorId, List<ExporterStatus> known, long nowMillis)
            throws SQLException {
        Map<Exporter, long[]> toldNow = new HashMap<>();
        List<EventLog.Event> events = new ArrayList<>();
        for (ExporterStatus status : known) {
            toldNow.put(status.exporter(), tell(status, nowMillis, events).cells());
        }
        table.insert(connection, collectorId, events);
        kept.keySet().retainAll(toldNow.keySet());
        kept.putAll(toldNow); // Not before: what could not be written is told the next time.
    }

    private Told tell(ExporterStatus status, long nowMillis, List<EventLog.Event> events) {
        long[] cells = kept.get(status.exporter());
        Told before = cells == null ? null : Told.of(cells);
        if (before == null && status.since().toEpochMilli() > startedAtMillis) {
            before = NOTHING; // Heard for the first time: what it lost while the collector was away is news.
        }
        if (before == null || status.lost() < before.lost() || status.restarts() < before.restarts()) {
            return new Told(
                    status.lost(), 0, status.restarts(), 0); // New to us, or counted anew: nothing to compare with.
        }
        Told now = before;
        if (status.lost() > now.lost() && nowMillis - now.lostAtMillis() >= QUIET_MILLIS) {
            String message = "lost=%d, lostInAll=%d".formatted(status.lost() - now.lost(), status.lost());
            events.add(event("loss", status.exporter(), message, nowMillis));
            now = new Told(status.lost(), nowMillis, now.restarts(), now.restartsAtMillis());
        }
        if (status.restarts() > now.restarts() && nowMillis - now.restartsAtMillis() >= QUIET_MILLIS) {
            String message = "restarts=%d".formatted(status.restarts() - now.restarts());
            events.add(event("restart", status.exporter(), message, nowMillis));
            now = new Told(now.lost(), now.lostAtMillis(), status.restarts(), nowMillis);
        }
        return now;
    }

    private static EventLog.Event event(String kind, Exporter exporter, String message, long nowMillis) {
        String subject = "exporter=%s, endpoint=%s, version=%d, domain=%d"
                .formatted(exporter.sender(), exporter.endpoint(), exporter.version(), exporter.domain());
        return new EventLog.Event(nowMillis, kind, subject, message);
    }
}
