// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.junit.jupiter.api.Test;

class RunningTotalsTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(9), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);
    private static final Exporter EXPORTER = new Exporter("edge", "", 1, 0xFFFF_C000_0201L, 10, 7);
    private static final boolean ACTIVE = false;
    private static final boolean LAST = true;

    private final RunningTotals totals = new RunningTotals();
    private final TotalFields fields = fields(Element.OCTET_TOTAL, Element.PACKET_TOTAL);
    private final FlowBatch flows = new FlowBatch(1);

    @Test
    void tellsWhatAFlowGainedSinceItWasLastSeen() {
        assertGain(100, 2, ACTIVE, 100, 2);
        assertGain(250, 5, ACTIVE, 150, 3);
        assertGain(250, 5, ACTIVE, 0, 0);
        assertGain(300, 6, LAST, 50, 1);
        assertGain(300, 6, ACTIVE, 300, 6);
    }

    @Test
    void countsFromTheBeginningWhereATotalWentBack() {
        assertGain(100, 2, ACTIVE, 100, 2);
        assertGain(90, 3, ACTIVE, 90, 3);
        assertGain(200, 1, ACTIVE, 200, 1);
        assertGain(201, 2, ACTIVE, 1, 1);
    }

    @Test
    void takesTotalsForTheUnsignedNumbersTheyAre() {
        assertGain(Long.MAX_VALUE, 1, ACTIVE, Long.MAX_VALUE, 1);
        assertGain(Long.MAX_VALUE + 10, 2, ACTIVE, 10, 1);
    }

    @Test
    void tellsFlowsApartByEverythingThatNamesThem() {
        assertGain(100, 1, ACTIVE, 100, 1);

        for (int which = 0; which < 13; which++) {
            claim();
            Exporter exporter = vary(which);
            totals.settle(flows, 0, exporter, fields, which == 12 ? 1 : 0, ACTIVE, 100, 1);
            assertThat(flows.octets(0)).as("difference %d", which).isEqualTo(100);
        }
        assertGain(101, 1, ACTIVE, 1, 0);
    }

    private Exporter vary(int which) {
        switch (which) {
            case 0 -> flows.addresses(0, 2, 3, 5, 7);
            case 1 -> flows.addresses(0, 1, 4, 5, 7);
            case 2 -> flows.addresses(0, 1, 3, 6, 7);
            case 3 -> flows.addresses(0, 1, 3, 5, 8);
            case 4 -> flows.ports(0, 12, 443);
            case 5 -> flows.ports(0, 11, 444);
            case 6 -> flows.protocol(0, 17);
            case 7 -> flows.observedTimes(0, 1_001, 2_000);
            default -> {
                // The exporter differs, or the number of the flow.
            }
        }
        return switch (which) {
            case 8 -> new Exporter("edge", "", 2, EXPORTER.addressLow(), 10, 7);
            case 9 -> new Exporter("edge", "", 1, EXPORTER.addressLow() + 1, 10, 7);
            case 10 -> new Exporter("edge", "", 1, EXPORTER.addressLow(), 10, 8);
            case 11 -> new Exporter("other", "", 1, EXPORTER.addressLow(), 10, 7);
            default -> EXPORTER;
        };
    }

    @Test
    void leavesOfPacketsAloneWhatHasNoTotalOfThem() {
        TotalFields octetsOnly = fields(Element.OCTET_TOTAL);
        claim();
        flows.packets(0, 77);

        totals.settle(flows, 0, EXPORTER, octetsOnly, 0, ACTIVE, 100, 0);

        assertThat(flows.octets(0)).isEqualTo(100);
        assertThat(flows.packets(0)).isEqualTo(77);
    }

    @Test
    void goesOnWithTheFlowsOfAnEarlierTable() {
        assertGain(100, 1, ACTIVE, 100, 1);
        RunningTotals next = new RunningTotals(totals);

        assertGain(next, 150, 2, ACTIVE, 50, 1);
        assertGain(next, 160, 3, ACTIVE, 10, 1);
        assertGain(totals, 160, 3, ACTIVE, 160, 3);
    }

    @Test
    void keepsABusyFlowAndCountsThoseThatHadToMakeRoom() {
        assertGain(1, 1, ACTIVE, 1, 1);
        assertThat(totals.displaced()).isZero();

        for (int stranger = 1; stranger <= 500_000; stranger++) {
            claim();
            totals.settle(flows, 0, EXPORTER, fields, stranger, ACTIVE, 1, 1);
            if (stranger % 100 == 0) {
                assertGain(1 + stranger, 1 + stranger, ACTIVE, 100, 100);
            }
        }

        assertThat(totals.displaced()).isBetween(500_001L - 65_536, 500_001L);
    }

    private void assertGain(long octetTotal, long packetTotal, boolean isLast, long octets, long packets) {
        assertGain(totals, octetTotal, packetTotal, isLast, octets, packets);
    }

    private void assertGain(
            RunningTotals by, long octetTotal, long packetTotal, boolean isLast, long octets, long packets) {
        claim();
        by.settle(flows, 0, EXPORTER, fields, 0, isLast, octetTotal, packetTotal);
        assertThat(flows.octets(0)).isEqualTo(octets);
        assertThat(flows.packets(0)).isEqualTo(packets);
    }

    private void claim() {
        flows.clear();
        flows.beginSpan(ENDPOINT, EXPORTER, 0, 0, 0);
        flows.claim(FlowField.ADDRESSES
                | FlowField.PORTS
                | FlowField.PROTOCOL
                | FlowField.ABSOLUTE_TIMES
                | FlowField.OCTETS
                | FlowField.PACKETS);
        flows.addresses(0, 1, 3, 5, 7);
        flows.ports(0, 11, 443);
        flows.protocol(0, 6);
        flows.observedTimes(0, 1_000, 2_000);
    }

    private static TotalFields fields(int... elements) {
        TemplateMemory memory = new TemplateMemory(new TemplateSpace(TemplateLimits.USUAL));
        ByteBuffer record = ByteBuffer.allocate(4 + 4 * elements.length)
                .putShort((short) 300)
                .putShort((short) elements.length);
        for (int element : elements) {
            record.putShort((short) element).putShort((short) 8);
        }
        memory.follow(EXPORTER, 1001, 1_000);
        memory.learn(Dialect.IPFIX, false, record.array(), 0, record.capacity(), 1_000);
        return new TotalFields(memory.find(300, 1_000), 0);
    }
}
