// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

/** What becomes of flows under each policy, and what is counted of it. */
class ClockPolicyTest {
    private static final long SECOND = 1_000;
    private static final long HOUR = 3_600_000;
    private static final long BOOT = Instant.parse("2026-11-20T03:10:00Z").toEpochMilli();
    private static final Exporter EXPORTER = exporter(1);

    private final Map<Exporter, CounterArray> kept = new ConcurrentHashMap<>();
    private final Deque<FlowBatch> held = new ArrayDeque<>();
    private final Map<String, Object> configuration = new HashMap<>();
    private final FlowBatch batch = new FlowBatch(256);
    private long now = Instant.parse("2026-11-20T12:30:00.5Z").toEpochMilli();
    private final EventLog events = new EventLog(100, 100);
    private final AtomicReference<HostClock> host = new AtomicReference<>();
    private Endpoint endpoint = TestEndpoints.with(ClockPolicy.DISCARD);
    private ClockGuard guard = guard();

    @Test
    void discardsWhatEndsInTheFutureAndCountsIt() {
        learn(EXPORTER, HOUR);
        long before = skew().octets().get(ClockAction.FUTURE);

        send(EXPORTER, HOUR, 700);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.IN_FUTURE);
        assertThat(skew().octets().get(ClockAction.FUTURE) - before).isEqualTo(700);
        assertThat(skew().policy()).isEqualTo(ClockPolicy.DISCARD);
        assertThat(skew().cause()).isEqualTo("time zone: +1:00 hours");
    }

    @Test
    void trustsAClockThatIsBehindButCountsWhatItCannotBeSureOf() {
        learn(EXPORTER, -HOUR);
        long before = skew().octets().get(ClockAction.UNSURE);

        send(EXPORTER, -HOUR, 700);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.endMillis(0)).isEqualTo(now - HOUR - 3 * SECOND);
        assertThat(batch.quality(0)).isEqualTo(Quality.CLOCK_OFF);
        assertThat(skew().octets().get(ClockAction.UNSURE) - before).isEqualTo(700);
    }

    @Test
    void countsOnceWhatIsTooOldByAClockThatIsBehind() {
        configuration.put("age_action", "count");
        guard = guard();
        learn(EXPORTER, -30 * HOUR);
        Map<ClockAction, Long> before = skew().rows();

        send(EXPORTER, -30 * HOUR, 700);

        assertThat(batch.quality(0)).isEqualTo(Quality.LATE | Quality.CLOCK_OFF);
        assertThat(skew().rows().get(ClockAction.UNSURE) - before.get(ClockAction.UNSURE))
                .isOne();
        assertThat(skew().rows().get(ClockAction.LATE) - before.get(ClockAction.LATE))
                .isOne();
    }

    @Test
    void doesNotCallUnsureWhatWasPutAtItsArrivalForItsAge() {
        configuration.put("age_action", "arrival");
        guard = guard();
        learn(EXPORTER, -30 * HOUR);

        send(EXPORTER, -30 * HOUR, 700);

        assertThat(batch.quality(0)).isEqualTo(Quality.ARRIVAL_TIME);
        assertThat(skew().rows()).containsEntry(ClockAction.UNSURE, 0L);
    }

    @Test
    void correctsByTheMeasuredErrorAndMarksIt() {
        endpoint = TestEndpoints.with(ClockPolicy.CORRECT);
        learn(EXPORTER, HOUR);
        long before = skew().octets().get(ClockAction.CORRECTED);

        send(EXPORTER, HOUR, 700);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.endMillis(0)).isCloseTo(now - 3 * SECOND, within(20L));
        assertThat(batch.startMillis(0)).isCloseTo(now - 33 * SECOND, within(20L));
        assertThat(batch.quality(0)).isEqualTo(Quality.CLOCK_SHIFTED);
        assertThat(batch.clockShiftMillis(0)).isCloseTo(-HOUR, within(20L));
        assertThat(skew().octets().get(ClockAction.CORRECTED) - before).isEqualTo(700);
        assertThat(skew().octets()).containsEntry(ClockAction.FUTURE, 0L);
    }

    @Test
    void leavesTimesOfAGoodClockAlone() {
        endpoint = TestEndpoints.with(ClockPolicy.CORRECT);
        learn(EXPORTER, 2 * SECOND);

        send(EXPORTER, 2 * SECOND, 700);

        assertThat(batch.endMillis(0)).isEqualTo(now + 2 * SECOND - 3 * SECOND);
        assertThat(batch.quality(0)).isZero();
        assertThat(batch.clockShiftMillis(0)).isZero();
        assertThat(skew().rows().values()).containsOnly(0L);
    }

    @Test
    void correctsAClockThatIsAheadFromItsFirstDatagramOn() {
        endpoint = TestEndpoints.with(ClockPolicy.CORRECT);

        send(EXPORTER, HOUR, 700);

        assertThat(skew().state()).isEqualTo(ClockState.LEARNING);
        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.endMillis(0)).isCloseTo(now - 3 * SECOND, within(20L));
    }

    @Test
    void takesAFirstDatagramThatIsBehindForDelayedUnlessItIsByDays() {
        endpoint = TestEndpoints.with(ClockPolicy.CORRECT);

        send(EXPORTER, -2 * HOUR, 700);
        assertThat(batch.endMillis(0)).isEqualTo(now - 2 * HOUR - 3 * SECOND);
        assertThat(batch.quality(0)).isZero();

        send(exporter(2), -72 * HOUR, 700);
        assertThat(batch.endMillis(0)).isCloseTo(now - 3 * SECOND, within(20L));
        assertThat(batch.quality(0)).isEqualTo(Quality.CLOCK_SHIFTED);
    }

    @Test
    void findsATimeBeyondEveryCalendarInTheFutureOrThePastWhateverTheCorrection() {
        endpoint = TestEndpoints.with(ClockPolicy.CORRECT);
        learn(EXPORTER, -2 * HOUR);
        learn(exporter(2), 2 * HOUR);

        begin(EXPORTER, -2 * HOUR);
        add(FlowField.ABSOLUTE_TIMES, Long.MAX_VALUE - 5, Long.MAX_VALUE - 1, 700);
        batch.beginSpan(endpoint, exporter(2), now + 10, now + 2 * HOUR, now - BOOT);
        add(FlowField.ABSOLUTE_TIMES, Long.MIN_VALUE + 1, Long.MIN_VALUE + 5, 700);
        guard.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.IN_FUTURE);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.TOO_OLD);
    }

    @Test
    void judgesNobodyByAHostThatIsOffAndGivesItsErrorToTheBounds() {
        host.set(offBy(-HOUR));
        configuration.put("ntp_servers", new String[] {"127.0.0.1"});
        guard = guard();
        Instant before = Instant.ofEpochMilli(now);

        learn(EXPORTER, HOUR);
        assertThat(skew().state()).isEqualTo(ClockState.LEARNING);
        assertThat(skew().since()).as("since it is heard").isBetween(before, before.plusSeconds(10));
        assertThat(skew().rows()).as("the clock that is right").containsEntry(ClockAction.FUTURE, 0L);
        assertVerdictOfAFlowThatEnded(-HOUR - 31 * SECOND, Verdict.IN_FUTURE);
        assertVerdictOfAFlowThatEnded(24 * HOUR + 60 * SECOND, Verdict.TOO_OLD);

        host.set(offBy(HOUR));
        guard = guard();
        assertVerdictOfAFlowThatEnded(25 * HOUR - SECOND, Verdict.COUNTED);
        assertVerdictOfAFlowThatEnded(25 * HOUR + SECOND, Verdict.TOO_OLD);
        assertVerdictOfAFlowThatEnded(-31 * SECOND, Verdict.IN_FUTURE);
    }

    private void assertVerdictOfAFlowThatEnded(long beforeArrival, Verdict verdict) {
        begin(EXPORTER, 0);
        long end = batch.receivedAtMillis(0) - beforeArrival;
        add(FlowField.ABSOLUTE_TIMES, end, end, 700);
        guard.apply(batch);
        assertThat(batch.verdict(0)).isEqualTo(verdict);
    }

    private static HostClock offBy(long offsetMillis) {
        return new HostClock(
                HostClockState.DRIFTING,
                Instant.EPOCH,
                "127.0.0.1",
                offsetMillis,
                1,
                2,
                1,
                1,
                0,
                Optional.of(Instant.EPOCH),
                "");
    }

    @Test
    void takesTheArrivalForTheExportTime() {
        endpoint = TestEndpoints.with(ClockPolicy.ARRIVAL);

        send(EXPORTER, -5 * HOUR, 700);

        assertThat(batch.endMillis(0)).isEqualTo(now + 10 - 3 * SECOND);
        assertThat(batch.startMillis(0)).isEqualTo(now + 10 - 33 * SECOND);
        assertThat(batch.quality(0)).isEqualTo(Quality.ARRIVAL_TIME);
        assertThat(skew().octets()).containsEntry(ClockAction.ARRIVAL, 700L);
    }

    @Test
    void takesAnIpfixExportTimeForTheMiddleOfItsSecond() {
        endpoint = TestEndpoints.with(ClockPolicy.ARRIVAL);
        now += 2 * SECOND;
        long export = (now - 5 * HOUR) / SECOND * SECOND;
        batch.clear();
        batch.beginSpan(
                endpoint, new Exporter("site", "", 0, 0xffff_0a00_0001L, 10, 0), now + 10, export, FlowBatch.NO_UPTIME);
        add(FlowField.ABSOLUTE_TIMES, export - 33 * SECOND, export - 3 * SECOND, 700);

        guard.apply(batch);

        assertThat(batch.endMillis(0)).isEqualTo(now + 10 - 3 * SECOND - SECOND / 2);
        assertThat(batch.startMillis(0)).isEqualTo(now + 10 - 33 * SECOND - SECOND / 2);
    }

    @Test
    void putsNothingBehindItsArrivalThatIsToBePutThere() {
        endpoint = TestEndpoints.with(ClockPolicy.ARRIVAL);
        begin(EXPORTER, HOUR);
        add(FlowField.ABSOLUTE_TIMES, now + 2 * HOUR, now + 2 * HOUR + 60 * SECOND, 700);

        guard.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.endMillis(0)).isEqualTo(now + 10);
        assertThat(batch.startMillis(0)).isEqualTo(now + 10 - 60 * SECOND);
    }

    @Test
    void prefersThePolicyOfTheExporterToThatOfItsEndpoint() {
        configuration.put("exporter_policies", new String[] {"10.0.0.1=correct", "10.0.0.0/24=arrival"});
        guard = guard();
        learn(EXPORTER, HOUR);
        learn(exporter(2), HOUR);

        assertThat(skew().policy()).isEqualTo(ClockPolicy.CORRECT);
        assertThat(skew(exporter(2)).policy()).isEqualTo(ClockPolicy.ARRIVAL);
        learn(new Exporter("site", "", 0, 0xffff_0a00_0105L, 5, 0), HOUR);
        assertThat(skew(new Exporter("site", "", 0, 0xffff_0a00_0105L, 5, 0)).policy())
                .isEqualTo(ClockPolicy.DISCARD);
    }

    @Test
    void takesUpAChangedPolicyWithTheNextDatagram() {
        learn(EXPORTER, HOUR);
        endpoint = TestEndpoints.with(ClockPolicy.CORRECT);

        send(EXPORTER, HOUR, 700);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(skew().policy()).isEqualTo(ClockPolicy.CORRECT);
    }

    @Test
    void holdsFlowsBackUntilTheClockIsKnownAndCorrectsThemThen() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        send(EXPORTER, -2 * HOUR, 700);
        assertThat(batch.verdict(0)).isEqualTo(Verdict.QUARANTINED);
        long end = now - 3 * SECOND;
        assertThat(skew().heldOctets()).isEqualTo(700);

        long returned = 0;
        for (int each = 0; each < 40; each++) {
            send(EXPORTER, -2 * HOUR, 100);
            returned += assertReturned(end, 700);
        }

        assertThat(skew().state()).isEqualTo(ClockState.SKEWED);
        assertThat(returned).isEqualTo(skew().rows().get(ClockAction.HELD));
        assertThat(skew().heldRows()).isZero();
        assertThat(skew().heldOctets()).isZero();
        assertThat(held).isEmpty();
        assertThat(skew().rows().get(ClockAction.CORRECTED)).isEqualTo(41);
    }

    /** Counts the rows of the batch that return, and looks at the one with these octets. */
    private long assertReturned(long end, long octets) {
        long rows = 0;
        for (int span = 0; span < batch.spans(); span++) {
            for (int row = batch.firstRow(span); batch.isReturned(span) && row < batch.endRow(span); row++) {
                rows++;
                assertThat(batch.verdict(row)).isEqualTo(Verdict.COUNTED);
                assertThat(batch.quality(row)).isEqualTo(Quality.CLOCK_SHIFTED);
                if (batch.octets(row) == octets) {
                    assertThat(batch.endMillis(row)).isCloseTo(end, within(20L));
                }
            }
        }
        return rows;
    }

    @Test
    void putsAtItsArrivalWhatWasHeldForTooLong() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        send(EXPORTER, -2 * HOUR, 700);
        long arrival = now + 10;

        now += 299 * SECOND;
        idle();
        assertThat(batch.size()).isZero();
        now += 2 * SECOND;
        idle();

        assertThat(batch.size()).isOne();
        assertThat(batch.isReturned(0)).isTrue();
        assertThat(batch.endMillis(0)).isEqualTo(arrival - 3 * SECOND);
        assertThat(batch.receivedAtMillis(0)).isEqualTo(arrival);
        assertThat(batch.quality(0)).isEqualTo(Quality.ARRIVAL_TIME);
    }

    @Test
    void holdsNoMoreThanItMay() {
        configuration.put("quarantine_max_rows", 5);
        guard = guard();
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);

        for (int each = 0; each < 8; each++) {
            send(exporter(each), -2 * HOUR, 700);
            assertThat(batch.verdict(0)).isEqualTo(each < 5 ? Verdict.QUARANTINED : Verdict.COUNTED);
            assertThat(batch.quality(0)).isEqualTo(each < 5 ? 0 : Quality.ARRIVAL_TIME);
        }

        assertThat(heldRows()).isEqualTo(5);
        guard = guard();
        send(exporter(9), -2 * HOUR, 700);
        assertThat(heldRows()).as("a successor knows how many there are").isEqualTo(5);

        now += 400 * SECOND;
        idle();
        assertThat(heldRows()).isZero();
        for (int each = 0; each < 8; each++) {
            send(exporter(each), -2 * HOUR, 700);
        }
        assertThat(heldRows()).as("what returned leaves room").isEqualTo(5);
    }

    @Test
    void holdsADatagramOnlyIfAllOfItHasRoom() {
        configuration.put("quarantine_max_rows", 5);
        guard = guard();
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        for (int rows : List.of(3, 3, 2)) {
            begin(exporter(2), 0);
            add(0, 0, 0, 1);
            batch.beginSpan(endpoint, EXPORTER, now + 10, now - 2 * HOUR, now - BOOT);
            for (int row = 0; row < rows; row++) {
                add(FlowField.ABSOLUTE_TIMES, now - 2 * HOUR, now - 2 * HOUR, 1);
            }
            guard.apply(batch);
        }

        assertThat(heldRows()).isEqualTo(5);
        assertThat(skew().rows().get(ClockAction.ARRIVAL)).isEqualTo(3);
    }

    @Test
    void holdsASpanThatIsLongerThanAPage() {
        configuration.put("quarantine_max_rows", 10_000);
        guard = guard();
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        FlowBatch large = new FlowBatch(3_000);
        large.beginSpan(endpoint, EXPORTER, now, now - 2 * HOUR, FlowBatch.NO_UPTIME);
        for (int row = 0; row < 3_000; row++) {
            large.claim(FlowField.ABSOLUTE_TIMES | FlowField.OCTETS);
            large.observedTimes(row, now - 2 * HOUR, now - 2 * HOUR);
            large.octets(row, row);
        }
        guard.apply(large);
        assertThat(heldRows()).isEqualTo(3_000);

        large.clear();
        guard.surrender(large);

        assertThat(large.size()).isEqualTo(3_000);
        for (int row = 0; row < 3_000; row++) {
            assertThat(large.octets(row)).isEqualTo(row);
        }
        assertThat(held).isEmpty();
    }

    @Test
    void namesTheExportersWhoseRowsAreHeldBack() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        send(EXPORTER, -2 * HOUR, 700);
        endpoint = TestEndpoints.with(ClockPolicy.DISCARD);
        send(exporter(2), 0, 700);

        assertThat(new ExporterClocks(kept, 10).holders())
                .extracting(ExporterSkew::exporter)
                .containsExactly(EXPORTER);
    }

    private long heldRows() {
        return guard.exporters().stream().mapToLong(ExporterSkew::heldRows).sum();
    }

    @Test
    void holdsOnlyRowsThatHaveTimesAndThatStillCount() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        begin(EXPORTER, 0);
        add(FlowField.ABSOLUTE_TIMES, now - 2 * SECOND, now - SECOND, 1);
        add(0, 0, 0, 2);
        batch.judge(add(FlowField.ABSOLUTE_TIMES, now - 2 * SECOND, now - SECOND, 3), Verdict.EVENT);

        guard.apply(batch);

        assertThat(List.of(batch.verdict(0), batch.verdict(1), batch.verdict(2)))
                .containsExactly(Verdict.QUARANTINED, Verdict.COUNTED, Verdict.EVENT);
        assertThat(batch.endMillis(1)).isEqualTo(now + 10);
        assertThat(skew().heldRows()).isOne();
    }

    @Test
    void givesEverythingBackWhenTheLaneEnds() {
        configuration.put("quarantine_max_seconds", 3_600);
        guard = guard();
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        for (int each = 0; each < 600; each++) {
            send(exporter(each % 300), each % 2 == 0 ? HOUR : -HOUR, 1);
        }
        long heldRows =
                guard.exporters().stream().mapToLong(ExporterSkew::heldRows).sum();
        assertThat(heldRows).isGreaterThan(500);

        long rows = 0;
        do {
            batch.clear();
            guard.surrender(batch);
            for (int row = 0; row < batch.size(); row++) {
                assertThat(batch.verdict(row)).isEqualTo(Verdict.COUNTED);
            }
            rows += batch.size();
        } while (batch.size() > 0);

        assertThat(rows).isEqualTo(heldRows);
        assertThat(held).isEmpty();
        assertThat(guard.exporters()).allMatch(each -> each.heldRows() == 0 && each.heldOctets() == 0);
    }

    @Test
    void returnsRowsByAndByWhereBatchesAreNearlyFull() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        for (int each = 0; each < 29; each++) {
            send(EXPORTER, -2 * HOUR, 1);
        }
        assertThat(skew().heldRows()).isEqualTo(29);
        now += 400 * SECOND;

        int passes = 0;
        while (skew().heldRows() > 0) {
            begin(exporter(9), 0);
            while (batch.remaining() > 3) {
                add(0, 0, 0, 1);
            }
            guard.apply(batch);
            assertThat(batch.size()).isLessThanOrEqualTo(batch.capacity());
            passes++;
        }

        assertThat(passes).isEqualTo(10);
    }

    @Test
    void goesOnAfterASwapWithWhatItsPredecessorLearnedAndHeld() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        send(EXPORTER, -2 * HOUR, 700);

        guard = guard();

        assertThat(skew().heldRows()).isOne();
        now += 400 * SECOND;
        idle();
        assertThat(batch.size()).isOne();
        assertThat(skew().heldRows()).isZero();
    }

    @Test
    void knowsSinceWhenAClockIsAsItIsAfterAChangeOfTheConfiguration() {
        learn(EXPORTER, HOUR);
        Instant since = skew().since();
        configuration.put("skew_tolerance_seconds", 30);
        configuration.put("learning_seconds", 20);

        guard = guard();
        learn(EXPORTER, HOUR);

        assertThat(skew().state()).isEqualTo(ClockState.SKEWED);
        assertThat(skew().since()).isEqualTo(since);
    }

    @Test
    void holdsWhatSeemsToBeAStepUntilItIsConfirmed() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        learn(EXPORTER, 0);

        send(EXPORTER, HOUR, 11);
        assertThat(batch.verdict(0)).isEqualTo(Verdict.QUARANTINED);
        send(EXPORTER, HOUR, 12);
        send(EXPORTER, HOUR, 13);

        assertThat(skew().state()).isEqualTo(ClockState.JUMPED);
        assertThat(skew().heldRows()).isZero();
        for (int row = 0; row < batch.size(); row++) {
            assertThat(batch.verdict(row)).isEqualTo(Verdict.COUNTED);
            assertThat(batch.endMillis(row)).isBetween(now - 10 * SECOND, now);
        }
        assertThat(batch.size()).isEqualTo(3);
    }

    @Test
    void discardsAForgedDatagramOfAnotherTimeWhateverThePolicy() {
        endpoint = TestEndpoints.with(ClockPolicy.QUARANTINE);
        learn(EXPORTER, 0);

        send(EXPORTER, 9 * HOUR, 11);
        long futureBefore = skew().rows().get(ClockAction.FUTURE);
        send(EXPORTER, 0, 12);

        assertThat(skew().rows().get(ClockAction.FUTURE) - futureBefore).isOne();
        assertThat(skew().state()).isEqualTo(ClockState.GOOD);
        assertThat(skew().heldRows()).isZero();
    }

    @Test
    void tellsOfAClockOnceAnHourAndOfTheLastChangeThen() {
        learn(EXPORTER, HOUR);
        for (int minute = 0; minute < 50; minute++) {
            learn(EXPORTER, minute % 2 == 0 ? 0 : HOUR);
        }
        learn(EXPORTER, 0);
        List<EventLog.Event> told = events.waiting(100);

        assertThat(told).hasSizeBetween(2, 3);
        assertThat(told.get(0).kind()).isEqualTo("clock-skew");
        assertThat(told.get(0).subject()).isEqualTo("exporter=10.0.0.1, endpoint=site, version=5, domain=0");
        assertThat(told.get(0).message()).contains("state=SKEWED, offsetMillis=3599", "cause=time zone");
    }

    @Test
    void tellsNothingOfAClockThatIsGood() {
        learn(EXPORTER, 0);

        assertThat(skew().state()).isEqualTo(ClockState.GOOD);
        assertThat(events.waiting(1)).isEmpty();
    }

    @Test
    void knowsABoundedNumberOfExportersAndForgetsSilentOnes() {
        ExporterClocks clocks = new ExporterClocks(kept, 3);
        for (int each = 0; each < 3; each++) {
            seen(clocks.find(exporter(each), now));
        }
        assertThat(clocks.find(exporter(3), now).isFollowed()).isFalse();

        now += 2 * HOUR;
        seen(clocks.find(exporter(1), now));

        assertThat(clocks.find(exporter(3), now).isFollowed()).isTrue();
        assertThat(kept).containsOnlyKeys(exporter(1), exporter(3));
    }

    private void seen(ExporterClock clock) {
        clock.estimate().take(now, now, FlowBatch.NO_UPTIME, 5, new ClockEstimate.Limits(5_000, 60_000));
    }

    private void learn(Exporter exporter, long offset) {
        for (int datagram = 0; datagram < 100; datagram++) {
            send(exporter, offset, 100);
        }
    }

    /** Sends a flow that ended three seconds before its export and lasted half a minute, with times of the uptime. */
    private void send(Exporter exporter, long offset, long octets) {
        begin(exporter, offset);
        add(FlowField.UPTIME_TIMES, now - BOOT - 33 * SECOND, now - BOOT - 3 * SECOND, octets);
        guard.apply(batch);
    }

    private void begin(Exporter exporter, long offset) {
        now += 2 * SECOND;
        batch.clear();
        batch.beginSpan(endpoint, exporter, now + 10, now + offset, now - BOOT);
    }

    private int add(long fields, long start, long end, long octets) {
        int row = batch.claim(fields | FlowField.OCTETS);
        batch.observedTimes(row, start, end);
        batch.octets(row, octets);
        return row;
    }

    /** A pass without datagrams. */
    private void idle() {
        batch.clear();
        guard.apply(batch);
    }

    private ClockGuard guard() {
        ClockGuardSettings settings = ClockGuardSettings.of(ClockGuardSettingsTest.config(configuration), Map.of());
        return new ClockGuard(settings, () -> Instant.ofEpochMilli(now), kept, held, events, host);
    }

    private ExporterSkew skew() {
        return skew(EXPORTER);
    }

    private ExporterSkew skew(Exporter exporter) {
        return guard.exporters().stream()
                .filter(each -> each.exporter().equals(exporter))
                .findFirst()
                .orElseThrow();
    }

    private static Exporter exporter(int last) {
        return new Exporter("site", "", 0, 0xffff_0a00_0000L + last, 5, 0);
    }
}
