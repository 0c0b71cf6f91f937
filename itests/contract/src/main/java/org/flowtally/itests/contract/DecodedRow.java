// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.Address;

/**
 * A copy of one row of a flow batch, for tests to compare.
 *
 * @param exporter who sent it
 * @param exportMillis the export time of its span
 * @param uptimeMillis the uptime of its span
 * @param verdict its verdict
 * @param samplingRate its sampling rate
 * @param quality its quality bits
 * @param fields the fields that are present, by the names that the corpus gives them
 */
public record DecodedRow(
        Exporter exporter,
        long exportMillis,
        long uptimeMillis,
        Verdict verdict,
        int samplingRate,
        int quality,
        Map<String, Object> fields) {
    /** Copies a row. */
    public static DecodedRow of(FlowBatch flows, int span, int row) {
        return new DecodedRow(
                flows.exporter(span),
                flows.exportMillis(span),
                flows.uptimeMillis(span),
                flows.verdict(row),
                flows.samplingRate(row),
                flows.quality(row),
                fields(flows, span, row));
    }

    private static Map<String, Object> fields(FlowBatch flows, int span, int row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (flows.has(row, FlowField.SOURCE_ADDRESS)) {
            fields.put(
                    flows.has(row, FlowField.SOURCE_IS_PREFIX) ? "src_prefix" : "src",
                    Address.text(flows.sourceHigh(row), flows.sourceLow(row)));
        }
        if (flows.has(row, FlowField.DESTINATION_ADDRESS)) {
            fields.put(
                    flows.has(row, FlowField.DESTINATION_IS_PREFIX) ? "dst_prefix" : "dst",
                    Address.text(flows.destinationHigh(row), flows.destinationLow(row)));
        }
        if (flows.has(row, FlowField.NEXT_HOP)) {
            fields.put("next_hop", Address.text(flows.nextHopHigh(row), flows.nextHopLow(row)));
        }
        if (flows.has(row, FlowField.OCTETS)) {
            fields.put("octets", flows.octets(row));
        }
        if (flows.has(row, FlowField.PACKETS)) {
            fields.put("packets", flows.packets(row));
        }
        if (flows.has(row, FlowField.INTERFACES)) {
            fields.put("in_if", Integer.toUnsignedLong(flows.inputInterface(row)));
            fields.put("out_if", Integer.toUnsignedLong(flows.outputInterface(row)));
        }
        if (flows.has(row, FlowField.PORTS)) {
            fields.put("src_port", (long) flows.sourcePort(row));
            fields.put("dst_port", (long) flows.destinationPort(row));
        }
        put(fields, flows, row, FlowField.PROTOCOL, "protocol", flows.protocol(row));
        put(fields, flows, row, FlowField.TOS, "tos", flows.tos(row));
        put(fields, flows, row, FlowField.TCP_FLAGS, "tcp_flags", flows.tcpFlags(row));
        put(fields, flows, row, FlowField.ICMP, "icmp_type_code", flows.icmpTypeAndCode(row));
        if (flows.has(row, FlowField.AUTONOMOUS_SYSTEMS)) {
            fields.put("src_as", Integer.toUnsignedLong(flows.sourceAs(row)));
            fields.put("dst_as", Integer.toUnsignedLong(flows.destinationAs(row)));
        }
        if (flows.has(row, FlowField.PREFIX_LENGTHS)) {
            fields.put("src_mask", (long) flows.sourcePrefixLength(row));
            fields.put("dst_mask", (long) flows.destinationPrefixLength(row));
        }
        if (flows.has(row, FlowField.MAC_ADDRESSES)) {
            fields.put("src_mac", mac(flows.sourceMac(row)));
            fields.put("dst_mac", mac(flows.destinationMac(row)));
        }
        if (flows.has(row, FlowField.VLANS)) {
            fields.put("vlan", (long) flows.vlan(row));
            fields.put("post_vlan", (long) flows.postVlan(row));
        }
        if (flows.has(row, FlowField.VRFS)) {
            fields.put("in_vrf", Integer.toUnsignedLong(flows.ingressVrf(row)));
            fields.put("out_vrf", Integer.toUnsignedLong(flows.egressVrf(row)));
        }
        put(fields, flows, row, FlowField.DIRECTION, "direction", flows.direction(row));
        if (flows.has(row, FlowField.NAT_ADDRESSES)) {
            fields.put("post_nat_src", Address.text(flows.natSourceHigh(row), flows.natSourceLow(row)));
            fields.put("post_nat_dst", Address.text(flows.natDestinationHigh(row), flows.natDestinationLow(row)));
        }
        if (flows.has(row, FlowField.NAT_PORTS)) {
            fields.put("post_nat_src_port", (long) flows.natSourcePort(row));
            fields.put("post_nat_dst_port", (long) flows.natDestinationPort(row));
        }
        if (flows.has(row, FlowField.PORT_BLOCK)) {
            fields.put("port_block_first", (long) flows.portBlockFirst(row));
            fields.put("port_block_last", (long) flows.portBlockLast(row));
        }
        put(fields, flows, row, FlowField.FLOWS, "flows", flows.flowCount(row));
        put(fields, flows, row, FlowField.NAT_EVENT, "nat_event", flows.natEvent(row));
        put(fields, flows, row, FlowField.FIREWALL_EVENT, "firewall_event", flows.firewallEvent(row));
        if (flows.has(row, FlowField.UPTIME_TIMES)) {
            fields.put("first_uptime_ms", flows.observedStart(row));
            fields.put("last_uptime_ms", flows.observedEnd(row));
            fields.put("start_ms", absoluteMillis(flows, span, flows.observedStart(row)));
            fields.put("end_ms", absoluteMillis(flows, span, flows.observedEnd(row)));
        }
        if (flows.has(row, FlowField.ABSOLUTE_TIMES)) {
            fields.put("start_ms", flows.observedStart(row));
            fields.put("end_ms", flows.observedEnd(row));
        }
        return fields;
    }

    private static String mac(long bits) {
        return HexFormat.ofDelimiter(":")
                .formatHex(ByteBuffer.allocate(Long.BYTES).putLong(bits).array(), 2, Long.BYTES);
    }

    private static void put(Map<String, Object> fields, FlowBatch flows, int row, long field, String name, long value) {
        if (flows.has(row, field)) {
            fields.put(name, value);
        }
    }

    /** The time of an uptime: more than 2^31 ms away from the uptime of the export means the other side of a wrap. */
    private static long absoluteMillis(FlowBatch flows, int span, long uptimeMillis) {
        return flows.exportMillis(span) + (int) (uptimeMillis - flows.uptimeMillis(span));
    }
}
