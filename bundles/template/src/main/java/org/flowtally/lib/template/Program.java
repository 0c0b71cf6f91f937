// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;

/**
 * How records of one template become rows in one direction: a flat list of operations. Records of fixed length are read
 * field by field and not record by record, so that what an operation does is asked once for all of them.
 */
final class Program {
    /** How many records a block has at most. */
    static final int BLOCK = 256;

    private static final long IPV4 = 0xFFFF_0000_0000L; // ::ffff:a.b.c.d, the lower half.
    private static final long U32 = 0xFFFF_FFFFL;
    private static final int IPV6_LOW = 8;
    private static final int ICMP_FOR_IPV4 = 1;
    private static final int ICMP_FOR_IPV6 = 58;
    private static final int MICROS_PER_MILLI = 1000;
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int DSCP_SHIFT = 2;
    private static final int FIREWALL_DENIED = 3;
    private static final int FIREWALL_ALERT = 4;

    /** Stands for the opposite direction where there is none. */
    static final Program NONE = new Program(new Operation[0], 0, Verdict.INCOMPLETE, false, false);

    private final Operation[] operations;
    private final BlockStep[] steps; // For a block of records; they stand for some of the operations.
    private final Operation[] others; // What is left of them.
    private final boolean stepsKnowProtocol;
    private final long fields;
    private final Verdict verdict;
    private final boolean mayBeEvent;
    private final boolean takesIcmpFromPort;

    /**
     * Makes a program.
     *
     * @param operations its steps
     * @param fields the fields that every row has
     * @param verdict what every row is, from its fields alone
     * @param mayBeEvent whether a row that could be counted may be an event
     * @param takesIcmpFromPort whether ICMP type and code stand in the destination port
     */
    Program(Operation[] operations, long fields, Verdict verdict, boolean mayBeEvent, boolean takesIcmpFromPort) {
        this.operations = operations;
        List<Operation> left = new ArrayList<>(List.of(operations));
        steps = BlockStep.takeFrom(left);
        others = left.toArray(new Operation[0]);
        stepsKnowProtocol = left.stream().noneMatch(each -> each.column() == Column.PROTOCOL);
        this.fields = fields;
        this.verdict = verdict;
        this.mayBeEvent = mayBeEvent;
        this.takesIcmpFromPort = takesIcmpFromPort;
    }

    /** Returns the fields that every row has. */
    long fields() {
        return fields;
    }

    /** Returns what every row is, from its fields alone. */
    Verdict verdict() {
        return verdict;
    }

    /** Fills the rows of a block of records of fixed length, at most {@link #BLOCK} of them. */
    void fill(
            byte[] octets,
            int at,
            int stride,
            int records,
            FlowBatch flows,
            int row,
            long exportMillis,
            long[] values) {
        boolean hasLead = at >= BlockStep.LEAD;
        boolean mayBeIcmp = !hasLead || !stepsKnowProtocol;
        if (hasLead) {
            for (BlockStep each : steps) {
                mayBeIcmp |= each.fill(octets, at, stride, records, flows, row);
            }
        }
        for (Operation each : hasLead ? others : operations) {
            write(each, octets, at + each.offset(), stride, each.width(), records, flows, row, exportMillis, values);
        }
        finish(flows, row, records, mayBeIcmp);
    }

    /** Fills the row of one record whose fields were located. */
    void fill(byte[] octets, int[] starts, int[] widths, FlowBatch flows, int row, long exportMillis, long[] values) {
        for (Operation each : operations) {
            boolean reads = each.field() != Operation.NO_FIELD;
            int at = reads ? starts[each.field()] : 0;
            write(each, octets, at, 0, reads ? widths[each.field()] : 0, 1, flows, row, exportMillis, values);
        }
        finish(flows, row, 1, true);
    }

    private void finish(FlowBatch flows, int row, int records, boolean mayBeIcmp) {
        int end = row + records;
        if ((fields & FlowField.ABSOLUTE_TIMES) != 0) {
            withdrawMissingTimes(flows, row, end);
        }
        if (takesIcmpFromPort && mayBeIcmp) {
            for (int index = row; index < end; index++) {
                int protocol = flows.protocol(index);
                if (protocol == ICMP_FOR_IPV4 || protocol == ICMP_FOR_IPV6) {
                    flows.add(index, FlowField.ICMP);
                    flows.icmpTypeAndCode(index, flows.destinationPort(index));
                }
            }
        }
        if (verdict != Verdict.COUNTED) {
            for (int index = row; index < end; index++) {
                flows.judge(index, verdict);
            }
        }
    }

    /** An exporter that does not know when a flow ended writes 0 there, which is no flow of 1970. */
    private static void withdrawMissingTimes(FlowBatch flows, int row, int end) {
        for (int index = row; index < end; index++) {
            if (flows.observedEnd(index) == 0) {
                flows.withdraw(index, FlowField.ABSOLUTE_TIMES);
            }
        }
    }

    /**
     * Judges rows that tell of an event and not of usage. Called once their counters are final. That a flow was created is
     * one only if it counted nothing: PAN-OS counts a flow's first packets there, and no later report of it has them.
     */
    void judgeEvents(FlowBatch flows, int row, int records) {
        if (!mayBeEvent) {
            return;
        }
        for (int index = row; index < row + records; index++) {
            int firewall = flows.firewallEvent(index);
            boolean isSilent = flows.octets(index) == 0 && flows.packets(index) == 0;
            if (firewall == FIREWALL_DENIED
                    || firewall == FIREWALL_ALERT
                    || (isSilent && (firewall | flows.natEvent(index)) != 0)) {
                flows.judge(index, Verdict.EVENT);
            }
        }
    }

    private static void write(
            Operation operation,
            byte[] octets,
            int at,
            int stride,
            int width,
            int records,
            FlowBatch flows,
            int row,
            long exportMillis,
            long[] values) {
        switch (operation.column()) {
            case SOURCE_IPV6, DESTINATION_IPV6, NEXT_HOP_IPV6, NAT_SOURCE_IPV6, NAT_DESTINATION_IPV6 -> {
                for (int index = 0; index < records; index++) {
                    writeIpv6(operation, octets, at + index * stride, width, flows, row + index);
                }
            }
            default -> {
                Numbers.read(octets, at, stride, records, width, values);
                if (operation.isSecond()) {
                    writeSecond(operation.column(), values, records, flows, row);
                } else {
                    writeNumbers(operation.column(), values, records, flows, row, exportMillis);
                }
            }
        }
    }

    private static void writeIpv6(Operation operation, byte[] octets, int at, int width, FlowBatch flows, int row) {
        long high = width == 0 ? 0 : Octets.u64(octets, at);
        long low = width == 0 ? 0 : Octets.u64(octets, at + IPV6_LOW);
        boolean keepsFirst = operation.isSecond();
        switch (operation.column()) {
            case SOURCE_IPV6 -> {
                if (!keepsFirst || flows.sourceLow(row) == IPV4) {
                    flows.sourceAddress(row, high, low);
                }
            }
            case DESTINATION_IPV6 -> {
                if (!keepsFirst || flows.destinationLow(row) == IPV4) {
                    flows.destinationAddress(row, high, low);
                }
            }
            case NEXT_HOP_IPV6 -> {
                if (!keepsFirst || flows.nextHopLow(row) == IPV4) {
                    flows.nextHop(row, high, low);
                }
            }
            case NAT_SOURCE_IPV6 -> {
                if (!keepsFirst || flows.natSourceLow(row) == IPV4) {
                    flows.natSource(row, high, low);
                }
            }
            default -> {
                if (!keepsFirst || flows.natDestinationLow(row) == IPV4) {
                    flows.natDestination(row, high, low);
                }
            }
        }
    }

    /** Writes where the first field for the column had a zero. */
    private static void writeSecond(Column column, long[] values, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            int at = row + index;
            int value = (int) values[index];
            switch (column) {
                case SOURCE_LENGTH -> {
                    if (flows.sourcePrefixLength(at) == 0) {
                        flows.sourcePrefixLength(at, value);
                    }
                }
                case DESTINATION_LENGTH -> {
                    if (flows.destinationPrefixLength(at) == 0) {
                        flows.destinationPrefixLength(at, value);
                    }
                }
                case OCTETS -> {
                    if (flows.octets(at) == 0) {
                        flows.octets(at, values[index]);
                    }
                }
                case PACKETS -> {
                    if (flows.packets(at) == 0) {
                        flows.packets(at, values[index]);
                    }
                }
                default -> {
                    if (flows.icmpTypeAndCode(at) == 0) {
                        flows.icmpTypeAndCode(at, value);
                    }
                }
            }
        }
    }

    /** Writes what nearly all flows have. */
    private static void writeNumbers(
            Column column, long[] values, int records, FlowBatch flows, int row, long exportMillis) {
        switch (column) {
            case SOURCE_IPV4 -> {
                for (int index = 0; index < records; index++) {
                    flows.sourceIpv4(row + index, values[index]);
                }
            }
            case DESTINATION_IPV4 -> {
                for (int index = 0; index < records; index++) {
                    flows.destinationIpv4(row + index, values[index]);
                }
            }
            case NEXT_HOP_IPV4 -> {
                for (int index = 0; index < records; index++) {
                    flows.nextHopIpv4(row + index, values[index]);
                }
            }
            case NAT_SOURCE_IPV4 -> {
                for (int index = 0; index < records; index++) {
                    flows.natSource(row + index, 0, IPV4 | (values[index] & U32));
                }
            }
            case NAT_DESTINATION_IPV4 -> {
                for (int index = 0; index < records; index++) {
                    flows.natDestination(row + index, 0, IPV4 | (values[index] & U32));
                }
            }
            case OCTETS -> {
                for (int index = 0; index < records; index++) {
                    flows.octets(row + index, values[index]);
                }
            }
            case PACKETS -> {
                for (int index = 0; index < records; index++) {
                    flows.packets(row + index, values[index]);
                }
            }
            case PROTOCOL -> {
                for (int index = 0; index < records; index++) {
                    flows.protocol(row + index, (int) values[index]);
                }
            }
            case TYPE_OF_SERVICE -> {
                for (int index = 0; index < records; index++) {
                    flows.tos(row + index, (int) values[index]);
                }
            }
            case TCP_FLAGS -> {
                for (int index = 0; index < records; index++) {
                    flows.tcpFlags(row + index, (int) values[index]);
                }
            }
            case SOURCE_PORT -> {
                for (int index = 0; index < records; index++) {
                    flows.sourcePort(row + index, (int) values[index]);
                }
            }
            case DESTINATION_PORT -> {
                for (int index = 0; index < records; index++) {
                    flows.destinationPort(row + index, (int) values[index]);
                }
            }
            case INPUT_INTERFACE -> {
                for (int index = 0; index < records; index++) {
                    flows.inputInterface(row + index, (int) values[index]);
                }
            }
            case OUTPUT_INTERFACE -> {
                for (int index = 0; index < records; index++) {
                    flows.outputInterface(row + index, (int) values[index]);
                }
            }
            case SOURCE_AS -> {
                for (int index = 0; index < records; index++) {
                    flows.sourceAs(row + index, (int) values[index]);
                }
            }
            case DESTINATION_AS -> {
                for (int index = 0; index < records; index++) {
                    flows.destinationAs(row + index, (int) values[index]);
                }
            }
            case SOURCE_LENGTH -> {
                for (int index = 0; index < records; index++) {
                    flows.sourcePrefixLength(row + index, (int) values[index]);
                }
            }
            case DESTINATION_LENGTH -> {
                for (int index = 0; index < records; index++) {
                    flows.destinationPrefixLength(row + index, (int) values[index]);
                }
            }
            case ICMP -> {
                for (int index = 0; index < records; index++) {
                    flows.icmpTypeAndCode(row + index, (int) values[index]);
                }
            }
            case DIFFSERV_CODE_POINT -> {
                for (int index = 0; index < records; index++) {
                    flows.tos(row + index, (int) values[index] << DSCP_SHIFT);
                }
            }
            case ICMP_TYPE -> {
                for (int index = 0; index < records; index++) {
                    flows.icmpTypeAndCode(row + index, (int) values[index] << Byte.SIZE);
                }
            }
            case ICMP_CODE -> {
                for (int index = 0; index < records; index++) {
                    flows.icmpTypeAndCode(
                            row + index, flows.icmpTypeAndCode(row + index) | ((int) values[index] & 0xFF));
                }
            }
            default -> writeRest(column, values, records, flows, row, exportMillis);
        }
    }

    /** Writes what some flows have. */
    private static void writeRest(
            Column column, long[] values, int records, FlowBatch flows, int row, long exportMillis) {
        switch (column) {
            case SOURCE_MAC -> {
                for (int index = 0; index < records; index++) {
                    flows.sourceMac(row + index, values[index]);
                }
            }
            case DESTINATION_MAC -> {
                for (int index = 0; index < records; index++) {
                    flows.destinationMac(row + index, values[index]);
                }
            }
            case VLAN -> {
                for (int index = 0; index < records; index++) {
                    flows.vlan(row + index, (int) values[index]);
                }
            }
            case POST_VLAN -> {
                for (int index = 0; index < records; index++) {
                    flows.postVlan(row + index, (int) values[index]);
                }
            }
            case INGRESS_VRF -> {
                for (int index = 0; index < records; index++) {
                    flows.ingressVrf(row + index, (int) values[index]);
                }
            }
            case EGRESS_VRF -> {
                for (int index = 0; index < records; index++) {
                    flows.egressVrf(row + index, (int) values[index]);
                }
            }
            case DIRECTION -> {
                for (int index = 0; index < records; index++) {
                    flows.direction(row + index, (int) values[index]);
                }
            }
            case NAT_SOURCE_PORT -> {
                for (int index = 0; index < records; index++) {
                    flows.natSourcePort(row + index, (int) values[index]);
                }
            }
            case NAT_DESTINATION_PORT -> {
                for (int index = 0; index < records; index++) {
                    flows.natDestinationPort(row + index, (int) values[index]);
                }
            }
            case PORT_BLOCK_FIRST -> {
                for (int index = 0; index < records; index++) {
                    flows.portBlockFirst(row + index, (int) values[index]);
                }
            }
            case PORT_BLOCK_LAST -> {
                for (int index = 0; index < records; index++) {
                    flows.portBlockLast(row + index, (int) values[index]);
                }
            }
            case FLOWS -> {
                for (int index = 0; index < records; index++) {
                    flows.flowCount(row + index, (int) values[index]);
                }
            }
            case NAT_EVENT -> {
                for (int index = 0; index < records; index++) {
                    flows.natEvent(row + index, (int) values[index]);
                }
            }
            case FIREWALL_EVENT -> {
                for (int index = 0; index < records; index++) {
                    flows.firewallEvent(row + index, (int) values[index]);
                }
            }
            case PORT_BLOCK_SIZE -> {
                for (int index = 0; index < records; index++) {
                    flows.portBlockLast(row + index, flows.portBlockFirst(row + index) + (int) values[index] - 1);
                }
            }
            default -> writeTimes(column, values, records, flows, row, exportMillis);
        }
    }

    /** Writes times, in any form. */
    private static void writeTimes(
            Column column, long[] values, int records, FlowBatch flows, int row, long exportMillis) {
        switch (column) {
            case START_MILLIS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, values[index]);
                }
            }
            case END_MILLIS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, values[index]);
                }
            }
            case START_SECONDS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, values[index] * MILLIS_PER_SECOND);
                }
            }
            case END_SECONDS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, values[index] * MILLIS_PER_SECOND);
                }
            }
            case START_NTP -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, Numbers.ntpMillis(values[index]));
                }
            }
            case END_NTP -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, Numbers.ntpMillis(values[index]));
                }
            }
            case START_DELTA_MICROS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, exportMillis - values[index] / MICROS_PER_MILLI);
                }
            }
            case END_DELTA_MICROS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, exportMillis - values[index] / MICROS_PER_MILLI);
                }
            }
            case START_UPTIME -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, values[index] & U32);
                }
            }
            case END_UPTIME -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, values[index] & U32);
                }
            }
            case START_OF_END -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, flows.observedEnd(row + index));
                }
            }
            case END_OF_START -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, flows.observedStart(row + index));
                }
            }
            case START_BY_DURATION_MILLIS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, flows.observedEnd(row + index) - values[index]);
                }
            }
            case END_BY_DURATION_MILLIS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, flows.observedStart(row + index) + values[index]);
                }
            }
            case START_BY_DURATION_MICROS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedStart(row + index, flows.observedEnd(row + index) - values[index] / MICROS_PER_MILLI);
                }
            }
            case END_BY_DURATION_MICROS -> {
                for (int index = 0; index < records; index++) {
                    flows.observedEnd(row + index, flows.observedStart(row + index) + values[index] / MICROS_PER_MILLI);
                }
            }
            default -> addBoot(values, records, flows, row);
        }
    }

    /** Makes uptimes absolute. */
    private static void addBoot(long[] values, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long boot = values[index];
            flows.observedTimes(
                    row + index, boot + flows.observedStart(row + index), boot + flows.observedEnd(row + index));
        }
    }
}
