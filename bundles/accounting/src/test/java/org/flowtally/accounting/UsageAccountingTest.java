// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.flowtally.accounting.TestPages.counters;
import static org.flowtally.accounting.TestRows.HOUR;
import static org.flowtally.accounting.TestRows.TEN;
import static org.flowtally.accounting.TestRows.add;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.api.usage.VerdictTotal;
import org.flowtally.lib.report.CounterArray;
import org.junit.jupiter.api.Test;

class UsageAccountingTest {
    private static final int NOBODY = Subscribers.NO_SUBSCRIBER;
    private static final int HOME = Subscribers.UNMATCHED_HOME;

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(TEN + 1000));
    private final Map<String, CounterArray> counters = new HashMap<>();
    private final TestPages pages = new TestPages();
    private final TestSubscribers subscribers = new TestSubscribers(2000);
    private final FlowBatch batch = TestRows.batch(subscribers);
    private UsageAccounting accounting = accounting(AccountingSettingsTest.DEFAULTS);

    @Test
    void creditsTheSenderWithOutAndTheReceiverWithIn() {
        add(batch, 1, 2, TEN, TEN + 10, 1500, 3);

        applyAndFlush();

        assertThat(pages.usage())
                .containsOnly(
                        Map.entry("account-1@" + TEN, counters(0, 1500, 0, 3, 1)),
                        Map.entry("account-2@" + TEN, counters(1500, 0, 3, 0, 1)));
        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void countsTheFlowOnceOfASubscriberWhoTalksToHimself() {
        add(batch, 1, 1, TEN, TEN + 10, 1500, 3);

        applyAndFlush();

        assertThat(pages.usage()).containsOnly(Map.entry("account-1@" + TEN, counters(1500, 1500, 3, 3, 1)));
    }

    @Test
    void countsARowAsManyFlowsAsItsExporterPutTogether() {
        for (int row : new int[] {
            add(batch, 1, NOBODY, TEN, TEN + 10, 100, 1),
            add(batch, 2, 3, TEN, TEN + 10, 100, 1),
            add(batch, 4, NOBODY, TEN + HOUR - 10, TEN + HOUR + 10, 100, 2)
        }) {
            batch.add(row, FlowField.FLOWS);
            batch.flowCount(row, 12);
        }

        applyAndFlush();

        assertThat(pages.usage())
                .containsOnly(
                        Map.entry("account-1@" + TEN, counters(0, 100, 0, 1, 12)),
                        Map.entry("account-2@" + TEN, counters(0, 100, 0, 1, 12)),
                        Map.entry("account-3@" + TEN, counters(100, 0, 1, 0, 12)),
                        Map.entry("account-4@" + TEN, counters(0, 50, 0, 1, 12)),
                        Map.entry("account-4@" + (TEN + HOUR), counters(0, 50, 0, 1, 0)));
    }

    @Test
    void putsUsageIntoTheClassOfTheFarEnd() {
        batch.trafficClasses(new TestClasses(Map.of(), Map.of(0L, "cdn"), Map.of(0L, "voice")));
        batch.trafficClasses(add(batch, 1, NOBODY, TEN, TEN + 10, 1500, 3), 2, 1);
        batch.trafficClasses(add(batch, NOBODY, 1, TEN, TEN + 10, 200, 1), 1, 2);
        batch.trafficClasses(add(batch, 1, 2, TEN, TEN + 10, 30, 1), 1, 2);
        batch.trafficClasses(add(batch, 3, 3, TEN, TEN + 10, 4, 1), 1, 2);

        applyAndFlush();

        assertThat(pages.usage())
                .containsOnly(
                        Map.entry("account-1(cdn)@" + TEN, counters(200, 1500, 1, 3, 2)),
                        Map.entry("account-1(voice)@" + TEN, counters(0, 30, 0, 1, 1)),
                        Map.entry("account-2(cdn)@" + TEN, counters(30, 0, 1, 0, 1)),
                        Map.entry("account-3(voice)@" + TEN, counters(0, 4, 0, 1, 1)),
                        Map.entry("account-3(cdn)@" + TEN, counters(4, 0, 1, 0, 0)));
    }

    @Test
    void splitsAFlowAtTheBorderOfATimeOfDayClass() {
        TestClasses night = new TestClasses(Map.of(0L, "", TEN + 250, "night"));
        batch.trafficClasses(night);
        add(batch, 1, NOBODY, TEN, TEN + 1000, 999, 3);
        add(batch, 1, NOBODY, TEN + 250, TEN + 260, 10, 1);
        add(batch, 1, NOBODY, TEN + 100, TEN + 250, 7, 1);

        applyAndFlush();

        assertThat(pages.usage())
                .containsOnly(
                        Map.entry("account-1@" + TEN, counters(0, 256, 0, 1, 2)),
                        Map.entry("account-1(night)@" + TEN, counters(0, 760, 0, 4, 1)));
    }

    @Test
    void numbersClassesAnewWhenThereWereMoreThanKeysHaveRoomFor() {
        for (int change = 0; change < 600; change++) {
            TestRows.begin(batch, subscribers, TEN);
            batch.trafficClasses(new TestClasses(Map.of(0L, "class-" + change)));
            add(batch, 1, NOBODY, TEN, TEN + 10, 1 + change, 1);
            accounting.apply(batch);
        }
        accounting.flush();

        assertThat(pages.usage()).hasSize(600);
        assertThat(pages.usage().get("account-1(class-0)@" + TEN)).isEqualTo(counters(0, 1, 0, 1, 1));
        assertThat(pages.usage().get("account-1(class-599)@" + TEN)).isEqualTo(counters(0, 600, 0, 1, 1));
    }

    @Test
    void keepsUnmatchedUsageUnderTheAddressThatWasLookedUp() {
        batch.matchAddress(0, MatchAddress.POST_NAT);
        int row = add(batch, HOME, NOBODY, TEN, TEN + 10, 1500, 3);
        batch.add(row, FlowField.NAT_ADDRESSES);
        batch.natSource(row, 0, TestRows.address(9));
        batch.natDestination(row, 0, 0);
        batch.translatedSides(row, true, false);

        applyAndFlush();

        assertThat(pages.unmatched())
                .containsOnly(Map.entry("/" + TestRows.address(9) + "@" + TEN, counters(0, 1500, 0, 3, 1)));
    }

    @Test
    void judgesRowsOfStrangersAndCountsTheirOctets() {
        add(batch, NOBODY, NOBODY, TEN, TEN + 10, 1500, 3);

        applyAndFlush();

        assertThat(batch.verdict(0)).isEqualTo(Verdict.NO_SUBSCRIBER);
        assertThat(pages.usage()).isEmpty();
        assertThat(pages.unmatched()).isEmpty();
        assertThat(exporterTotal().octetsUnmatched()).isEqualTo(1500);
        assertThat(accounting.status().octets()).containsEntry(Verdict.NO_SUBSCRIBER, 1500L);
    }

    @Test
    void countsRowsThatAreHeldBackAsHeldUntilTheyReturn() {
        int row = add(batch, 1, NOBODY, TEN, TEN + 10, 1500, 3);
        batch.samplingRate(row, 10);
        FlowBatch held = new FlowBatch(1);
        held.beginSpan(batch, 0);
        held.append(batch, row);
        batch.judge(row, Verdict.QUARANTINED);
        add(batch, 1, NOBODY, TEN, TEN + 10, 7, 1);

        applyAndFlush();

        assertThat(accounting.status().verdicts())
                .containsEntry(Verdict.QUARANTINED, 1L)
                .containsEntry(Verdict.COUNTED, 1L);
        assertThat(accounting.status().octets()).containsEntry(Verdict.QUARANTINED, 15_000L);
        assertThat(exporterTotal().rows()).isOne();
        assertThat(exporterTotal().octets()).isEqualTo(7);

        batch.clear();
        batch.subscribers(subscribers);
        batch.beginSpan(held, 0);
        batch.returnSpan();
        batch.append(held, 0);
        batch.judge(0, Verdict.IN_FUTURE);
        applyAndFlush();

        assertThat(accounting.status().verdicts())
                .containsEntry(Verdict.QUARANTINED, 0L)
                .containsEntry(Verdict.COUNTED, 1L)
                .containsEntry(Verdict.IN_FUTURE, 1L);
        assertThat(accounting.status().octets())
                .containsEntry(Verdict.QUARANTINED, 0L)
                .containsEntry(Verdict.IN_FUTURE, 15_000L);
    }

    @Test
    void keepsWhatHomeAddressesMovedThatNobodyHeld() {
        add(batch, HOME, NOBODY, TEN, TEN + 10, 1500, 3);
        add(batch, 7, HOME, TEN, TEN + 10, 200, 1);
        add(batch, HOME, HOME, TEN, TEN + 10, 30, 1);

        applyAndFlush();

        assertThat(verdicts()).containsExactly(Verdict.NO_SUBSCRIBER, Verdict.COUNTED, Verdict.NO_SUBSCRIBER);
        assertThat(pages.unmatched())
                .containsOnly(
                        Map.entry("/" + TestRows.address(1) + "@" + TEN, counters(0, 1530, 0, 4, 2)),
                        Map.entry("/" + TestRows.address(2) + "@" + TEN, counters(230, 0, 2, 0, 2)));
        assertThat(pages.usage()).containsOnly(Map.entry("account-7@" + TEN, counters(0, 200, 0, 1, 1)));
    }

    @Test
    void scalesBySamplingAndSaysSo() {
        int row = add(batch, 1, NOBODY, TEN, TEN + 10, 1500, 3);
        batch.samplingRate(row, 1000);

        applyAndFlush();

        assertThat(pages.usage()).containsOnly(Map.entry("account-1@" + TEN, counters(0, 1_500_000, 0, 3000, 1)));
        assertThat(onlyUsage().quality()).isEqualTo(Quality.SCALED);
    }

    @Test
    void addsTheBitsOfQualityUpWithoutTouchingTheFlows() {
        batch.addQuality(add(batch, 1, NOBODY, TEN, TEN + 10, 1500, 3), Quality.CLOCK_OFF | Quality.TIMES_MENDED);
        batch.addQuality(add(batch, 1, NOBODY, TEN, TEN + 10, 1500, 3), Quality.CLOCK_OFF);

        applyAndFlush();

        assertThat(pages.usage()).containsOnly(Map.entry("account-1@" + TEN, counters(0, 3000, 0, 6, 2)));
        assertThat(onlyUsage().quality()).isEqualTo(Quality.CLOCK_OFF | Quality.TIMES_MENDED);
    }

    @Test
    void takesCountersUpToUnsigned64BitsAndJudgesThoseBeyond() {
        batch.samplingRate(add(batch, 1, NOBODY, TEN, TEN, Long.divideUnsigned(-1L, 5), 1), 5);
        batch.samplingRate(add(batch, 2, NOBODY, TEN, TEN, Long.divideUnsigned(-1L, 5) + 1, 1), 5);
        batch.samplingRate(add(batch, 3, NOBODY, TEN, TEN, 1, -1L), 2);
        add(batch, 1, NOBODY, TEN, TEN, 1, 1);
        add(batch, 1, HOME, TEN - 1, TEN + 1, 2, 2);

        applyAndFlush();

        assertThat(verdicts())
                .containsExactly(
                        Verdict.COUNTED,
                        Verdict.IMPLAUSIBLE,
                        Verdict.IMPLAUSIBLE,
                        Verdict.IMPLAUSIBLE,
                        Verdict.IMPLAUSIBLE);
        assertThat(pages.usage()).containsOnly(Map.entry("account-1@" + TEN, counters(0, -1L, 0, 5, 1)));
        assertThat(pages.unmatched()).isEmpty();
        assertThat(accounting.status().octets()).containsEntry(Verdict.IMPLAUSIBLE, 3L);
    }

    @Test
    void judgesTimesThatNoCalendarHas() {
        add(batch, 1, NOBODY, Long.MIN_VALUE, Long.MIN_VALUE + 1, 10, 1);
        add(batch, 1, NOBODY, -5, 20, 10, 1);
        add(batch, 1, NOBODY, Long.MAX_VALUE - 1, Long.MAX_VALUE, 10, 1);

        applyAndFlush();

        assertThat(verdicts()).containsOnly(Verdict.IMPLAUSIBLE);
        assertThat(pages.usage()).isEmpty();
    }

    @Test
    void spreadsAFlowThatLastsTooLongOverTheTimeBeforeItsEnd() {
        add(batch, 1, NOBODY, 0, TEN, 168, 168);

        applyAndFlush();

        assertThat(pages.usage())
                .hasSize(168)
                .containsEntry("account-1@" + (TEN - HOUR), counters(0, 1, 0, 1, 0))
                .containsEntry("account-1@" + (TEN - 168 * HOUR), counters(0, 1, 0, 1, 1));
    }

    @Test
    void leavesEarlierVerdictsAndCountsThem() {
        batch.judge(add(batch, 1, 2, TEN, TEN, 40, 1), Verdict.IN_FUTURE);
        batch.judge(add(batch, 1, 2, TEN, TEN, 2, 1), Verdict.OUTSIDE_WHITELIST);
        add(batch, 1, 2, TEN, TEN, 100, 1);

        applyAndFlush();

        assertThat(accounting.status().verdicts())
                .containsEntry(Verdict.IN_FUTURE, 1L)
                .containsEntry(Verdict.OUTSIDE_WHITELIST, 1L)
                .containsEntry(Verdict.COUNTED, 1L);
        ExporterTotal exporter = exporterTotal();
        assertThat(exporter.rows()).isEqualTo(3);
        assertThat(exporter.octets()).isEqualTo(142);
        assertThat(exporter.octetsCounted()).isEqualTo(100);
        assertThat(exporter.octetsDiscarded()).isEqualTo(42);
        assertThat(exporter.verdicts())
                .containsExactly(
                        new VerdictTotal("COUNTED", 1, 100),
                        new VerdictTotal("IN_FUTURE", 1, 40),
                        new VerdictTotal("OUTSIDE_WHITELIST", 1, 2));
    }

    @Test
    void goesOnCountingWhereTheLedgerBeforeStopped() {
        add(batch, 1, 2, TEN, TEN, 100, 1);
        applyAndFlush();
        accounting.close();

        accounting = accounting(AccountingSettingsTest.DEFAULTS);

        assertThat(accounting.status().verdicts()).containsEntry(Verdict.COUNTED, 1L);
        assertThat(accounting.status().pagesWritten()).isZero();
    }

    @Test
    void writesNoPageWhenNothingHappened() {
        accounting.flush();

        assertThat(pages.pages).isEmpty();
    }

    @Test
    void numbersThePagesOfARunFromOne() {
        for (int page = 0; page < 2; page++) {
            add(batch, 1, 2, TEN, TEN, 100, 1);
            applyAndFlush();
            TestRows.begin(batch, subscribers, TEN);
        }

        assertThat(pages.pages).extracting(page -> page.id().sequence()).containsExactly(1L, 2L);
        assertThat(pages.pages)
                .extracting(page -> page.id().runId())
                .containsOnly(accounting.status().runId());
        assertThat(accounting.status().runId() >>> 20).isEqualTo(clock.millis());
        assertThat(pages.pages.get(0).id().collectorId()).isEqualTo("collector-1");
    }

    @Test
    void keepsWhatCouldNotBeWrittenAndWritesItUnderTheSameNumber() {
        pages.isFull = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            add(batch, 1, 2, TEN, TEN, 100, 1);
            add(batch, 3 + attempt, NOBODY, TEN, TEN, 5, 1);
            applyAndFlush();
            TestRows.begin(batch, subscribers, TEN);
        }
        assertThat(accounting.status().lastFailure()).contains("no space left");
        assertThat(accounting.status().entries()).isEqualTo(5);

        pages.isFull = false;
        accounting.flush();

        assertThat(pages.pages)
                .singleElement()
                .satisfies(page -> assertThat(page.id().sequence()).isOne());
        assertThat(pages.usage())
                .hasSize(5)
                .containsEntry("account-1@" + TEN, counters(0, 300, 0, 3, 3))
                .containsEntry("account-4@" + TEN, counters(0, 5, 0, 1, 1));
        assertThat(exporterTotal().rows()).isEqualTo(6);
        assertThat(accounting.status().lastFailure()).isEmpty();
        assertThat(accounting.status().entries()).isZero();
    }

    @Test
    void sealsWhenTheRegistryOfSubscribersIsAnother() {
        TestSubscribers others = new TestSubscribers(5);
        pages.isFull = true;
        add(batch, 1, NOBODY, TEN, TEN, 100, 1);
        applyAndFlush();
        TestRows.begin(batch, others, TEN);
        add(batch, 1, NOBODY, TEN, TEN, 30, 1);
        applyAndFlush();
        assertThat(accounting.status().entries()).isEqualTo(2);

        pages.isFull = false;
        accounting.flush();

        assertThat(pages.pages).hasSize(2);
        assertThat(pages.usage()).containsEntry("account-1@" + TEN, counters(0, 130, 0, 2, 2));
        assertThat(accounting.status().entries()).isZero();
    }

    @Test
    void refusesNewEntriesWhenFullAndGoesOnWithKnownOnes() {
        accounting = accounting(new AccountingSettings("small", HOUR, 168 * HOUR, 1000, 1 << 20));
        for (int subscriber = 0; subscriber < 1000; subscriber++) {
            add(batch, subscriber, NOBODY, TEN, TEN, 1, 1);
        }
        add(batch, 999, 1000, TEN, TEN, 7, 1);
        add(batch, 999, NOBODY, TEN, TEN, 2, 1);

        applyAndFlush();

        assertThat(batch.verdict(1000)).isEqualTo(Verdict.LEDGER_FULL);
        assertThat(batch.verdict(1001)).isEqualTo(Verdict.COUNTED);
        assertThat(pages.usage()).hasSize(1000).containsEntry("account-999@" + TEN, counters(0, 3, 0, 2, 2));
    }

    @Test
    void putsAddressesBeyondTheBoundTogether() {
        accounting = accounting(new AccountingSettings("small", HOUR, 168 * HOUR, 1000, 1 << 20));
        for (int address = 0; address < 1010; address++) {
            int row = add(batch, HOME, NOBODY, TEN, TEN, 1, 1);
            batch.addresses(row, 0, 1000 + address, 0, 1);
        }

        applyAndFlush();

        assertThat(verdicts()).containsOnly(Verdict.NO_SUBSCRIBER);
        assertThat(pages.unmatched()).hasSize(1001).containsEntry("/0@" + TEN, counters(0, 10, 0, 10, 10));
    }

    @Test
    void sortsAPageByBucketAccountAndService() {
        for (int subscriber : new int[] {30, 7, 200, 31, 1}) {
            add(batch, subscriber, NOBODY, TEN, TEN, 1, 1);
            add(batch, NOBODY, subscriber, TEN - 5, TEN - 1, 1, 1);
        }

        applyAndFlush();

        List<String> order = new ArrayList<>();
        for (UsageTotal total : pages.pages.get(0).usage()) {
            order.add((total.bucketStartMillis() - TEN) / HOUR + " " + total.accountId());
        }
        assertThat(order)
                .containsExactly(
                        "-1 account-1",
                        "-1 account-200",
                        "-1 account-30",
                        "-1 account-31",
                        "-1 account-7",
                        "0 account-1",
                        "0 account-200",
                        "0 account-30",
                        "0 account-31",
                        "0 account-7");
    }

    @Test
    void tellsOfExportersWhatHappenedSinceTheLastPage() {
        Directory directory = new Directory();
        accounting.follow(directory);
        directory.status(10, 300, 1, 4);
        accounting.flush();
        directory.status(12, 360, 1, 3);
        accounting.flush();
        directory.status(13, 390, 2, 6);
        accounting.forget(directory);
        accounting.flush();

        assertThat(pages.pages)
                .flatExtracting(UsagePage::exporters)
                .extracting(ExporterTotal::datagrams, ExporterTotal::damaged, ExporterTotal::lost)
                .containsExactly(tuple(10L, 1L, 4L), tuple(2L, 0L, 0L), tuple(1L, 1L, 2L));
    }

    @Test
    void tellsEverythingOfExportersOnceAcrossASwap() {
        Directory directory = new Directory();
        accounting.follow(directory);
        directory.status(10, 300, 1, 4);
        accounting.close();
        directory.status(15, 450, 1, 4);
        accounting.forget(directory);

        accounting = accounting(AccountingSettingsTest.DEFAULTS);
        accounting.follow(directory);
        accounting.flush();

        assertThat(pages.pages)
                .flatExtracting(UsagePage::exporters)
                .extracting(ExporterTotal::datagrams)
                .containsExactly(10L, 5L);
    }

    @Test
    void takesANewBucketLengthFromTheNextPageOn() {
        add(batch, 1, NOBODY, TEN + HOUR / 2, TEN + HOUR / 2, 100, 1);
        accounting.apply(batch);
        accounting.modified(AccountingSettingsTest.config(Map.of("bucket_seconds", 1800)), Map.of());
        accounting.apply(batch);
        accounting.flush();

        assertThat(pages.usage())
                .containsOnly(
                        Map.entry("account-1@" + TEN, counters(0, 100, 0, 1, 1)),
                        Map.entry("account-1@" + (TEN + HOUR / 2), counters(0, 100, 0, 1, 1)));
    }

    @Test
    void staysWithItsConfigurationWhenTheNewOneIsWrong() {
        accounting.modified(AccountingSettingsTest.config(Map.of("bucket_seconds", 1801)), Map.of());
        add(batch, 1, NOBODY, TEN + HOUR / 2, TEN + HOUR / 2, 100, 1);

        applyAndFlush();

        assertThat(onlyUsage().bucketStartMillis()).isEqualTo(TEN);
    }

    private UsageAccounting accounting(AccountingSettings settings) {
        return new UsageAccounting(
                settings,
                clock,
                pages,
                (name, size) -> counters.computeIfAbsent(name, absent -> new CounterArray(size)));
    }

    private void applyAndFlush() {
        accounting.apply(batch);
        accounting.flush();
    }

    private List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            verdicts.add(batch.verdict(row));
        }
        return verdicts;
    }

    private ExporterTotal exporterTotal() {
        assertThat(pages.pages).hasSize(1);
        assertThat(pages.pages.get(0).exporters()).hasSize(1);
        return pages.pages.get(0).exporters().get(0);
    }

    private UsageTotal onlyUsage() {
        assertThat(pages.pages).hasSize(1);
        assertThat(pages.pages.get(0).usage()).hasSize(1);
        return pages.pages.get(0).usage().get(0);
    }

    private static final class Directory implements ExporterDirectory {
        private ExporterStatus status;

        void status(long datagrams, long rows, long damaged, long lost) {
            status = new ExporterStatus(
                    TestRows.EXPORTER,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    datagrams,
                    rows,
                    damaged,
                    lost,
                    0,
                    0,
                    0,
                    1,
                    "header");
        }

        @Override
        public List<ExporterStatus> exporters() {
            return List.of(status);
        }

        @Override
        public List<DecoderStatus> decoders() {
            return List.of();
        }

        @Override
        public Map<DecodeResult, Long> datagrams() {
            return Map.of();
        }

        @Override
        public long rowsDecoded() {
            return 0;
        }
    }
}
