// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;

/** Records of any template: read as a block they become what they become one by one. */
class ProgramProperties {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(9), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);
    private static final int[] IPV6 = {27, 28, 62, 169, 170, 281, 282};
    private static final int[] NUMBERS = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 24, 29, 30, 32, 44, 45, 56, 57, 58, 59,
        61, 80, 81, 85, 86, 139, 150, 151, 152, 153, 154, 155, 158, 159, 160, 161, 176, 177, 195, 225, 226, 227, 228,
        230, 231, 232, 233, 234, 235, 361, 362, 364
    };
    private static final long EXPORTED = 1_774_000_000_000L;

    @Property(tries = 1000)
    void aBlockOfRecordsIsReadAsEachOfThem(
            @ForAll @IntRange(min = 1, max = 24) int fields,
            @ForAll @IntRange(min = 1, max = 40) int records,
            @ForAll @IntRange(max = 12) int lead,
            @ForAll Random random) {
        Template template = template(fields, random);
        Program program = template.plan().forward();
        byte[] octets = octets(lead, template, records, random);
        FlowBatch block = claimed(records, program);
        FlowBatch single = claimed(records, program);
        Scratch scratch = new Scratch();

        program.fill(octets, lead, template.leastOctets(), records, block, 0, EXPORTED, scratch.values);
        for (int record = 0; record < records; record++) {
            int at = lead + record * template.leastOctets();
            template.locate(octets, at, octets.length, scratch.starts, scratch.widths);
            program.fill(octets, scratch.starts, scratch.widths, single, record, EXPORTED, scratch.values);
        }

        for (int row = 0; row < records; row++) {
            assertThat(columns(block, row)).isEqualTo(columns(single, row));
        }
    }

    private static Template template(int fields, Random random) {
        List<Integer> pairs = new ArrayList<>();
        for (int field = 0; field < fields; field++) {
            boolean isIpv6 = random.nextInt(8) == 0;
            int[] elements = isIpv6 ? IPV6 : NUMBERS;
            int element = elements[random.nextInt(elements.length)];
            boolean isIpv4 = Set.of(8, 12, 15, 44, 45, 225, 226).contains(element) && random.nextInt(4) > 0;
            pairs.add(element);
            pairs.add(isIpv6 ? 16 : isIpv4 ? 4 : random.nextInt(10) == 0 ? random.nextInt(20) : 1 + random.nextInt(8));
        }
        pairs.set(1, Math.max(1, pairs.get(1)));
        ByteBuffer record = ByteBuffer.allocate(4 + 2 * pairs.size());
        record.putShort((short) 300).putShort((short) fields);
        pairs.forEach(each -> record.putShort((short) (int) each));
        return Template.of(Dialect.V9, false, record.array(), 0, record.capacity(), 0);
    }

    /** Random octets, with zeros and small numbers among them as real records have them. */
    private static byte[] octets(int lead, Template template, int records, Random random) {
        byte[] octets = new byte[lead + records * template.leastOctets()];
        random.nextBytes(octets);
        for (int at = 0; at < octets.length; at++) {
            if (random.nextInt(3) == 0) {
                octets[at] = (byte) (random.nextBoolean() ? 0 : random.nextInt(60));
            }
        }
        return octets;
    }

    private static FlowBatch claimed(int records, Program program) {
        FlowBatch flows = new FlowBatch(64);
        // What stood there before must not matter.
        flows.beginSpan(ENDPOINT, new Exporter("edge", "", 0, 1, 9, 0), EXPORTED, EXPORTED, 1000);
        for (int row = flows.claim(records, ~FlowField.NARROW); row < records; row++) {
            flows.addresses(row, 7, 7, 7, 7);
            flows.nextHop(row, 7, 7);
            flows.transport(row, 0x0007_0007_0007_0707L);
            flows.icmpTypeAndCode(row, 7);
        }
        flows.clear();
        flows.beginSpan(ENDPOINT, new Exporter("edge", "", 0, 1, 9, 0), EXPORTED, EXPORTED, 1000);
        flows.claim(records, program.fields());
        return flows;
    }

    private static List<Long> columns(FlowBatch flows, int row) {
        List<Long> values = new ArrayList<>();
        for (long bit = 1; bit > 0 && bit <= 1L << 40; bit <<= 1) {
            values.add(flows.has(row, bit) ? bit : 0);
        }
        long times = FlowField.ABSOLUTE_TIMES | FlowField.UPTIME_TIMES;
        boolean hasTimes = flows.hasAny(row, times);
        values.addAll(Arrays.asList(
                flows.sourceHigh(row),
                flows.sourceLow(row),
                flows.destinationHigh(row),
                flows.destinationLow(row),
                flows.nextHopHigh(row),
                flows.nextHopLow(row),
                flows.natSourceHigh(row),
                flows.natSourceLow(row),
                flows.natDestinationHigh(row),
                flows.natDestinationLow(row),
                flows.octets(row),
                flows.packets(row),
                flows.flowCount(row),
                hasTimes ? flows.observedStart(row) : 0,
                hasTimes ? flows.observedEnd(row) : 0,
                flows.sourceMac(row),
                flows.destinationMac(row)));
        for (int value : new int[] {
            flows.protocol(row),
            flows.tos(row),
            flows.tcpFlags(row),
            flows.sourcePort(row),
            flows.destinationPort(row),
            flows.inputInterface(row),
            flows.outputInterface(row),
            flows.sourceAs(row),
            flows.destinationAs(row),
            flows.sourcePrefixLength(row),
            flows.destinationPrefixLength(row),
            flows.icmpTypeAndCode(row),
            flows.vlan(row),
            flows.postVlan(row),
            flows.ingressVrf(row),
            flows.egressVrf(row),
            flows.direction(row),
            flows.natSourcePort(row),
            flows.natDestinationPort(row),
            flows.portBlockFirst(row),
            flows.portBlockLast(row),
            flows.natEvent(row),
            flows.firewallEvent(row),
            flows.verdictOrdinal(row),
            flows.quality(row)
        }) {
            values.add((long) value);
        }
        return values;
    }
}
