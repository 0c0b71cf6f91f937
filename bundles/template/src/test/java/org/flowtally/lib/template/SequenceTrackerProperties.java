// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.flowtally.api.flow.FlowBatch;

/** An exporter, a network that loses, doubles and overtakes, and what the tracker makes of it. */
class SequenceTrackerProperties {
    private static final long WRAP = 1L << 32;
    private static final int MOST_OVERTAKEN = 12;

    @Property(tries = 300)
    void whatIsCountedAsLostWasLostOnceEverythingHasArrived(
            @ForAll @LongRange(min = 0, max = WRAP - 1) long firstSequence,
            @ForAll @LongRange(min = 0, max = WRAP - 1) long firstUptime,
            @ForAll @DoubleRange(max = 0.4) double loss,
            @ForAll @DoubleRange(max = 0.2) double doubled,
            @ForAll @IntRange(max = MOST_OVERTAKEN / 2) int delay,
            @ForAll Random random) {
        List<Sent> arrivals =
                network(exporter(firstSequence, firstUptime, 0, 400, random), loss, doubled, delay, random);
        SequenceTracker tracker = new SequenceTracker();

        arrivals.forEach(sent -> sent.arriveAt(tracker));

        assertThat(tracker.lost()).isEqualTo(missing(arrivals));
        assertThat(tracker.restarts()).isZero();
    }

    @Property(tries = 200)
    void aRestartIsNoLossEvenWhenBothRunsOvertakeEachOther(
            @ForAll @LongRange(min = 0, max = WRAP - 1) long firstSequence,
            @ForAll @LongRange(min = 120_000, max = WRAP - 10_000_000) long firstUptime,
            @ForAll @DoubleRange(max = 0.3) double loss,
            @ForAll @IntRange(max = MOST_OVERTAKEN / 2) int delay,
            @ForAll Random random) {
        List<Sent> before = exporter(firstSequence, firstUptime, 0, 150, random);
        long downMillis = before.get(before.size() - 1).exportMillis + 30_000;
        List<Sent> after = exporter(0, 5000, downMillis, 150, random);
        List<Sent> both = new ArrayList<>(before);
        both.addAll(after);
        List<Sent> arrivals = network(both, loss, 0, delay, random);
        SequenceTracker tracker = new SequenceTracker();

        arrivals.forEach(sent -> sent.arriveAt(tracker));

        assertThat(tracker.lost())
                .isEqualTo(missing(arrivals.stream().filter(before::contains).toList())
                        + missing(arrivals.stream().filter(after::contains).toList()));
        assertThat(tracker.restarts()).isEqualTo(1);
    }

    @Property(tries = 300)
    void withoutUptimeNothingThatIsLateLooksLikeARestart(
            @ForAll @LongRange(min = 0, max = WRAP - 1) long firstSequence,
            @ForAll @DoubleRange(max = 0.4) double loss,
            @ForAll @DoubleRange(max = 0.2) double doubled,
            @ForAll @IntRange(max = MOST_OVERTAKEN / 2) int delay,
            @ForAll Random random) {
        List<Sent> arrivals = network(exporter(firstSequence, 0, 0, 400, random), loss, doubled, delay, random);
        SequenceTracker tracker = new SequenceTracker();

        arrivals.forEach(sent -> sent.arriveWithoutUptimeAt(tracker));

        assertThat(tracker.lost()).isEqualTo(missing(arrivals));
        assertThat(tracker.restarts()).isZero();
    }

    @Property(tries = 200)
    void withoutUptimeARestartShowsByNumbersThatWentBack(
            @ForAll @LongRange(min = 0, max = 1 << 20) long before,
            @ForAll @LongRange(min = -1_600_000_000_000L, max = 100_000) long clockMoved,
            @ForAll Random random) {
        List<Sent> runs = new ArrayList<>(exporter(before, 0, 0, 50, random));
        long downMillis = runs.get(runs.size() - 1).exportMillis + clockMoved + (clockMoved < 0 ? -90_000 : 1_000);
        runs.addAll(exporter(0, 0, downMillis - 1_700_000_000_000L, 50, random));
        SequenceTracker tracker = new SequenceTracker();

        runs.forEach(sent -> sent.arriveWithoutUptimeAt(tracker));

        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.duplicates()).isZero();
        assertThat(tracker.lost()).isZero();
    }

    @Property(tries = 300)
    void neverCountsLessThanNothing(@ForAll Random random) {
        SequenceTracker tracker = new SequenceTracker();

        for (int turn = 0; turn < 500; turn++) {
            boolean wild = random.nextInt(10) == 0;
            long sequence = wild ? random.nextLong() & (WRAP - 1) : random.nextInt(3000);
            follow(tracker, sequence, random.nextInt(60), random.nextLong() & (WRAP - 1), random.nextLong());
            assertThat(tracker.lost()).isNotNegative();
        }
    }

    private static List<Sent> exporter(
            long firstSequence, long firstUptime, long startMillis, int datagrams, Random random) {
        List<Sent> sent = new ArrayList<>();
        long position = firstSequence;
        long elapsedMillis = 0;
        for (int datagram = 0; datagram < datagrams; datagram++) {
            int units = 1 + random.nextInt(30);
            elapsedMillis += random.nextInt(2000);
            sent.add(new Sent(
                    position,
                    units,
                    (firstUptime + elapsedMillis) % WRAP,
                    1_700_000_000_000L + startMillis + elapsedMillis));
            position += units;
        }
        return sent;
    }

    private static List<Sent> network(List<Sent> sent, double loss, double doubled, int delay, Random random) {
        record Arrival(double at, Sent sent) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (int index = 0; index < sent.size(); index++) {
            if (random.nextDouble() >= loss) {
                arrivals.add(new Arrival(index + random.nextDouble() * delay, sent.get(index)));
            }
            if (random.nextDouble() < doubled) {
                arrivals.add(new Arrival(index + random.nextDouble() * delay, sent.get(index)));
            }
        }
        arrivals.sort(Comparator.comparingDouble(Arrival::at));
        return arrivals.stream().map(Arrival::sent).toList();
    }

    /** Units between the first arrival and the furthest that never arrived: what no receiver could know is left out. */
    private static long missing(List<Sent> arrivals) {
        if (arrivals.isEmpty()) {
            return 0;
        }
        long from = arrivals.get(0).position;
        long to = arrivals.stream()
                .mapToLong(sent -> sent.position + sent.units)
                .max()
                .orElse(from);
        long arrived = arrivals.stream()
                .filter(sent -> sent.position >= from)
                .distinct()
                .mapToLong(Sent::units)
                .sum();
        return to - from - arrived;
    }

    /** A datagram: its position is its sequence number before the wrap. */
    private record Sent(long position, int units, long uptimeMillis, long exportMillis) {
        void arriveAt(SequenceTracker tracker) {
            follow(tracker, position % WRAP, units, uptimeMillis, exportMillis);
        }

        void arriveWithoutUptimeAt(SequenceTracker tracker) {
            follow(tracker, position % WRAP, units, FlowBatch.NO_UPTIME, exportMillis / 1000 * 1000);
        }
    }

    private static boolean follow(
            SequenceTracker followed, long number, int records, long uptimeMillis, long exportMillis) {
        return followed.follow(number, records, records, 0, uptimeMillis, exportMillis);
    }
}
