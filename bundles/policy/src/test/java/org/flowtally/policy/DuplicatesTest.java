// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.Counter;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    private static final long AT = 1_790_000_000_000L;
    private static final long GAP = 120_000;
    private static final Endpoint ENDPOINT = Endpoints.metering("edge", "", Counting.ALL);
    private static final Exporter ACCESS = new Exporter("edge", "", 0, low("192.0.2.1"), 9, 0);
    private static final Exporter BORDER = new Exporter("edge", "", 0, low("192.0.2.2"), 5, 0);
    private static final Exporter STRANGER = new Exporter("edge", "", 0, low("192.0.2.3"), 5, 0);

    private final EventLog events = new EventLog(100, 100);
    private final PolicyStage stage = Policies.stage(Policies.files(), events, "192.0.2.1", "192.0.2.2");
    private final FlowBatch batch = new FlowBatch(1024);

    @Test
    void countsAFlowOnceThatTwoExportersSee() {
        assertThat(report(ACCESS, 1, AT, AT + 10_000)).isEqualTo(Verdict.COUNTED);
        assertThat(report(BORDER, 1, AT + 3, AT + 10_002)).isEqualTo(Verdict.DUPLICATE);
        assertThat(report(BORDER, 2, AT, AT + 10_000)).isEqualTo(Verdict.COUNTED);
        assertThat(report(ACCESS, 2, AT, AT + 10_000)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void countsThePreferredReportOfTwoInOneBatch() {
        begin(BORDER);
        add(1, AT, AT + 10);
        begin(ACCESS);
        add(1, AT, AT + 10);

        stage.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void staysWithTheExporterThatBeganWhateverTheSlices() {
        long counted = 0;
        for (int second = 1; second <= 600; second++) {
            if (second % 60 == 0
                    && report(ACCESS, 1, AT + (second - 60) * 1000L, AT + second * 1000L) == Verdict.COUNTED) {
                counted += 60;
            }
            if (second % 45 == 0
                    && report(BORDER, 1, AT + (second - 45) * 1000L, AT + second * 1000L) == Verdict.COUNTED) {
                counted += 45;
            }
        }

        assertThat(counted).isEqualTo(585); // Thirteen slices of the one that reports faster.
    }

    @Test
    void countsAtAnotherExporterOnceTheFirstIsSilentForTheGap() {
        report(ACCESS, 1, AT, AT + 60_000);

        assertThat(report(BORDER, 1, AT + 60_000 + GAP, AT + 200_000)).isEqualTo(Verdict.DUPLICATE);
        assertThat(report(BORDER, 1, AT + 60_001 + GAP, AT + 200_000)).isEqualTo(Verdict.COUNTED);
        assertThat(report(ACCESS, 1, AT + 70_000 + GAP, AT + 200_000)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void leavesExportersAloneThatTheOrderDoesNotName() {
        report(ACCESS, 1, AT, AT + 10);
        report(BORDER, 2, AT, AT + 10);

        assertThat(report(STRANGER, 1, AT, AT + 10)).isEqualTo(Verdict.COUNTED);
        assertThat(report(STRANGER, 2, AT, AT + 10)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void doesNotMixRealms() {
        report(ACCESS, 1, AT, AT + 10);

        batch.clear();
        Exporter other = new Exporter("brno", "brno", 0, low("192.0.2.2"), 5, 0);
        batch.beginSpan(Endpoints.metering("brno", "brno", Counting.ALL), other, AT, AT, FlowBatch.NO_UPTIME);
        add(1, AT, AT + 10);
        stage.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void doesNotMixRealmsWhoseTextsHaveTheSameHash() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());

        for (String realm : List.of("Aa", "BB")) {
            batch.clear();
            Exporter exporter =
                    new Exporter("edge", realm, 0, low(realm.equals("Aa") ? "192.0.2.1" : "192.0.2.2"), 5, 0);
            batch.beginSpan(Endpoints.metering("edge", realm, Counting.ALL), exporter, AT, AT, FlowBatch.NO_UPTIME);
            add(1, AT, AT + 10);
            stage.apply(batch);
            assertThat(batch.verdict(0)).as(realm).isEqualTo(Verdict.COUNTED);
        }
    }

    @Test
    void knowsTheOppositeDirectionForAnotherFlow() {
        begin(ACCESS);
        add(1, AT, AT + 10);
        begin(BORDER);
        int row = batch.claim(FlowField.ADDRESSES | FlowField.PORTS | FlowField.PROTOCOL);
        batch.addresses(row, 0, low("198.51.100.1"), 0, low("10.0.0.1"));
        batch.ports(row, 443, 1);
        batch.protocol(row, 6);
        batch.times(row, AT, AT + 10);

        stage.apply(batch);

        assertThat(batch.verdict(1)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void recognisesIcmpWhereverItsTypeStands() {
        for (int icmp : List.of(1, 58)) {
            begin(ACCESS);
            addIcmp(icmp, 0, 2048);
            begin(BORDER);
            addIcmp(icmp, 0, 0);
        }

        stage.apply(batch);

        assertThat(batch.verdict(1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(batch.verdict(2)).isEqualTo(Verdict.COUNTED); // Of ICMP for IPv6 it is another flow.
        assertThat(batch.verdict(3)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void comparesIpv6FlowsByTheWholeOfTheirAddresses() {
        begin(ACCESS);
        addIpv6("2001:db8:1::1", "2001:db8:2::1");
        begin(BORDER);
        addIpv6("2001:db8:1::1", "2001:db8:2::1");
        addIpv6("2001:db8:3::1", "2001:db8:2::1");
        addIpv6("2001:db8:1::1", "2001:db8:3::1");

        stage.apply(batch);

        assertThat(batch.verdict(1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(batch.verdict(2)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.verdict(3)).isEqualTo(Verdict.COUNTED);
    }

    private void addIpv6(String from, String to) {
        Address source = Address.parse(from);
        Address destination = Address.parse(to);
        int row = batch.claim(FlowField.ADDRESSES | FlowField.PORTS | FlowField.PROTOCOL);
        batch.addresses(row, source.high(), source.low(), destination.high(), destination.low());
        batch.ports(row, 1, 443);
        batch.protocol(row, 6);
        batch.times(row, AT, AT + 10);
    }

    @Test
    void comparesAnExporterBehindATranslationByTheAddressesBehindIt() {
        Counting outside = new Counting(CountingRule.ALL, List.of(), 0, 0, MatchAddress.POST_NAT);
        begin(ACCESS);
        add(7, AT, AT + 10);
        batch.beginSpan(Endpoints.metering("edge", "", outside), BORDER, AT, AT, FlowBatch.NO_UPTIME);
        int row = batch.claim(FlowField.ADDRESSES
                | FlowField.PORTS
                | FlowField.PROTOCOL
                | FlowField.NAT_ADDRESSES
                | FlowField.NAT_PORTS);
        batch.addresses(row, 0, low("203.0.113.9"), 0, low("198.51.100.1"));
        batch.natSource(row, 0, low("10.0.0.1"));
        batch.natDestination(row, 0, 0xFFFF_0000_0000L); // 0.0.0.0 says nothing.
        batch.ports(row, 61_000, 443);
        batch.natSourcePort(row, 7);
        batch.natDestinationPort(row, 443);
        batch.protocol(row, 6);
        batch.times(row, AT, AT + 10);

        stage.apply(batch);

        assertThat(batch.verdict(1)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void comparesTheDestinationBehindATranslationToo() {
        Counting outside = new Counting(CountingRule.ALL, List.of(), 0, 0, MatchAddress.POST_NAT);
        begin(ACCESS);
        add(7, AT, AT + 10);
        batch.beginSpan(Endpoints.metering("edge", "", outside), BORDER, AT, AT, FlowBatch.NO_UPTIME);
        for (String behind : List.of("198.51.100.1", "198.51.100.2")) {
            int row = batch.claim(FlowField.ADDRESSES | FlowField.PORTS | FlowField.PROTOCOL | FlowField.NAT_ADDRESSES);
            batch.addresses(row, 0, low("10.0.0.1"), 0, low("203.0.113.9"));
            batch.natSource(row, 0, 0xFFFF_0000_0000L);
            batch.natDestination(row, 0, low(behind));
            batch.ports(row, 7, 443);
            batch.protocol(row, 6);
            batch.times(row, AT, AT + 10);
        }

        stage.apply(batch);

        assertThat(batch.verdict(1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(batch.verdict(2)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void countsSampledFlowsAndTellsThatItCannotKnow() {
        report(ACCESS, 1, AT, AT + 10);
        begin(BORDER);
        batch.samplingRate(add(1, AT, AT + 10), 100);

        stage.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(events.waiting(10)).extracting(EventLog.Event::kind).containsExactly("sampled-preference");
    }

    @Test
    void staysWithTheExporterThatBeganWhenTheOrderChanges() {
        report(ACCESS, 1, AT, AT + 60_000);

        PolicyStage successor = Policies.successor(Policies.files(), events, "192.0.2.2", "192.0.2.3", "192.0.2.1");

        assertThat(report(successor, BORDER, 1, AT, AT + 60_000))
                .as("counted before the change")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(report(successor, ACCESS, 1, AT + 60_000, AT + 120_000)).isEqualTo(Verdict.COUNTED);
        assertThat(report(successor, STRANGER, 1, AT + 60_000, AT + 120_000)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void remembersClaimsWhileTheBundleIsSwapped() {
        report(ACCESS, 1, AT, AT + 10);
        PolicyStage successor = Policies.successor(Policies.files(), events, "192.0.2.1", "192.0.2.2");
        begin(BORDER);
        add(1, AT, AT + 10);

        successor.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void tellsOnceAnHourThatFlowsOutnumberTheRoomForClaims() {
        for (int flow = 0; flow < 5_000; flow++) {
            report(ACCESS, flow, AT, AT + 10);
        }

        assertThat(events.waiting(100)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("duplicate-bound");
            assertThat(event.message()).contains("claimsGivenUp=");
        });
    }

    @Test
    void remembersAboutAsManyFlowsAsItHasRoomFor() {
        FlowClaims claims = new FlowClaims(new long[FlowClaims.length(1024)], GAP, new Counter(), 7);

        int recognised = 0;
        for (int flow = 0; flow < 512; flow++) {
            claims.flow(0, 0, flow, 0, 1, 1, 1, 6);
            claims.claim(0, AT, AT);
        }
        for (int flow = 0; flow < 512; flow++) {
            claims.flow(0, 0, flow, 0, 1, 1, 1, 6);
            recognised += claims.claim(1, AT, AT) ? 0 : 1;
        }

        assertThat(FlowClaims.length(1024)).isEqualTo(8 + 1024 * 3);
        assertThat(FlowClaims.length(1025)).isEqualTo(8 + 2048 * 3);
        assertThat(recognised).isBetween(480, 512);
    }

    @Test
    void hashesByTheSeedThatItsCellsHave() {
        long[] cells = new long[FlowClaims.length(8)];
        FlowClaims first = new FlowClaims(cells, GAP, new Counter(), 6);
        first.flow(0, 0, 1, 0, 1, 1, 1, 6);
        first.claim(0, AT, AT);

        FlowClaims successor = new FlowClaims(cells, GAP, new Counter(), 1_000);
        successor.flow(0, 0, 1, 0, 1, 1, 1, 6);

        assertThat(cells[0]).isEqualTo(7);
        assertThat(successor.claim(1, AT, AT)).isFalse();
    }

    @Test
    void givesUpTheClaimThatEndedFirstAndCountsItIfItStillHeld() {
        Counter givenUp = new Counter();
        FlowClaims claims = new FlowClaims(new long[FlowClaims.length(8)], GAP, givenUp, 7);
        long[] ends = {50, 40, 10, 30, 20, 80, 70, 60};
        for (int flow = 0; flow < 8; flow++) {
            claims.flow(0, 0, flow, 0, 1, 1, 1, 6);
            claims.claim(0, AT, AT + ends[flow]);
        }

        claims.flow(0, 0, 8, 0, 1, 1, 1, 6);
        claims.claim(0, AT, AT + 10 + GAP);
        assertThat(givenUp.value()).isEqualTo(1);
        claims.flow(0, 0, 9, 0, 1, 1, 1, 6);
        claims.claim(0, AT, AT + 21 + GAP);
        assertThat(givenUp.value()).as("the next had run out").isEqualTo(1);

        for (int flow : List.of(0, 1, 3, 5, 6, 7)) {
            claims.flow(0, 0, flow, 0, 1, 1, 1, 6);
            assertThat(claims.claim(1, AT, AT)).as("flow %d", flow).isFalse();
        }
    }

    @Test
    void givesUpWhatEndedFirstWhenThereIsNoRoomAndCountsIt() {
        Counter givenUp = new Counter();
        FlowClaims claims = new FlowClaims(new long[FlowClaims.length(64)], GAP, givenUp, 7);

        int recognised = 0;
        for (int flow = 0; flow < 1000; flow++) {
            claims.flow(0, 0, flow, 0, 1, 1, 1, 6);
            claims.claim(0, AT + flow, AT + flow);
        }
        for (int flow = 0; flow < 1000; flow++) {
            claims.flow(0, 0, flow, 0, 1, 1, 1, 6);
            recognised += claims.claim(1, AT + flow, AT + flow) ? 0 : 1;
        }

        assertThat(givenUp.value()).isGreaterThanOrEqualTo(1000 - 64);
        assertThat(recognised).isLessThanOrEqualTo(64);
    }

    /**
     * Two routers see every flow whole, with slices, clocks and delays of their own within the gap: each flow is counted
     * from its first to its last octet, and by one of them.
     */
    @Property(tries = 100)
    void countsEveryFlowExactlyOnce(@ForAll long seed) {
        Random random = new Random(seed);
        PolicyStage both = Policies.stage(Policies.files(), new EventLog(100, 100), "192.0.2.1", "192.0.2.2");
        List<Report> reports = new ArrayList<>();
        Map<Integer, Long> truth = new HashMap<>();
        for (int flow = 0; flow < 40; flow++) {
            long start = AT + random.nextInt(300_000);
            long end = start + (random.nextBoolean() ? random.nextInt(2_000) : random.nextInt(400_000));
            truth.put(flow, end - start + 1);
            for (Exporter exporter : List.of(ACCESS, BORDER)) {
                long active = 10_000L + random.nextInt(50_000);
                long clock = random.nextInt(10_000) - 5_000L;
                for (long from = start; from <= end; from += active) {
                    long to = Math.min(end, from + active - 1);
                    long arrival = to + random.nextInt(15_000);
                    reports.add(new Report(exporter, flow, from, to, clock, arrival));
                }
            }
        }
        reports.sort(Comparator.comparingLong(Report::arrival));

        Map<Integer, Long> counted = new HashMap<>();
        for (Report report : reports) {
            FlowBatch one = new FlowBatch(1);
            one.beginSpan(ENDPOINT, report.exporter(), report.arrival(), report.arrival(), FlowBatch.NO_UPTIME);
            add(one, report.flow(), report.from() + report.clock(), report.to() + report.clock());
            both.apply(one);
            if (one.isCounted(0)) {
                counted.merge(report.flow(), report.to() - report.from() + 1, Long::sum);
            }
        }

        assertThat(counted).isEqualTo(truth);
    }

    /** A slice of a flow, as one exporter tells it. */
    private record Report(Exporter exporter, int flow, long from, long to, long clock, long arrival) {}

    private Verdict report(Exporter exporter, int flow, long start, long end) {
        return report(stage, exporter, flow, start, end);
    }

    private Verdict report(PolicyStage asked, Exporter exporter, int flow, long start, long end) {
        batch.clear();
        begin(exporter);
        add(flow, start, end);
        asked.apply(batch);
        Verdict verdict = batch.verdict(0);
        batch.clear();
        return verdict;
    }

    private void begin(Exporter exporter) {
        batch.beginSpan(ENDPOINT, exporter, AT, AT, FlowBatch.NO_UPTIME);
    }

    private int add(int flow, long start, long end) {
        return add(batch, flow, start, end);
    }

    private static int add(FlowBatch to, int flow, long start, long end) {
        int row = to.claim(FlowField.ADDRESSES | FlowField.PORTS | FlowField.PROTOCOL);
        to.addresses(row, 0, low("10.0.0.1"), 0, low("198.51.100.1"));
        to.ports(row, flow, 443);
        to.protocol(row, 6);
        to.times(row, start, end);
        return row;
    }

    private void addIcmp(int protocol, int sourcePort, int destinationPort) {
        int row = batch.claim(FlowField.ADDRESSES | FlowField.PORTS | FlowField.PROTOCOL);
        batch.addresses(row, 0, low("10.0.0.1"), 0, low("198.51.100.1"));
        batch.ports(row, sourcePort, destinationPort);
        batch.protocol(row, protocol);
        batch.times(row, AT, AT + 10);
    }

    private static long low(String address) {
        return Address.parse(address).low();
    }
}
