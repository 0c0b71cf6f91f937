// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.netflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordWordsTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);

    private final FlowBatch flows = new FlowBatch(4);
    private int row;

    @BeforeEach
    void claim() {
        flows.beginSpan(ENDPOINT, new Exporter("edge", "", 0, 1, 5, 0), 0, 0, 0);
        row = flows.claim(FlowField.NARROW
                | FlowField.NEXT_HOP
                | FlowField.INTERFACES
                | FlowField.UPTIME_TIMES
                | FlowField.PREFIX_LENGTHS
                | FlowField.AUTONOMOUS_SYSTEMS
                | FlowField.PORTS
                | FlowField.PROTOCOL
                | FlowField.TOS
                | FlowField.TCP_FLAGS);
    }

    @Test
    void takesAnyMaskBeyond32ForUnknownWhateverStandsBesideIt() {
        for (int masks = 0; masks <= 0xFFFF; masks++) {
            int source = masks >>> Byte.SIZE;
            int destination = masks & 0xFF;

            RecordWords.narrowNetworks(word(0xFFFE_0001_0000_FFFFL | ((long) masks << 16)), 0, flows, row);

            assertThat(flows.sourcePrefixLength(row)).isEqualTo(source <= 32 ? source : 0);
            assertThat(flows.destinationPrefixLength(row)).isEqualTo(destination <= 32 ? destination : 0);
        }
        assertThat(flows.sourceAs(row)).isEqualTo(0xFFFE);
        assertThat(flows.destinationAs(row)).isEqualTo(1);
    }

    @Test
    void readsRouteAndUptimesAsUnsigned() {
        RecordWords.narrowRoute(word(0xC633_6401_8000_FFFFL), 0, flows, row);
        RecordWords.narrowUptimes(word(0xFFFF_FFFE_8000_0000L), 0, flows, row);

        assertThat(flows.nextHopHigh(row)).isZero();
        assertThat(flows.nextHopLow(row)).isEqualTo(0xFFFF_C633_6401L);
        assertThat(flows.inputInterface(row)).isEqualTo(0x8000);
        assertThat(flows.outputInterface(row)).isEqualTo(0xFFFF);
        assertThat(flows.observedStart(row)).isEqualTo(0xFFFF_FFFEL);
        assertThat(flows.observedEnd(row)).isEqualTo(0x8000_0000L);
    }

    @Test
    void leavesThePadOutOfWhatStandsBesideIt() {
        boolean isIcmp = RecordWords.transport(word(0xC000_0050_FF12_06B8L), 0, flows, row);

        assertThat(isIcmp).isFalse();
        assertThat(flows.sourcePort(row)).isEqualTo(0xC000);
        assertThat(flows.destinationPort(row)).isEqualTo(80);
        assertThat(flows.tcpFlags(row)).isEqualTo(0x12);
        assertThat(flows.protocol(row)).isEqualTo(6);
        assertThat(flows.tos(row)).isEqualTo(0xB8);
    }

    @Test
    void takesTcpFlagsFromElsewhereWhereTheWordHasNone() {
        boolean isIcmp = RecordWords.transport(0x0035_C001_FFFF_0100L, 0x1B, flows, row);
        RecordWords.icmp(flows, row, 1);

        assertThat(isIcmp).isTrue();
        assertThat(flows.tcpFlags(row)).isEqualTo(0x1B);
        assertThat(flows.protocol(row)).isEqualTo(1);
        assertThat(flows.tos(row)).isZero();
        assertThat(flows.icmpTypeAndCode(row)).isEqualTo(0xC001);
    }

    private static byte[] word(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
