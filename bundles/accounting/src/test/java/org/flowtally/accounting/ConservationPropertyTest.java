// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.accounting.TestPages.add;
import static org.flowtally.accounting.TestPages.unsigned;
import static org.flowtally.accounting.TestRows.HOUR;
import static org.flowtally.accounting.TestRows.TEN;

import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.VerdictTotal;
import org.flowtally.lib.report.CounterArray;

/** Random rows against an oracle that knows nothing of tables, parts and longs. */
class ConservationPropertyTest {
    private static final int SUBSCRIBERS = 12;

    @Property(tries = 200)
    void creditsExactlyWhatAnExactOracleCredits(@ForAll Random random) {
        Trial trial = new Trial(random);

        long rows = trial.run();

        trial.assertUsage();
        trial.assertVerdicts(rows);
        trial.assertExporterTotals(rows);
    }

    private static final class Trial {
        private final Random random;
        private final TestSubscribers subscribers = new TestSubscribers(SUBSCRIBERS);
        private final TestPages pages = new TestPages();
        private TestClasses classes = new TestClasses(Map.of());
        private final Map<String, CounterArray> counters = new HashMap<>();
        private final UsageAccounting accounting = new UsageAccounting(
                AccountingSettingsTest.DEFAULTS,
                InstantSource.fixed(Instant.ofEpochMilli(TEN)),
                pages,
                (name, size) -> counters.computeIfAbsent(name, absent -> new CounterArray(size)));

        private final Map<String, List<BigInteger>> expectedUsage = new HashMap<>();
        private final Map<String, List<BigInteger>> expectedUnmatched = new HashMap<>();
        private final Map<Verdict, Long> expectedVerdicts = new EnumMap<>(Verdict.class);
        private final Map<Verdict, BigInteger> expectedOctets = new EnumMap<>(Verdict.class);
        private FlowBatch held = new FlowBatch(1024);

        Trial(Random random) {
            this.random = random;
        }

        /** Books random rows and flushes now and then; returns how many rows. */
        long run() {
            int timelines = 1 + random.nextInt(6);
            for (int timeline = 0; timeline < timelines; timeline++) {
                subscribers.timeline(randomHolders());
            }
            long rows = 0;
            for (int round = 0; round < 5; round++) {
                FlowBatch batch = TestRows.batch(subscribers);
                FlowBatch returning = held;
                held = new FlowBatch(1024);
                held.beginSpan(batch, 0);
                if (returning.size() == 0 && random.nextInt(3) > 0) {
                    classes = new TestClasses(Map.of(), Map.of(0L, "cdn"), randomClasses(), randomClasses());
                }
                batch.trafficClasses(classes);
                for (int row = round == 4 ? 0 : random.nextInt(300); row > 0; row--) {
                    addRandomRow(batch, timelines);
                    rows++;
                }
                if (returning.size() > 0) {
                    batch.beginSpan(returning, 0);
                    batch.returnSpan();
                    for (int row = 0; row < returning.size(); row++) {
                        batch.append(returning, row);
                    }
                }
                accounting.apply(batch);
                assertThat(accounting.status().verdicts().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(rows);
                assertThat(accounting.status().verdicts().get(Verdict.QUARANTINED))
                        .isEqualTo(held.size());
                pages.isFull = random.nextInt(3) == 0;
                accounting.flush();
            }
            pages.isFull = false;
            accounting.close();
            return rows;
        }

        void assertUsage() {
            assertThat(withoutZeros(pages.usage())).isEqualTo(withoutZeros(expectedUsage));
            assertThat(withoutZeros(pages.unmatched())).isEqualTo(withoutZeros(expectedUnmatched));
        }

        void assertVerdicts(long rows) {
            long sum = 0;
            for (Map.Entry<Verdict, Long> count : accounting.status().verdicts().entrySet()) {
                assertThat(count.getValue())
                        .as(count.getKey().name())
                        .isEqualTo(expectedVerdicts.getOrDefault(count.getKey(), 0L));
                assertThat(unsigned(accounting.status().octets().get(count.getKey())))
                        .as(count.getKey().name())
                        .isEqualTo(expectedOctets.getOrDefault(count.getKey(), BigInteger.ZERO));
                sum += count.getValue();
            }
            assertThat(sum).isEqualTo(rows);
        }

        void assertExporterTotals(long rows) {
            long rowsOfExporters = 0;
            Map<String, Long> rowsByVerdict = new TreeMap<>();
            Map<String, BigInteger> octetsByVerdict = new TreeMap<>();
            for (UsagePage page : pages.pages) {
                for (ExporterTotal total : page.exporters()) {
                    rowsOfExporters += total.rows();
                    assertThat(total.octets())
                            .isEqualTo(total.octetsCounted() + total.octetsDiscarded() + total.octetsUnmatched());
                    long rowsOfVerdicts = 0;
                    long octetsOfVerdicts = 0;
                    for (VerdictTotal verdict : total.verdicts()) {
                        rowsOfVerdicts += verdict.rows();
                        octetsOfVerdicts += verdict.octets();
                        rowsByVerdict.merge(verdict.verdict(), verdict.rows(), Long::sum);
                        octetsByVerdict.merge(verdict.verdict(), unsigned(verdict.octets()), BigInteger::add);
                    }
                    assertThat(rowsOfVerdicts).isEqualTo(total.rows());
                    assertThat(octetsOfVerdicts).isEqualTo(total.octets());
                }
            }
            assertThat(rowsOfExporters).isEqualTo(rows);
            expectedVerdicts.forEach((verdict, count) ->
                    assertThat(rowsByVerdict.getOrDefault(verdict.name(), 0L)).isEqualTo(count));
            expectedOctets.forEach(
                    (verdict, octets) -> assertThat(octetsByVerdict.getOrDefault(verdict.name(), BigInteger.ZERO))
                            .isEqualTo(octets));
        }

        private void addRandomRow(FlowBatch batch, int timelines) {
            long start = TEN - 3 * HOUR + random.nextInt((int) (4 * HOUR));
            long end = random.nextInt(4) == 0 ? start : start + random.nextInt((int) (random.nextInt(5) * HOUR) + 1000);
            long octets = random.nextLong() >>> (20 + random.nextInt(44));
            long packets = random.nextInt(1000);
            int source = randomColumn(timelines);
            int destination = randomColumn(timelines);
            int row = TestRows.add(batch, source, destination, start, end, octets, packets);
            int sourceClass = random.nextInt(classes.profiles());
            int destinationClass = random.nextInt(classes.profiles());
            batch.trafficClasses(row, sourceClass, destinationClass);
            int rate = 1;
            if (random.nextInt(3) == 0) {
                rate = 1 + random.nextInt(100);
                batch.samplingRate(row, rate);
            }
            BigInteger wholeOctets = BigInteger.valueOf(octets).multiply(BigInteger.valueOf(rate));
            BigInteger wholePackets = BigInteger.valueOf(packets).multiply(BigInteger.valueOf(rate));
            Verdict verdict = Verdict.IN_FUTURE;
            if (random.nextInt(10) == 0) {
                batch.judge(row, verdict);
            } else {
                boolean isOut = credit(source, destinationClass, 1, true, true, start, end, wholeOctets, wholePackets);
                boolean isSelf = holder(source, start) == holder(destination, start)
                        && holder(source, start) != Subscribers.UNMATCHED_HOME;
                boolean isIn =
                        credit(destination, sourceClass, 2, false, !isSelf, start, end, wholeOctets, wholePackets);
                verdict = isOut || isIn ? Verdict.COUNTED : Verdict.NO_SUBSCRIBER;
            }
            if (verdict != Verdict.IN_FUTURE && random.nextInt(8) == 0) {
                held.append(batch, row); // It returns in the next round, and is booked then.
                batch.judge(row, Verdict.QUARANTINED);
            }
            expectedVerdicts.merge(verdict, 1L, Long::sum);
            expectedOctets.merge(verdict, wholeOctets, BigInteger::add);
        }

        /** Credits one side cut by cut; returns whether a subscriber got a part that moved something or began the flow. */
        private boolean credit(
                int column,
                int profile,
                int address,
                boolean isOut,
                boolean countsFlow,
                long start,
                long end,
                BigInteger octets,
                BigInteger packets) {
            TreeSet<Long> cuts = new TreeSet<>();
            cuts.add(end);
            for (long border = (start / HOUR + 1) * HOUR; border < end; border += HOUR) {
                cuts.add(border);
            }
            if (column <= Subscribers.FIRST_TIMELINE) {
                for (long at = subscribers.handoverAfter(column, start);
                        at < end;
                        at = subscribers.handoverAfter(column, at)) {
                    cuts.add(at);
                }
            }
            for (long at = classes.borderAfter(profile, start); at < end; at = classes.borderAfter(profile, at)) {
                cuts.add(at);
            }
            boolean isHeld = false;
            long from = start;
            for (long to : cuts) {
                BigInteger partOctets = floor(octets, start, end, to).subtract(floor(octets, start, end, from));
                BigInteger partPackets = floor(packets, start, end, to).subtract(floor(packets, start, end, from));
                if (from == start && to == end) {
                    partOctets = octets;
                    partPackets = packets;
                }
                long flows = from == start && countsFlow ? 1 : 0;
                int holder = holder(column, from);
                long bucketStart = from / HOUR * HOUR;
                boolean isSomething = from == start || partOctets.signum() + partPackets.signum() > 0;
                long o = partOctets.longValue();
                long p = partPackets.longValue();
                if (holder >= 0) {
                    isHeld |= isSomething;
                    String name = classes.nameAt(profile, from);
                    String key = "account-" + holder + (name.isEmpty() ? "" : "(" + name + ")") + "@" + bucketStart;
                    add(expectedUsage, key, isOut ? 0 : o, isOut ? o : 0, isOut ? 0 : p, isOut ? p : 0, flows);
                } else if (holder == Subscribers.UNMATCHED_HOME) {
                    String key = "/" + TestRows.address(address) + "@" + bucketStart;
                    add(expectedUnmatched, key, isOut ? 0 : o, isOut ? o : 0, isOut ? 0 : p, isOut ? p : 0, flows);
                }
                from = to;
            }
            return isHeld;
        }

        private static BigInteger floor(BigInteger whole, long start, long end, long at) {
            return start == end
                    ? BigInteger.ZERO
                    : whole.multiply(BigInteger.valueOf(at - start)).divide(BigInteger.valueOf(end - start));
        }

        private int holder(int column, long at) {
            return column <= Subscribers.FIRST_TIMELINE ? subscribers.holderAt(column, at) : column;
        }

        private int randomColumn(int timelines) {
            return random.nextInt(SUBSCRIBERS + 2 + timelines) - 2 - timelines;
        }

        private Map<Long, String> randomClasses() {
            Map<Long, String> names = new TreeMap<>();
            names.put(0L, "class-" + random.nextInt(5));
            for (int border = random.nextInt(6); border > 0; border--) {
                String name = random.nextInt(3) == 0 ? "" : "class-" + random.nextInt(5);
                names.put(TEN - 3 * HOUR + random.nextInt((int) (6 * HOUR)), name);
            }
            return names;
        }

        private Map<Long, Integer> randomHolders() {
            Map<Long, Integer> holders = new TreeMap<>();
            holders.put(0L, random.nextInt(SUBSCRIBERS + 2) - 2);
            for (int handover = random.nextInt(5); handover > 0; handover--) {
                holders.put(TEN - 3 * HOUR + random.nextInt((int) (6 * HOUR)), random.nextInt(SUBSCRIBERS + 2) - 2);
            }
            return holders;
        }

        private static Map<String, List<BigInteger>> withoutZeros(Map<String, List<BigInteger>> sums) {
            Map<String, List<BigInteger>> kept = new HashMap<>(sums);
            kept.values().removeIf(values -> values.stream().allMatch(value -> value.signum() == 0));
            return kept;
        }
    }
}
