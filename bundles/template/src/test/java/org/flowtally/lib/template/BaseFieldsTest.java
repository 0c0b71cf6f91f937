// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.junit.jupiter.api.Test;

class BaseFieldsTest {
    /** What Skylight asks of a flow; the same list stands in the shipped cfg file. */
    private static final BaseFields SKYLIGHT = BaseFields.of(List.of(
            "source-address",
            "destination-address",
            "octets",
            "packets",
            "times",
            "interfaces",
            "protocol",
            "tos",
            "ports",
            "icmp"));

    private static final long ALL_BUT_PORTS = FlowField.ADDRESSES
            | FlowField.OCTETS
            | FlowField.PACKETS
            | FlowField.UPTIME_TIMES
            | FlowField.INTERFACES
            | FlowField.PROTOCOL
            | FlowField.TOS;

    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);

    private final FlowBatch flows = new FlowBatch(20);

    @Test
    void asksPortsOfTcpAndUdpAndTypeOfIcmp() {
        assertThat(verdict(6, ALL_BUT_PORTS | FlowField.PORTS)).isEqualTo(Verdict.COUNTED);
        assertThat(verdict(17, ALL_BUT_PORTS)).isEqualTo(Verdict.INCOMPLETE);
        assertThat(verdict(47, ALL_BUT_PORTS)).isEqualTo(Verdict.COUNTED);
        assertThat(verdict(1, ALL_BUT_PORTS)).isEqualTo(Verdict.INCOMPLETE);
        assertThat(verdict(58, ALL_BUT_PORTS | FlowField.ICMP)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void takesTimesInEitherForm() {
        long without = (ALL_BUT_PORTS | FlowField.PORTS) & ~FlowField.UPTIME_TIMES;

        assertThat(verdict(6, without)).isEqualTo(Verdict.INCOMPLETE);
        assertThat(verdict(6, without | FlowField.ABSOLUTE_TIMES)).isEqualTo(Verdict.COUNTED);
    }

    @Test
    void leavesWhatWasJudgedAlready() {
        int row = claim(17, ALL_BUT_PORTS);
        flows.judge(row, Verdict.AGGREGATED);

        assertThat(SKYLIGHT.judge(flows, row, row + 1)).isZero();
        assertThat(flows.verdict(row)).isEqualTo(Verdict.AGGREGATED);
    }

    @Test
    void namesWhatATemplateLacks() {
        assertThat(SKYLIGHT.missing(FlowField.ADDRESSES | FlowField.OCTETS | FlowField.ABSOLUTE_TIMES))
                .containsExactly("packets", "interfaces", "protocol", "tos", "ports", "icmp");
        assertThat(BaseFields.USUAL.missing(FlowField.OCTETS | FlowField.SOURCE_ADDRESS | FlowField.SOURCE_IS_PREFIX))
                .as("aggregated by prefix")
                .isEmpty();
    }

    @Test
    void looksAtRowsOnlyIfTheirTemplateCannotTell() {
        assertThat(BaseFields.USUAL.areBeyondTemplates()).isFalse();
        assertThat(SKYLIGHT.areBeyondTemplates()).isTrue();
    }

    @Test
    void isAskedOfVersionsWithoutTemplatesToo() {
        TemplateSpace space = new TemplateSpace(TemplateLimits.USUAL);
        space.rules(new ReadingRules(SKYLIGHT, Map.of()));
        TrackedExporter exporter = new ExporterTable(10, 1000, space).find(ENDPOINT, 0, 0xFFFF_C000_0201L, 8, 1, 0);

        int row = claim(17, ALL_BUT_PORTS);
        exporter.settle(flows, row);

        assertThat(flows.verdict(row)).isEqualTo(Verdict.INCOMPLETE);
    }

    private Verdict verdict(int protocol, long fields) {
        int row = claim(protocol, fields);
        SKYLIGHT.judge(flows, row, row + 1);
        return flows.verdict(row);
    }

    private int claim(int protocol, long fields) {
        flows.beginSpan(ENDPOINT, ExporterTable.NO_ROOM.exporter(), 0, 0, 0);
        int row = flows.claim(fields);
        flows.protocol(row, protocol);
        return row;
    }
}
