// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

/** Flows whose times cannot be, under every setting. */
class RowTimesTest {
    private static final long ARRIVAL = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final long SECOND = 1_000;
    private static final long HOUR = 3_600_000;
    private static final Endpoint ENDPOINT = new Endpoint(
            "site", "127.0.0.1", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);
    private static final Exporter EXPORTER = new Exporter("site", "", 0, 0xffff_0a00_0001L, 5, 0);

    private final Map<String, Object> configuration = new HashMap<>();
    private final FlowBatch batch = new FlowBatch(8);
    private ClockGuard guard = ClockGuard.fresh(settings(), () -> Instant.ofEpochMilli(ARRIVAL), new EventLog(10, 10));

    @Test
    void discardsFlowsThatAreTooOld() {
        assertFlow(ARRIVAL - 26 * HOUR, ARRIVAL - 25 * HOUR, Verdict.TOO_OLD, 0, ClockAction.OLD);
    }

    @Test
    void putsFlowsThatAreTooOldAtTheirArrival() {
        configuration.put("age_action", "arrival");
        assertFlow(
                ARRIVAL - 26 * HOUR, ARRIVAL - 25 * HOUR, Verdict.COUNTED, Quality.ARRIVAL_TIME, ClockAction.ARRIVAL);
        assertTimes(ARRIVAL, ARRIVAL);
    }

    @Test
    void countsFlowsThatAreTooOldWhereTheySay() {
        configuration.put("age_action", "count");
        assertFlow(ARRIVAL - 26 * HOUR, ARRIVAL - 25 * HOUR, Verdict.COUNTED, Quality.LATE, ClockAction.LATE);
        assertTimes(ARRIVAL - 26 * HOUR, ARRIVAL - 25 * HOUR);
        assertThat(guard.exporters().get(0).rows()).as("its clock is not off").containsEntry(ClockAction.UNSURE, 0L);
    }

    @Test
    void putsFlowsThatLastTooLongAtTheirEnd() {
        assertFlow(ARRIVAL - 300 * HOUR, ARRIVAL - HOUR, Verdict.COUNTED, Quality.TIMES_MENDED, ClockAction.MENDED);
        assertTimes(ARRIVAL - HOUR, ARRIVAL - HOUR);
    }

    @Test
    void cutsFlowsThatLastTooLong() {
        configuration.put("duration_action", "cut");
        assertFlow(ARRIVAL - 300 * HOUR, ARRIVAL - HOUR, Verdict.COUNTED, Quality.TIMES_MENDED, ClockAction.MENDED);
        assertTimes(ARRIVAL - 193 * HOUR, ARRIVAL - HOUR);
    }

    @Test
    void discardsFlowsThatLastTooLong() {
        configuration.put("duration_action", "discard");
        assertFlow(ARRIVAL - 300 * HOUR, ARRIVAL - HOUR, Verdict.IMPLAUSIBLE, 0, ClockAction.SENSELESS);
    }

    @Test
    void putsFlowsThatEndBeforeTheyStartAtTheirEnd() {
        assertFlow(ARRIVAL, ARRIVAL - HOUR, Verdict.COUNTED, Quality.TIMES_MENDED, ClockAction.MENDED);
        assertTimes(ARRIVAL - HOUR, ARRIVAL - HOUR);
    }

    @Test
    void swapsStartAndEnd() {
        configuration.put("reversed_action", "swap");
        assertFlow(ARRIVAL, ARRIVAL - HOUR, Verdict.COUNTED, Quality.TIMES_MENDED, ClockAction.MENDED);
        assertTimes(ARRIVAL - HOUR, ARRIVAL);
    }

    @Test
    void swapsNothingThatWouldLastTooLong() {
        configuration.put("reversed_action", "swap");
        assertFlow(Long.MAX_VALUE, ARRIVAL - HOUR, Verdict.COUNTED, Quality.TIMES_MENDED, ClockAction.MENDED);
        assertTimes(ARRIVAL - HOUR, ARRIVAL - HOUR);
    }

    @Test
    void judgesASwappedFlowByTheEndThatItHasNow() {
        configuration.put("reversed_action", "swap");
        assertFlow(ARRIVAL + HOUR, ARRIVAL - HOUR, Verdict.IN_FUTURE, Quality.TIMES_MENDED, ClockAction.FUTURE);
    }

    @Test
    void discardsFlowsThatEndBeforeTheyStart() {
        configuration.put("reversed_action", "discard");
        assertFlow(ARRIVAL, ARRIVAL - HOUR, Verdict.IMPLAUSIBLE, 0, ClockAction.SENSELESS);
    }

    @Test
    void putsFlowsWithoutTimesAtTheirArrival() {
        apply(0, 0, 0);
        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.quality(0)).isEqualTo(Quality.ARRIVAL_TIME);
        assertTimes(ARRIVAL, ARRIVAL);
        assertCounted(ClockAction.ARRIVAL);
    }

    @Test
    void discardsFlowsWithoutTimes() {
        configuration.put("missing_action", "discard");
        apply(0, 0, 0);
        assertThat(batch.verdict(0)).isEqualTo(Verdict.INCOMPLETE);
        assertCounted(ClockAction.SENSELESS);
    }

    @Test
    void countsOctetsScaledBySampling() {
        configuration.put("sampled", true);
        apply(FlowField.ABSOLUTE_TIMES, ARRIVAL + HOUR, ARRIVAL + HOUR);
        assertThat(guard.exporters().get(0).octets()).containsEntry(ClockAction.FUTURE, 700_000L);
    }

    private void assertFlow(long start, long end, Verdict verdict, int quality, ClockAction counted) {
        apply(FlowField.ABSOLUTE_TIMES, start, end);
        assertThat(batch.verdict(0)).isEqualTo(verdict);
        assertThat(batch.quality(0)).isEqualTo(quality);
        assertCounted(counted);
    }

    private void assertCounted(ClockAction action) {
        assertThat(guard.exporters().get(0).rows()).containsEntry(action, 1L);
        assertThat(guard.exporters().get(0).octets()).containsEntry(action, 700L);
    }

    private void assertTimes(long start, long end) {
        assertThat(batch.startMillis(0)).isEqualTo(start);
        assertThat(batch.endMillis(0)).isEqualTo(end);
    }

    private void apply(long fields, long start, long end) {
        boolean isSampled = configuration.remove("sampled") != null;
        guard = ClockGuard.fresh(settings(), () -> Instant.ofEpochMilli(ARRIVAL), new EventLog(10, 10));
        batch.clear();
        batch.beginSpan(ENDPOINT, EXPORTER, ARRIVAL, ARRIVAL - SECOND, FlowBatch.NO_UPTIME);
        int row = batch.claim(fields | FlowField.OCTETS);
        batch.observedTimes(row, start, end);
        batch.octets(row, 700);
        if (isSampled) {
            batch.samplingRate(row, 1_000);
        }
        guard.apply(batch);
        if (isSampled) {
            batch.samplingRate(row, 1);
        }
    }

    private ClockGuardSettings settings() {
        return ClockGuardSettings.of(ClockGuardSettingsTest.config(configuration), Map.of());
    }
}
