// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.InterfaceRange;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

class CountingRuleTest {
    private static final int UNSAID = -1;
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int SUBSCRIBERS = 3;
    private static final int OTHERS = 120;
    private static final int UPLINK = 70_000;
    private static final List<InterfaceRange> SUBSCRIBER_SIDE =
            List.of(new InterfaceRange(SUBSCRIBERS, SUBSCRIBERS), new InterfaceRange(100, 199));

    private final EventLog events = new EventLog(100, 100);
    private final PolicyFiles files = Policies.files();
    private final PolicyStage stage = Policies.stage(files, events);
    private final FlowBatch batch = new FlowBatch(64);
    private long now = 1_790_000_000_000L;

    @Test
    void countsEveryRowByTheRuleThatIsShipped() {
        begin(counting(CountingRule.ALL), router(9, 0));
        addOneOfEach();

        stage.apply(batch);

        assertThat(counted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void countsOnIngressWhatWasMeteredThereAndWhatDoesNotSay() {
        begin(counting(CountingRule.INGRESS), router(9, 0));
        addOneOfEach();

        stage.apply(batch);

        assertThat(counted()).containsExactly(0, 2, 4, 6, 7);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.NOT_COUNTED_HERE);
    }

    @Test
    void countsOnEgressOnlyWhatSaysSo() {
        begin(counting(CountingRule.EGRESS), router(9, 0));
        addOneOfEach();

        stage.apply(batch);

        assertThat(counted()).containsExactly(1, 3, 5);
    }

    @Test
    void countsWhatCrossesASubscriberSideInterface() {
        begin(counting(CountingRule.INTERFACES, SUBSCRIBER_SIDE), router(9, 0));
        addOneOfEach();
        add(IN, UPLINK, UPLINK + 1); // Transit.
        batch.claim(FlowField.ADDRESSES); // Names no interface.

        stage.apply(batch);

        assertThat(counted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void countsEachFlowOnceWhereSubscriberSideInterfacesMeterBothDirections() {
        begin(counting(CountingRule.INTERFACES_IN_OUT, SUBSCRIBER_SIDE), router(9, 0));
        addOneOfEach();

        stage.apply(batch);

        // Upload where it enters, download where it leaves, between two subscribers where it enters.
        assertThat(counted()).containsExactly(0, 3, 4, 6, 7);
    }

    @Test
    void narrowsADirectionToTheInterfacesThatAreNamed() {
        begin(counting(CountingRule.INGRESS, SUBSCRIBER_SIDE), router(9, 0));
        add(IN, UPLINK, SUBSCRIBERS);
        add(IN, UPLINK, UPLINK + 1);
        add(OUT, UPLINK, SUBSCRIBERS);

        stage.apply(batch);

        assertThat(counted()).containsExactly(0);
    }

    @Test
    void narrowsEgressToTheInterfacesThatAreNamedToo() {
        begin(counting(CountingRule.EGRESS, SUBSCRIBER_SIDE), router(9, 0));
        add(OUT, UPLINK, SUBSCRIBERS);
        add(OUT, UPLINK, UPLINK + 1);
        add(IN, UPLINK, SUBSCRIBERS);

        stage.apply(batch);

        assertThat(counted()).containsExactly(0);
    }

    @Test
    void countsNothingOnInterfacesWhereARowNamesNone() {
        for (CountingRule rule : List.of(CountingRule.INTERFACES, CountingRule.INTERFACES_IN_OUT)) {
            begin(counting(rule, List.of(new InterfaceRange(0, SUBSCRIBERS))), router(9, 0));
            batch.claim(FlowField.ADDRESSES);
        }

        stage.apply(batch);

        assertThat(counted()).isEmpty();
    }

    @Test
    void countsNothingWhereNothingShall() {
        begin(counting(CountingRule.NONE), router(9, 0));
        addOneOfEach();

        stage.apply(batch);

        assertThat(counted()).isEmpty();
    }

    @Test
    void takesUnknownDirectionsForUnsaid() {
        begin(counting(CountingRule.EGRESS), router(9, 0));
        add(255, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.INGRESS), router(9, 1));
        add(255, SUBSCRIBERS, UPLINK);

        stage.apply(batch);

        assertThat(counted()).containsExactly(1);
    }

    @Test
    void countsOneVersionOfARouterAndOneMethodOfVersion8() {
        Counting nine = new Counting(CountingRule.ALL, List.of(), 9, Counting.ANY, MatchAddress.ORIGINAL);
        Counting fullFlow = new Counting(CountingRule.ALL, List.of(), 8, 8, MatchAddress.ORIGINAL);
        begin(nine, router(5, 0));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(nine, router(9, 0));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(fullFlow, router(8, 0x010108));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(fullFlow, router(8, 0x010107));
        add(UNSAID, SUBSCRIBERS, UPLINK);

        stage.apply(batch);

        assertThat(counted()).containsExactly(1, 2);
    }

    @Test
    void doesForSingleExportersWhatTheirFileSays() {
        Counting egress = counting(CountingRule.EGRESS);
        files.put(
                "wide",
                new CountedExporters.Rule(
                        "wide", List.of(Prefix.parse("192.0.2.0/24")), "", counting(CountingRule.NONE)));
        files.put("narrow", new CountedExporters.Rule("narrow", List.of(Prefix.parse("192.0.2.7/32")), "", egress));
        files.put(
                "elsewhere",
                new CountedExporters.Rule(
                        "elsewhere", List.of(Prefix.parse("192.0.2.7/32")), "lab", counting(CountingRule.NONE)));
        Exporter router = router(9, 0);
        begin(counting(CountingRule.INGRESS), router);
        add(IN, SUBSCRIBERS, UPLINK);
        add(OUT, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.INGRESS), new Exporter("edge", "", 0, low("192.0.2.8"), 9, 0));
        add(IN, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.INGRESS), new Exporter("edge", "", 0, low("198.51.100.1"), 9, 0));
        add(IN, SUBSCRIBERS, UPLINK);

        stage.apply(batch);
        assertThat(counted()).containsExactly(1, 3);

        files.remove("narrow");
        batch.clear();
        begin(counting(CountingRule.INGRESS), router);
        add(OUT, SUBSCRIBERS, UPLINK);
        stage.apply(batch);
        assertThat(counted()).isEmpty();
    }

    @Test
    void prefersTheFileThatNamesTheEndpointAndThenTheFirstByName() {
        Counting egress = counting(CountingRule.EGRESS);
        CountedExporters.Rule anywhere = about("a.cfg", "");
        CountedExporters.Rule here = new CountedExporters.Rule("b.cfg", anywhere.addresses(), "edge", egress);
        CountedExporters.Rule hereToo = about("c.cfg", "edge");
        Endpoint edge = endpoint(counting(CountingRule.ALL));

        assertThat(new CountedExporters(List.of(anywhere, hereToo, here)).of(router(9, 0), edge))
                .isEqualTo(egress);
        assertThat(new CountedExporters(List.of(hereToo, here, anywhere)).of(router(9, 0), edge))
                .isEqualTo(egress);
    }

    @Test
    void takesUpAnotherRuleOfTheEndpointWithTheNextDatagram() {
        Exporter router = router(9, 0);
        begin(counting(CountingRule.INGRESS), router);
        add(OUT, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.EGRESS), router);
        add(OUT, SUBSCRIBERS, UPLINK);

        stage.apply(batch);

        assertThat(counted()).containsExactly(1);
    }

    @Test
    void namesWhatTwoFilesSayOfTheSameExporter() {
        CountedExporters.Rule first = about("a.cfg", "");
        CountedExporters.Rule second = about("b.cfg", "");
        CountedExporters.Rule lab = about("c.cfg", "lab");

        assertThat(new CountedExporters(List.of(second, lab, first)).conflict())
                .contains("addresses=192.0.2.7/32, files=a.cfg, b.cfg");
        assertThat(new CountedExporters(List.of(first, lab)).conflict()).isEmpty();
    }

    private static CountedExporters.Rule about(String file, String endpoint) {
        List<Prefix> twice = List.of(Prefix.parse("192.0.2.7/32"), Prefix.parse("192.0.2.7/32"));
        return new CountedExporters.Rule(file, twice, endpoint, counting(CountingRule.NONE));
    }

    @Test
    void tellsWhenBothDirectionsCountOncePerHour() {
        for (int minute = 0; minute < 130; minute++) {
            batch.clear();
            begin(counting(CountingRule.ALL), router(9, minute % 2));
            add(minute % 2, SUBSCRIBERS, UPLINK);
            stage.apply(batch);
            now += 60_000;
        }

        assertThat(events.waiting(100)).hasSize(3).allSatisfy(event -> {
            assertThat(event.kind()).isEqualTo("both-directions");
            assertThat(event.subject()).isEqualTo("exporter=192.0.2.7, realm=");
            assertThat(event.message()).contains("if it tells each flow twice, choose a counting.rule");
        });
    }

    @Test
    void tellsWhenARuleOfInterfacesCountsBothDirections() {
        begin(counting(CountingRule.INTERFACES, SUBSCRIBER_SIDE), router(9, 0));
        add(IN, SUBSCRIBERS, UPLINK);
        add(OUT, UPLINK, SUBSCRIBERS);

        stage.apply(batch);

        assertThat(events.waiting(100)).extracting(EventLog.Event::kind).containsExactly("both-directions");
    }

    @Test
    void saysNothingOfARouterThatTellsOneDirection() {
        begin(counting(CountingRule.ALL), router(9, 0));
        add(OUT, SUBSCRIBERS, UPLINK);
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.ALL), new Exporter("edge", "", 0, low("192.0.2.9"), 9, 0));
        add(IN, SUBSCRIBERS, UPLINK);

        stage.apply(batch);

        assertThat(events.waiting(100)).isEmpty();
    }

    @Test
    void tellsOfSeveralVersionsAndOfParallelMethods() {
        begin(counting(CountingRule.ALL), router(5, 0));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.ALL), router(8, 0x010108));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.ALL), router(8, 0x010107));
        add(UNSAID, SUBSCRIBERS, UPLINK);

        stage.apply(batch);

        assertThat(events.waiting(100))
                .extracting(EventLog.Event::kind)
                .containsExactly("two-versions", "parallel-methods");
        assertThat(events.waiting(100))
                .extracting(EventLog.Event::message)
                .anyMatch(text -> text.contains("5, 8;"))
                .anyMatch(text -> text.contains("7, 8;"));
    }

    @Test
    void saysNothingOfARouterWhoseRuleSettlesIt() {
        begin(counting(CountingRule.INGRESS), router(9, 0));
        add(IN, SUBSCRIBERS, UPLINK);
        add(OUT, SUBSCRIBERS, UPLINK);
        begin(
                counting(CountingRule.INTERFACES_IN_OUT, SUBSCRIBER_SIDE),
                new Exporter("edge", "", 0, low("192.0.2.9"), 9, 0));
        addOneOfEach();
        Counting nine = new Counting(CountingRule.ALL, List.of(), 9, Counting.ANY, MatchAddress.ORIGINAL);
        begin(nine, new Exporter("edge", "", 0, low("192.0.2.10"), 9, 0));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(nine, new Exporter("edge", "", 0, low("192.0.2.10"), 5, 0));
        add(UNSAID, SUBSCRIBERS, UPLINK);
        begin(counting(CountingRule.ALL), new Exporter("edge", "other", 0, low("192.0.2.10"), 5, 0));
        add(UNSAID, SUBSCRIBERS, UPLINK);

        stage.apply(batch);

        assertThat(events.waiting(100)).isEmpty();
    }

    /** Upload, download and between subscribers, as both ends of the router meter them, and two that do not say where. */
    private void addOneOfEach() {
        add(IN, SUBSCRIBERS, UPLINK);
        add(OUT, SUBSCRIBERS, UPLINK);
        add(IN, UPLINK, SUBSCRIBERS);
        add(OUT, UPLINK, SUBSCRIBERS);
        add(IN, SUBSCRIBERS, OTHERS);
        add(OUT, SUBSCRIBERS, OTHERS);
        add(UNSAID, SUBSCRIBERS, UPLINK);
        add(UNSAID, UPLINK, OTHERS);
    }

    private void begin(Counting counting, Exporter exporter) {
        batch.beginSpan(endpoint(counting), exporter, now, now, FlowBatch.NO_UPTIME);
    }

    private static Endpoint endpoint(Counting counting) {
        return Endpoints.metering("edge", "", counting);
    }

    private void add(int direction, int input, int output) {
        int row = batch.claim(
                FlowField.ADDRESSES | FlowField.INTERFACES | (direction == UNSAID ? 0 : FlowField.DIRECTION));
        batch.addresses(row, 0, low("10.0.0.1"), 0, low("198.51.100.1"));
        batch.interfaces(row, input, output);
        batch.direction(row, direction);
    }

    private List<Integer> counted() {
        return IntStream.range(0, batch.size()).filter(batch::isCounted).boxed().toList();
    }

    private static Counting counting(CountingRule rule) {
        return counting(rule, List.of());
    }

    private static Counting counting(CountingRule rule, List<InterfaceRange> interfaces) {
        return new Counting(rule, interfaces, Counting.ANY, Counting.ANY, MatchAddress.ORIGINAL);
    }

    private static Exporter router(int version, long domain) {
        return new Exporter("edge", "", 0, low("192.0.2.7"), version, domain);
    }

    private static long low(String address) {
        return Address.parse(address).low();
    }
}
