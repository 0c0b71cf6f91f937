// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.report.LastGood;
import org.flowtally.lib.report.QuietLog;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock guard: settles start and end of each row in milliseconds since 1970, and judges flows that end in the future or
 * ended long ago. What it settles always has its start not after its end.
 */
@Component(configurationPid = ClockGuardSettings.PID)
@Designate(ocd = ClockGuardConfig.class)
@StageName(stage_name = StageName.CLOCK_GUARD)
public final class ClockGuard implements FlowStage {
    private static final Logger LOG = LoggerFactory.getLogger(ClockGuard.class);
    private static final LastGood<ClockGuardSettings> LAST_GOOD = new LastGood<>(LOG);
    private static final int NO_ROW = -1;

    private final QuietLog quiet;
    private final ClockGuardSettings settings;

    // Of the batch in work: one row of each kind is enough to tell an operator which exporter to look at.
    private int futureSpan;
    private int futureRow;
    private int oldSpan;
    private int oldRow;
    private int mendedSpan;
    private int mendedRow;

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public ClockGuard(ClockGuardConfig config, Map<String, Object> given) {
        this(LAST_GOOD.or(() -> ClockGuardSettings.of(config, given)), SystemClock.INSTANCE);
    }

    ClockGuard(ClockGuardSettings settings, InstantSource clock) {
        this.settings = settings;
        this.quiet = new QuietLog(LOG, clock);
    }

    @Override
    public void apply(FlowBatch batch) {
        futureRow = NO_ROW;
        oldRow = NO_ROW;
        mendedRow = NO_ROW;
        for (int span = 0; span < batch.spans(); span++) {
            settle(batch, span);
            judge(batch, span);
        }
        tell(batch);
    }

    /** Writes the times of a span's rows as the exporter meant them. */
    private static void settle(FlowBatch batch, int span) {
        long exportMillis = batch.exportMillis(span);
        long uptimeMillis = batch.uptimeMillis(span);
        long arrival = batch.receivedAtMillis(span);
        boolean hasUptime = uptimeMillis != FlowBatch.NO_UPTIME;
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            if (batch.has(row, FlowField.ABSOLUTE_TIMES)) {
                batch.times(row, batch.observedStart(row), batch.observedEnd(row));
            } else if (hasUptime && batch.has(row, FlowField.UPTIME_TIMES)) {
                batch.times(
                        row,
                        UptimeClock.millis(exportMillis, uptimeMillis, batch.observedStart(row)),
                        UptimeClock.millis(exportMillis, uptimeMillis, batch.observedEnd(row)));
            } else {
                batch.times(row, arrival, arrival);
                batch.addQuality(row, Quality.ARRIVAL_TIME);
            }
        }
    }

    /** Judges a span's rows by their end, and mends a start that cannot be. */
    private void judge(FlowBatch batch, int span) {
        long latest = batch.receivedAtMillis(span) + settings.futureToleranceMillis();
        long earliest = batch.receivedAtMillis(span) - settings.ageMaxMillis();
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            long start = batch.startMillis(row);
            long ended = batch.endMillis(row);
            if (start > ended || start < ended - settings.durationMaxMillis()) {
                batch.times(row, ended, ended);
                batch.addQuality(row, Quality.TIMES_MENDED);
                mendedSpan = span;
                mendedRow = row;
            }
            if (!batch.isCounted(row)) {
                continue;
            }
            if (ended > latest) {
                batch.judge(row, Verdict.IN_FUTURE);
                futureSpan = span;
                futureRow = row;
            } else if (ended < earliest) {
                batch.judge(row, Verdict.TOO_OLD);
                oldSpan = span;
                oldRow = row;
            }
        }
    }

    private void tell(FlowBatch batch) {
        if (futureRow != NO_ROW) {
            tell(
                    batch,
                    futureSpan,
                    futureRow,
                    "flows end in the future and are discarded, set the exporter's clock by NTP");
        }
        if (oldRow != NO_ROW) {
            tell(batch, oldSpan, oldRow, "flows ended long before they arrived and are discarded");
        }
        if (mendedRow != NO_ROW) {
            tell(
                    batch,
                    mendedSpan,
                    mendedRow,
                    "flows begin after their end or last too long, they are put at their end");
        }
    }

    private void tell(FlowBatch batch, int span, int row, String what) {
        Exporter exporter = batch.exporter(span);
        quiet.warn(
                new Concern(exporter, what),
                "{}: exporter={}, domain={}, endpoint={}, flowEnd={}, arrival={}",
                what,
                exporter.sender(),
                exporter.domain(),
                exporter.endpoint(),
                Instant.ofEpochMilli(batch.endMillis(row)),
                Instant.ofEpochMilli(batch.receivedAtMillis(span)));
    }

    /** What is told at most once a minute. */
    private record Concern(Exporter exporter, String what) {}
}
