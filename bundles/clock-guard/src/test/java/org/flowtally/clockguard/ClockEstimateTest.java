// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.report.CounterArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockEstimateTest {
    private static final ClockEstimate.Limits LIMITS = new ClockEstimate.Limits(5_000, 60_000);
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long U32 = 0xFFFF_FFFFL;

    private final CounterArray cells = new CounterArray(ExporterClock.CELLS);
    private final ClockEstimate estimate = new ClockEstimate(cells);
    private long now = Instant.parse("2026-11-20T12:00:00.123Z").toEpochMilli();
    private long boot = now - 5 * HOUR;
    private int version = 5;

    @Test
    void learnsForAMinuteAndFindsAGoodClockGood() {
        send(29, 0, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.LEARNING);
        assertThat(estimate.sinceMillis()).isEqualTo(now - 56 * SECOND + 10);

        send(10, 0, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.sinceMillis()).isBetween(now - 20 * SECOND, now);
        assertThat(estimate.offsetMillis()).isCloseTo(0, within(20L));
        assertThat(estimate.resolutionMillis()).isOne();
        assertThat(LikelyCause.of(estimate)).isEmpty();
    }

    @Test
    void measuresAnErrorDespiteQueueing() {
        for (int datagram = 0; datagram < 200; datagram++) {
            take(7 * SECOND, datagram % 9 == 0 ? 15 : 200 + datagram * 37 % 2_500);
        }

        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.offsetMillis()).isCloseTo(7 * SECOND, within(20L));
        assertThat(estimate.spreadMillis()).isBetween(1_500L, 2_800L);
    }

    @Test
    void knowsWholeSecondsToHalfASecond() {
        version = 9;
        for (int datagram = 0; datagram < 100; datagram++) {
            now += 2 * SECOND;
            long export = Math.floorDiv(now + 20 * SECOND, SECOND) * SECOND;
            estimate.take(now + 5, export, now - boot, version, LIMITS);
        }

        assertThat(estimate.resolutionMillis()).isEqualTo(1_000);
        assertThat(estimate.offsetMillis()).isCloseTo(20 * SECOND, within(501L));
    }

    @Test
    void knowsWholeSecondsMuchBetterOnceEveryFractionWasSeen() {
        version = 9;
        for (int datagram = 0; datagram < 100; datagram++) {
            now += 1_910;
            long export = Math.floorDiv(now + 20 * SECOND, SECOND) * SECOND;
            estimate.take(now + 5, export, now - boot, version, LIMITS);
        }

        assertThat(estimate.offsetMillis()).isCloseTo(20 * SECOND, within(60L));
    }

    @Test
    void measuresByTheQuickestDatagramOfTheLastMinutes() {
        send(60, 0, 2_000);
        assertThat(estimate.offsetMillis()).isCloseTo(-2_000, within(20L));

        send(1, 0, 10);
        assertThat(estimate.offsetMillis()).as("at once").isCloseTo(0, within(20L));
        send(120, 0, 2_000);
        assertThat(estimate.offsetMillis()).as("four minutes later").isCloseTo(0, within(20L));
        send(120, 0, 2_000);
        assertThat(estimate.offsetMillis()).as("eight minutes later").isCloseTo(-2_000, within(20L));
    }

    @Test
    void takesBackAnErrorThatWasADelay() {
        send(60, 0, 20 * SECOND);
        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);

        assertThat(take(0, 10)).isEqualTo(ClockEstimate.USUAL);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.offsetMillis()).isCloseTo(0, within(20L));
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void takesTheDriftOfADayOfSilenceForNoStep() {
        send(60, 0, 10);
        now += 24 * HOUR;

        assertThat(take(20 * SECOND, 10)).isEqualTo(ClockEstimate.USUAL);

        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void followsTheBootTimeOfAClockThatDrifts() {
        for (int minute = 0; minute < 3_000; minute++) {
            long offset = minute * 3L;
            now += MINUTE;
            estimate.take(now + 10, now + offset, now - boot & U32, version, LIMITS);
            assertThat(estimate.bootMillis()).isCloseTo(boot + offset, within(100L));
        }

        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
    }

    @Test
    void namesATimeZone() {
        send(60, 2 * HOUR, 10);
        assertThat(LikelyCause.of(estimate)).isEqualTo("time zone: +2:00 hours");
    }

    @Test
    void namesATimeZoneOfQuarters() {
        send(60, -(5 * HOUR + 45 * MINUTE), 10);
        assertThat(LikelyCause.of(estimate)).isEqualTo("time zone: -5:45 hours");
    }

    @Test
    void namesADriftSinceTheBoot() {
        boot = now - 10 * 24 * HOUR;
        send(60, 43 * SECOND, 10);
        assertThat(LikelyCause.of(estimate)).isEqualTo("no NTP since boot: drifts by +49 ppm");
    }

    @Test
    void namesNoCauseWhereNoneShows() {
        send(60, 47 * MINUTE + 7 * SECOND, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(LikelyCause.of(estimate)).isEmpty();
    }

    @Test
    void findsAClockThatCountsFrom1970Unset() {
        send(60, -boot, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.UNSET);
        assertThat(LikelyCause.of(estimate)).isEqualTo("no NTP since boot: the clock counts from 1970-01-01");
    }

    @Test
    void findsAClockThatCountsFromAMidnightOfItsFirmwareUnset() {
        send(60, Instant.parse("2021-03-01T00:00:07Z").toEpochMilli() - boot, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.UNSET);
        assertThat(LikelyCause.of(estimate)).isEqualTo("no NTP since boot: the clock counts from 2021-03-01");
    }

    @Test
    void findsAClockThatCountsFrom1970UnsetThoughItTellsNoUptime() {
        version = 10;

        send(60, -boot, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.UNSET);
    }

    @Test
    void callsAClockSkewedThatIsYearsOffButCountsFromNoMidnight() {
        send(60, -400 * 24 * HOUR, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
    }

    @Test
    void callsASkewedClockGoodOnlyWellWithinTheTolerance() {
        send(300, 4_500, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        send(300, 5_200, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        long since = estimate.sinceMillis();

        send(300, 4_500, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.sinceMillis()).isEqualTo(since);
        send(300, 3_900, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
    }

    @Test
    void believesTwoDatagramsOfAStepThatAreTenSecondsApart() {
        send(60, 0, 10);

        assertThat(take(HOUR, 10)).isEqualTo(ClockEstimate.STEPPED);
        now += 8 * SECOND;
        assertThat(take(HOUR, 10)).isEqualTo(ClockEstimate.USUAL);
    }

    @Test
    void countsNoJumpWithinTheTolerance() {
        send(60, 20 * SECOND, 10);

        send(3, 24 * SECOND, 10);

        assertThat(estimate.offsetMillis()).isCloseTo(24 * SECOND, within(20L));
        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void findsAStepAheadAtTheThirdDatagramAndConfirmsIt() {
        send(60, 0, 10);

        assertThat(take(HOUR, 10)).isEqualTo(ClockEstimate.STEPPED);
        assertThat(estimate.candidateOffsetMillis()).isCloseTo(HOUR, within(20L));
        assertThat(take(HOUR, 10)).isEqualTo(ClockEstimate.STEPPED);
        assertThat(take(HOUR, 10)).isEqualTo(ClockEstimate.USUAL);
        assertThat(estimate.state()).isEqualTo(ClockState.JUMPED);
        assertThat(estimate.offsetMillis()).isCloseTo(HOUR, within(20L));
        assertThat(estimate.sinceMillis()).isEqualTo(now + 10);
        assertThat(LikelyCause.of(estimate)).isEqualTo("the clock was set");

        send(45, HOUR, 10);
        assertThat(estimate.state()).as("for two minutes").isEqualTo(ClockState.JUMPED);
        send(30, HOUR, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.jumps()).isOne();
    }

    @Test
    void findsAStepBackByTheBootTimeThatMovesWithIt() {
        send(60, 0, 10);
        take(-HOUR, 10);
        take(-HOUR, 10);
        take(-HOUR, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.JUMPED);
        assertThat(estimate.offsetMillis()).isCloseTo(-HOUR, within(20L));
    }

    @Test
    void takesDatagramsWhoseBootTimeStandsForDelayed() {
        send(60, 0, 10);

        for (int datagram = 0; datagram < 600; datagram++) {
            assertThat(take(0, 20 * MINUTE - datagram * 1_950)).isEqualTo(ClockEstimate.DELAYED);
        }

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.offsetMillis()).isCloseTo(0, within(20L));
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void waitsFiveMinutesBeforeItBelievesAStepBackWithoutUptime() {
        version = 10;
        send(60, 0, 10);

        send(149, -90 * SECOND, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        send(4, -90 * SECOND, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.JUMPED);
        assertThat(estimate.offsetMillis()).isCloseTo(-90 * SECOND, within(20L));
    }

    @Test
    void takesAStepBackByDaysForWhatItIsAtTheThirdDatagramWithoutUptime() {
        version = 10;
        send(60, 0, 10);
        long since1970 = -now + 10 * SECOND;

        assertThat(take(since1970, 10)).isEqualTo(ClockEstimate.STEPPED);
        assertThat(take(since1970, 10)).isEqualTo(ClockEstimate.STEPPED);
        assertThat(take(since1970, 10)).isEqualTo(ClockEstimate.USUAL);
        assertThat(estimate.state()).isEqualTo(ClockState.JUMPED);
        send(3, 0, 10);

        assertThat(estimate.offsetMillis()).isCloseTo(0, within(20L));
        assertThat(estimate.jumps()).isEqualTo(2);
    }

    @Test
    void takesABacklogWithoutUptimeForDelayed() {
        version = 10;
        send(60, 0, 10);

        for (int datagram = 0; datagram < 600; datagram++) {
            assertThat(take(0, 40 * MINUTE - datagram * 4 * SECOND + 30 * SECOND))
                    .isNotEqualTo(ClockEstimate.USUAL);
        }
        send(3, 0, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void doesNotTakeABacklogForAnErrorWhenItLearns() {
        for (int datagram = 0; datagram < 300; datagram++) {
            take(0, 10 * MINUTE - datagram * 1_950);
            assertThat(estimate.state()).isEqualTo(ClockState.LEARNING);
        }

        send(60, 0, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void isNotMovedByASingleForgedDatagram() {
        send(60, 0, 10);

        for (int each = 0; each < 20; each++) {
            take(HOUR * (each % 3 - 1), 10);
            send(5, 0, 10);
        }

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.offsetMillis()).isCloseTo(0, within(20L));
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void seesNothingInTheWrapOfTheUptime() {
        boot = now - (1L << 32) + MINUTE + 30 * SECOND;

        send(300, 0, 10);

        assertThat(now - boot).isGreaterThan(1L << 32);
        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.jumps()).isZero();
        assertThat(estimate.restartedAtMillis()).isZero();
    }

    @Test
    void takesALeapSecondForWhatItIs() {
        send(100, 0, 10);
        send(400, SECOND, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);

        send(400, 0, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.jumps()).isZero();
        assertThat(estimate.offsetMillis()).isCloseTo(0, within(20L));
    }

    @Test
    void goesOnAfterARestartIfTheClockIsStillRight() {
        send(60, 0, 10);
        now += 3 * MINUTE;
        boot = now - 20 * SECOND;

        send(10, 0, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.restartedAtMillis()).isEqualTo(now - 18 * SECOND + 10);
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void seesTheRestartOfAnExporterThatHadJustStarted() {
        boot = now - 10 * SECOND;
        send(60, 0, 10);
        boot = now - 30 * SECOND; // Longer than it was up at first.

        send(1, 0, 10);

        assertThat(estimate.restartedAtMillis()).isEqualTo(now + 10);
    }

    @Test
    void namesTheRestartThatAClockWasLostIn() {
        send(60, 0, 10);
        now += 3 * MINUTE;
        boot = now - 20 * SECOND;

        send(4, -40 * MINUTE - 100 * SECOND, 10);
        assertThat(estimate.state()).isEqualTo(ClockState.JUMPED);
        assertThat(LikelyCause.of(estimate)).isEqualTo("uptime reset: the exporter restarted");

        send(100, -40 * MINUTE - 100 * SECOND, 10);
        assertThat(LikelyCause.of(estimate)).startsWith("uptime reset: the exporter restarted, not set");
    }

    @Test
    void believesALongerWayAfterAQuarterOfAnHour() {
        send(60, 0, 10);

        send(460, 0, 6 * SECOND);

        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.jumps()).as("its boot time stood").isZero();
    }

    @Test
    void learnsNothingFromAnUptimeThatRunsByItself() {
        for (int datagram = 0; datagram < 300; datagram++) {
            now += 2 * SECOND;
            estimate.take(now + 10, now, datagram * 977_777L & U32, 9, LIMITS);
        }

        for (int datagram = 0; datagram < 20; datagram++) {
            now += 2 * SECOND;
            estimate.take(now + 8 * MINUTE, now, datagram * 7_777_777L & U32, 9, LIMITS);
        }

        assertThat(estimate.state()).isEqualTo(ClockState.GOOD);
        assertThat(estimate.jumps()).isZero();
    }

    @Test
    void trustsAnUptimeAgainThatRunsSteadily() {
        for (int datagram = 0; datagram < 100; datagram++) {
            now += 2 * SECOND;
            estimate.take(now + 10, now, datagram * 977_777L & U32, version, LIMITS);
        }
        send(100, 0, 10);

        send(3, -HOUR, 10);

        assertThat(estimate.state()).isEqualTo(ClockState.JUMPED);
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 380, 400, 500, 700, 1_000, 1_500, 2_000, 2_900, 5_000, 20_000})
    void learnsFromAnExporterWhoseUptimeStandsStill(long apartMillis) {
        for (long sentMillis = 0; sentMillis < 4 * MINUTE; sentMillis += apartMillis) {
            now += apartMillis;
            estimate.take(now + 10, now + 2 * HOUR, 3_600_000, version, LIMITS);
        }

        assertThat(estimate.state()).isEqualTo(ClockState.SKEWED);
        assertThat(estimate.jumps()).isZero();
        assertThat(estimate.offsetMillis()).isCloseTo(2 * HOUR, within(20L));
    }

    @Test
    void doesNotFlickerAtTheToleranceItself() {
        int changes = 0;
        ClockState before = ClockState.LEARNING;
        for (int window = 0; window < 60; window++) {
            send(40, 5 * SECOND + (window % 2 == 0 ? 120 : -80), 1);
            changes += estimate.state() == before ? 0 : 1;
            before = estimate.state();
        }

        assertThat(changes).isLessThanOrEqualTo(2);
    }

    @Test
    void goesOnWhereItStoodAfterASwap() {
        send(60, 2 * HOUR, 10);

        ClockEstimate successor = new ClockEstimate(cells);

        assertThat(successor.state()).isEqualTo(ClockState.SKEWED);
        assertThat(successor.offsetMillis()).isEqualTo(estimate.offsetMillis());
        assertThat(successor.kindOf(-2 * HOUR + 50)).isEqualTo(ClockEstimate.USUAL);
        assertThat(successor.kindOf(50)).isEqualTo(ClockEstimate.DELAYED);
    }

    private void send(int datagrams, long offset, long delay) {
        for (int datagram = 0; datagram < datagrams; datagram++) {
            take(offset, delay + datagram % 5);
        }
    }

    /** A datagram two seconds later, from a clock that is ahead by so much, delayed by so much. */
    private int take(long offset, long delay) {
        now += 2 * SECOND;
        long uptime = version == 10 ? FlowBatch.NO_UPTIME : now - boot & U32;
        return estimate.take(now + delay, now + offset, uptime, version, LIMITS);
    }
}
