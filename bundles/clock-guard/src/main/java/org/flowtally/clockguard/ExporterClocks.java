// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.CounterArray;

/**
 * The clocks of all exporters. Their number is bounded; when there is no room, those that have been silent for an hour are
 * forgotten. Used by the working thread; {@link #skews} by any.
 */
final class ExporterClocks {
    /** An endpoint that no exporter sends to. */
    static final Endpoint NO_ENDPOINT =
            new Endpoint("", "", 0, Set.of(), List.of(), false, List.of(), "", 0, SamplingMode.IGNORE, 1);

    static final int MOST = 10_000;

    private static final long IDLE_MILLIS = 3_600_000;
    private static final long SWEEP_PAUSE_MILLIS = 10_000;
    private static final Exporter NOBODY = new Exporter("", "", 0, 0, 0, 0);

    private final Map<Exporter, CounterArray> kept;
    private final int most;
    private final Map<Exporter, ExporterClock> clocks = new HashMap<>();
    private final ExporterClock strangers = ExporterClock.ofStrangers(NOBODY);
    private ExporterClock last = strangers;
    private long lastSweepMillis = Long.MIN_VALUE;

    /**
     * Goes on with what is kept.
     *
     * @param kept the cells of each exporter; a map for concurrent use that outlives this object
     */
    ExporterClocks(Map<Exporter, CounterArray> kept, int most) {
        this.kept = kept;
        this.most = most;
        kept.values()
                .removeIf(cells -> cells.size() != ExporterClock.CELLS); // Of a predecessor that kept other things.
    }

    /** Returns the clock of an exporter, which becomes known if there is room; otherwise one that nothing is learned of. */
    @SuppressWarnings(
            "ReferenceEquality") // The version switch has one record for each exporter; others are found below.
    ExporterClock find(Exporter exporter, long nowMillis) {
        if (last.exporter() == exporter) {
            return last;
        }
        ExporterClock found = clocks.get(exporter);
        if (found == null) {
            found = admit(exporter, nowMillis);
        }
        last = found;
        return found;
    }

    private ExporterClock admit(Exporter exporter, long nowMillis) {
        CounterArray cells = kept.get(exporter);
        if (cells == null) {
            if (kept.size() >= most && !sweep(nowMillis)) {
                return strangers;
            }
            cells = new CounterArray(ExporterClock.CELLS);
            kept.put(exporter, cells);
        }
        ExporterClock admitted = ExporterClock.of(exporter, cells);
        clocks.put(exporter, admitted);
        return admitted;
    }

    private boolean sweep(long nowMillis) {
        if (lastSweepMillis != Long.MIN_VALUE && Math.abs(nowMillis - lastSweepMillis) < SWEEP_PAUSE_MILLIS) {
            return false;
        }
        lastSweepMillis = nowMillis;
        kept.entrySet().removeIf(entry -> {
            ExporterClock clock = ExporterClock.of(entry.getKey(), entry.getValue());
            return clock.heldRows() == 0 && nowMillis - clock.estimate().seenAtMillis() > IDLE_MILLIS;
        });
        clocks.keySet().retainAll(kept.keySet());
        last = strangers;
        return kept.size() < most;
    }

    /** Returns what is known of every exporter. */
    List<ExporterSkew> skews(boolean isHostSound) {
        List<ExporterSkew> skews = new ArrayList<>(kept.size());
        kept.forEach(
                (exporter, cells) -> skews.add(ExporterClock.of(exporter, cells).skew(isHostSound)));
        return skews;
    }

    /** Returns what is known of the exporters that have rows held back. For any thread. */
    List<ExporterSkew> holders() {
        List<ExporterSkew> holders = new ArrayList<>();
        kept.forEach((exporter, cells) -> {
            ExporterClock clock = ExporterClock.of(exporter, cells);
            if (clock.heldRows() > 0) {
                holders.add(clock.skew(true));
            }
        });
        return holders;
    }
}
