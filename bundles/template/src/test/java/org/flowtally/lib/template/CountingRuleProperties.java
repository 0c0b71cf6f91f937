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

/** Exporters that count what the standard says and such as do not, over a network that loses and overtakes. */
class CountingRuleProperties {
    private static final long WRAP = 1L << 32;
    private static final int DATAGRAMS = 2000;
    private static final int REFRESH = 40;

    /** What an exporter counts. */
    enum Kind {
        V9_PACKETS(CountingRule.STANDARD),
        V9_RECORDS(CountingRule.RECORDS),
        V9_RECORDS_AFTER(CountingRule.AFTER),
        V9_WITH_TEMPLATES(CountingRule.WITH_TEMPLATES),
        V9_AFTER_WITH_TEMPLATES(CountingRule.AFTER_WITH_TEMPLATES),
        IPFIX_RECORDS(CountingRule.STANDARD),
        IPFIX_AFTER(CountingRule.AFTER),
        IPFIX_MESSAGES(CountingRule.DATAGRAMS),
        IPFIX_WITH_TEMPLATES(CountingRule.WITH_TEMPLATES);

        private final int rule;

        Kind(int rule) {
            this.rule = rule;
        }

        boolean isV9() {
            return name().startsWith("V9");
        }

        boolean countsTemplates() {
            return rule == CountingRule.WITH_TEMPLATES || rule == CountingRule.AFTER_WITH_TEMPLATES;
        }

        int counted(int records, int templates) {
            if (this == V9_PACKETS || this == IPFIX_MESSAGES) {
                return 1;
            }
            return countsTemplates() ? records + templates : records;
        }

        boolean countsItsOwn() {
            return rule == CountingRule.AFTER || rule == CountingRule.AFTER_WITH_TEMPLATES;
        }
    }

    @Property(tries = 200)
    void losesNothingWhereNothingIsLost(
            @ForAll Kind kind,
            @ForAll @LongRange(min = 0, max = WRAP - 1) long first,
            @ForAll @IntRange(min = 2, max = 40) int mostRecords,
            @ForAll Random random) {
        SequenceTracker tracker = new SequenceTracker();

        export(kind, first, mostRecords, random).forEach(sent -> sent.arriveAt(tracker));

        assertThat(tracker.rule()).isEqualTo(kind.rule);
        assertThat(tracker.lost()).isZero();
    }

    @Property(tries = 500)
    void losesWhatIsLostInTheUnitThatIsCounted(
            @ForAll Kind kind,
            @ForAll @LongRange(min = 0, max = WRAP - 1) long first,
            @ForAll @IntRange(min = 6, max = 40) int mostRecords,
            @ForAll @DoubleRange(max = 0.1) double loss,
            @ForAll Random random) {
        List<Sent> arrivals = network(export(kind, first, mostRecords, random), loss, 0, 0, random);
        SequenceTracker tracker = new SequenceTracker();

        arrivals.forEach(sent -> sent.arriveAt(tracker));

        if (!kind.countsTemplates() || loss < 0.05) { // Templates come rarely: fewer steps tell.
            assertThat(tracker.rule()).isEqualTo(kind.rule);
        }
        long templatesSent = kind.countsTemplates() ? 2 * DATAGRAMS / REFRESH : 0;
        long unsure = 8L * mostRecords; // Before the rule was known, steps with a loss may have fitted the standard.
        assertThat(tracker.lost()).isBetween(missing(arrivals) - unsure, missing(arrivals) + unsure + templatesSent);
    }

    @Property(tries = 200)
    void staysWithTheStandardUnderAnyLossAndDisorder(
            @ForAll boolean isV9,
            @ForAll @LongRange(min = 0, max = WRAP - 1) long first,
            @ForAll @IntRange(min = 1, max = 40) int mostRecords,
            @ForAll @DoubleRange(max = 0.9) double loss,
            @ForAll @IntRange(max = 3) int delay,
            @ForAll Random random) {
        Kind kind = isV9 ? Kind.V9_PACKETS : Kind.IPFIX_RECORDS;
        List<Sent> arrivals = network(export(kind, first, mostRecords, random), loss, delay, 0, random);
        SequenceTracker tracker = new SequenceTracker();

        arrivals.forEach(sent -> sent.arriveAt(tracker));

        assertThat(tracker.rule()).isEqualTo(CountingRule.STANDARD);
        assertThat(tracker.lost()).isEqualTo(missing(arrivals));
    }

    @Property(tries = 100)
    void staysWithTheStandardWhereCollectorsShareTheDatagrams(
            @ForAll @IntRange(min = 2, max = 8) int collectors,
            @ForAll boolean areAlike,
            @ForAll @DoubleRange(max = 0.05) double loss,
            @ForAll Random random) {
        List<Sent> arrivals = new ArrayList<>();
        for (int datagram = 0; datagram < DATAGRAMS; datagram += collectors) {
            int records = areAlike ? collectors : 1 + random.nextInt(2 * collectors);
            arrivals.add(new Sent(datagram, datagram, 1, records, 0, true));
        }
        arrivals.removeIf(sent -> random.nextDouble() < loss);
        SequenceTracker tracker = new SequenceTracker();

        arrivals.forEach(sent -> sent.arriveAt(tracker));

        assertThat(tracker.lost()).isEqualTo(missing(arrivals));
    }

    @Property(tries = 100)
    void followsAnExporterThatIsMendedWithoutARestart(
            @ForAll @IntRange(min = 6, max = 40) int mostRecords,
            @ForAll @DoubleRange(max = 0.1) double loss,
            @ForAll @IntRange(max = 2) int delay,
            @ForAll Random random) {
        List<Sent> wrong = export(Kind.V9_RECORDS, 0, mostRecords, random);
        List<Sent> right = export(Kind.V9_PACKETS, wrong.get(DATAGRAMS - 1).position, mostRecords, random);
        SequenceTracker tracker = new SequenceTracker();

        network(wrong, 0, 0, 0, random).forEach(sent -> sent.arriveAt(tracker));
        List<Sent> arrivals = network(right, loss, 0, delay, random);
        arrivals.forEach(sent -> sent.arriveAt(tracker));

        assertThat(tracker.rule()).isEqualTo(CountingRule.STANDARD);
        assertThat(tracker.lost())
                .isBetween(missing(arrivals) - 8L * mostRecords, missing(arrivals) + 8L * mostRecords);
    }

    private static List<Sent> export(Kind kind, long first, int mostRecords, Random random) {
        List<Sent> sent = new ArrayList<>();
        long position = first;
        for (int datagram = 0; datagram < DATAGRAMS; datagram++) {
            int records = 1 + random.nextInt(mostRecords);
            int templates = datagram % REFRESH == 0 ? 1 + random.nextInt(2) : 0;
            int counted = kind.counted(records, templates);
            long number = kind.countsItsOwn() ? position + counted : position;
            sent.add(new Sent(position, number, counted, records, templates, kind.isV9()));
            position += counted;
        }
        return sent;
    }

    /** Loses datagrams, but for the first, and delays all of them a little, those of the second half more. */
    private static List<Sent> network(List<Sent> sent, double loss, int delay, int lateDelay, Random random) {
        record Arrival(double at, Sent sent) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (int index = 0; index < sent.size(); index++) {
            if (index == 0 || random.nextDouble() >= loss) {
                boolean isLate = index > sent.size() / 2 && random.nextInt(20) == 0;
                arrivals.add(
                        new Arrival(index + random.nextDouble() * (delay + (isLate ? lateDelay : 0)), sent.get(index)));
            }
        }
        arrivals.sort(Comparator.comparingDouble(Arrival::at));
        return arrivals.stream().map(Arrival::sent).toList();
    }

    /** Units between the first arrival and the furthest that never arrived. */
    private static long missing(List<Sent> arrivals) {
        long from = arrivals.get(0).position;
        long to = arrivals.stream()
                .mapToLong(sent -> sent.position + sent.counted)
                .max()
                .orElse(from);
        long arrived = arrivals.stream()
                .filter(sent -> sent.position >= from)
                .mapToLong(Sent::counted)
                .sum();
        return to - from - arrived;
    }

    /** A datagram: its position is that of its first unit before the wrap. */
    private record Sent(long position, long number, int counted, int records, int templates, boolean isV9) {
        void arriveAt(SequenceTracker tracker) {
            tracker.follow(number % WRAP, isV9 ? 1 : records, records, templates, FlowBatch.NO_UPTIME, 0);
        }
    }
}
