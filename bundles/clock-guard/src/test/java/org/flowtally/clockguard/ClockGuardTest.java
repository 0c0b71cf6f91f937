// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

class ClockGuardTest {
    private static final long ARRIVAL = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final long SECOND = 1000;
    private static final long HOUR = 3_600_000;
    private static final ClockGuardSettings SHIPPED =
            ClockGuardSettings.of(ClockGuardSettingsTest.config(Map.of()), Map.of());
    private static final Exporter EXPORTER = new Exporter("site", "", 0, Address.lowOfIpv4(0x0a000001), 5, 0);
    private static final Endpoint ENDPOINT = new Endpoint(
            "site", "127.0.0.1", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);

    private final ClockGuard guard = ClockGuard.fresh(SHIPPED, () -> Instant.EPOCH, new EventLog(10, 10));
    private final FlowBatch batch = new FlowBatch(64);

    @Test
    void settlesTimesOfTheUptime() {
        begin(ARRIVAL - 100, 90_000);
        add(FlowField.UPTIME_TIMES, 60_000, 80_000);

        guard.apply(batch);

        assertTimes(0, ARRIVAL - 30_100, ARRIVAL - 10_100);
        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.quality(0)).isZero();
    }

    @Test
    void settlesAFlowDuringWhichTheUptimeWrapped() {
        begin(ARRIVAL, 5_000);
        add(FlowField.UPTIME_TIMES, (1L << 32) - 10_000, 2_000);

        guard.apply(batch);

        assertTimes(0, ARRIVAL - 15_000, ARRIVAL - 3_000);
    }

    @Test
    void takesAbsoluteTimesAsTheyAre() {
        begin(ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL - 5_000, ARRIVAL - 1_000);

        guard.apply(batch);

        assertTimes(0, ARRIVAL - 5_000, ARRIVAL - 1_000);
    }

    @Test
    void putsAFlowWithoutUsableTimesAtItsArrival() {
        begin(ARRIVAL - 7_000, FlowBatch.NO_UPTIME);
        add(FlowField.UPTIME_TIMES, 60_000, 80_000);
        add(0, 0, 0);

        guard.apply(batch);

        assertTimes(0, ARRIVAL, ARRIVAL);
        assertTimes(1, ARRIVAL, ARRIVAL);
        assertThat(batch.quality(0)).isEqualTo(Quality.ARRIVAL_TIME);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void discardsWhatEndsBeyondTheToleranceInTheFuture() {
        begin(ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL, ARRIVAL + 30 * SECOND);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL, ARRIVAL + 30 * SECOND + 1);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL, Long.MAX_VALUE);

        guard.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.IN_FUTURE);
        assertThat(batch.verdict(2)).isEqualTo(Verdict.IN_FUTURE);
    }

    @Test
    void discardsWhatEndedTooLongAgoHoweverEarlyItBegan() {
        begin(ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL - 25 * HOUR, ARRIVAL - 24 * HOUR);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL - 25 * HOUR, ARRIVAL - 24 * HOUR - 1);
        add(FlowField.ABSOLUTE_TIMES, 0, 0);

        guard.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.TOO_OLD);
        assertThat(batch.verdict(2)).isEqualTo(Verdict.TOO_OLD);
    }

    @Test
    void putsAFlowWithImpossibleTimesAtItsEndAndMarksIt() {
        begin(ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL - SECOND, ARRIVAL - 2 * SECOND);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL - 192 * HOUR, ARRIVAL);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL - 192 * HOUR - 1, ARRIVAL);
        add(FlowField.ABSOLUTE_TIMES, Long.MIN_VALUE, ARRIVAL);

        guard.apply(batch);

        assertTimes(0, ARRIVAL - 2 * SECOND, ARRIVAL - 2 * SECOND);
        assertThat(batch.quality(0)).isEqualTo(Quality.TIMES_MENDED);
        assertTimes(1, ARRIVAL - 192 * HOUR, ARRIVAL);
        assertThat(batch.quality(1)).isZero();
        assertTimes(2, ARRIVAL, ARRIVAL);
        assertThat(batch.quality(2)).isEqualTo(Quality.TIMES_MENDED);
        assertTimes(3, ARRIVAL, ARRIVAL);
        assertThat(batch.verdict(3)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void judgesEachSpanByItsOwnArrival() {
        begin(ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL + HOUR, ARRIVAL + HOUR);
        batch.beginSpan(ENDPOINT, EXPORTER, ARRIVAL + HOUR, ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL + HOUR, ARRIVAL + HOUR);

        guard.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.IN_FUTURE);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void startsAnewWithEachConfigurationAndKeepsTheLastGoodOne() {
        new ClockGuard(ClockGuardSettingsTest.config(Map.of("future_tolerance_seconds", 3600)), Map.of());
        ClockGuard mistaken =
                new ClockGuard(ClockGuardSettingsTest.config(Map.of()), Map.of("future.tolerance.seconds", "soon"));
        begin(ARRIVAL, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL, ARRIVAL + HOUR);
        add(FlowField.ABSOLUTE_TIMES, ARRIVAL, ARRIVAL + HOUR + 1);

        mistaken.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.IN_FUTURE);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void judgesOnlyCountedRowsAndSettlesTheTimesOfAll(@ForAll long seed) {
        Random random = new Random(seed);
        FlowBatch any = new FlowBatch(64);
        Verdict[] before = new Verdict[64];
        for (int row = 0; row < 64; row++) {
            if (row % 8 == 0) {
                long uptime = random.nextBoolean() ? FlowBatch.NO_UPTIME : random.nextInt() & 0xffffffffL;
                any.beginSpan(ENDPOINT, EXPORTER, ARRIVAL, anyTime(random), uptime);
            }
            any.claim(random.nextInt(4) * FlowField.UPTIME_TIMES);
            any.observedTimes(row, anyTime(random), anyTime(random));
            before[row] = Verdict.of(random.nextInt(2) * random.nextInt(Verdict.count()));
            any.judge(row, before[row]);
        }

        guard.apply(any);

        assertThat(any.size()).isEqualTo(64);
        for (int row = 0; row < 64; row++) {
            assertThat(any.startMillis(row)).isLessThanOrEqualTo(any.endMillis(row));
            if (before[row] != Verdict.COUNTED) {
                assertThat(any.verdict(row)).isEqualTo(before[row]);
            } else {
                assertThat(any.verdict(row)).isEqualTo(expected(any.endMillis(row)));
            }
            if (any.verdict(row) == Verdict.COUNTED) {
                assertThat(any.endMillis(row) - any.startMillis(row)).isBetween(0L, 192 * HOUR);
            }
        }
    }

    private static Verdict expected(long end) {
        if (end > ARRIVAL + 30 * SECOND) {
            return Verdict.IN_FUTURE;
        }
        return end < ARRIVAL - 24 * HOUR ? Verdict.TOO_OLD : Verdict.COUNTED;
    }

    private static long anyTime(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> ARRIVAL + random.nextInt(200_000) - 150_000;
            case 1 -> ARRIVAL - random.nextInt(2_000_000_000);
            case 2 -> random.nextInt() & 0xffffffffL;
            default -> random.nextLong();
        };
    }

    private void begin(long exportMillis, long uptimeMillis) {
        batch.beginSpan(ENDPOINT, EXPORTER, ARRIVAL, exportMillis, uptimeMillis);
    }

    private void add(long field, long start, long end) {
        batch.observedTimes(batch.claim(field), start, end);
    }

    private void assertTimes(int row, long start, long end) {
        assertThat(batch.startMillis(row)).isEqualTo(start);
        assertThat(batch.endMillis(row)).isEqualTo(end);
    }
}
