// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import org.flowtally.api.datagram.Octets;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.netflow.RecordWords;

/**
 * The records of a Catalyst switch, one layout for each flow mask. The destination comes first. {@code marked_tos} is the ToS
 * after re-marking, {@code extra_pkts} packets beyond the contract, {@code router_sc} the router that the switch stands in
 * for: there are no columns for these.
 *
 * <pre>
 *  DESTINATION, method 6         SOURCE_DESTINATION, method 7   FULL_FLOW, method 8
 *
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |          dstaddr          |  |          dstaddr          |  |          dstaddr          |   0
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |           dPkts           |  |          srcaddr          |  |          srcaddr          |   4
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |          dOctets          |  |           dPkts           |  |   dstport   |   srcport   |   8
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |           First           |  |          dOctets          |  |           dPkts           |  12
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |           Last            |  |           First           |  |          dOctets          |  16
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |   output    | tos  |m_tos |  |           Last            |  |           First           |  20
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |        extra_pkts         |  |   output    |    input    |  |           Last            |  24
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |         router_sc         |  | tos  |m_tos |     pad     |  |   output    |    input    |  28
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 *                                |        extra_pkts         |  | tos  | prot |m_tos | pad  |  32
 *                                +------+------+------+------+  +------+------+------+------+
 *                                |         router_sc         |  |        extra_pkts         |  36
 *                                +------+------+------+------+  +------+------+------+------+
 *                                                               |         router_sc         |  40
 *                                                               +------+------+------+------+
 * </pre>
 */
final class SwitchedRecords {
    private static final int DESTINATION_AT = 0; // And the source behind it, where there is one.
    private static final long NO_ADDRESS = 0;
    private static final long U32 = 0xFFFF_FFFFL;

    private SwitchedRecords() {}

    static void destination(byte[] octets, int first, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            int record = first + index * apart;
            RecordWords.counters(octets, record + 4, flows, row + index);
            RecordWords.narrowUptimes(octets, record + 12, flows, row + index);
            flows.addresses(row + index, 0, NO_ADDRESS, 0, address(octets, record + DESTINATION_AT));
            flows.narrowRoute(row + index, Octets.u16(octets, record + 20));
            flows.tos(row + index, Octets.u8(octets, record + 22));
        }
    }

    static void sourceDestination(byte[] octets, int first, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            int record = first + index * apart;
            RecordWords.counters(octets, record + 8, flows, row + index);
            RecordWords.narrowUptimes(octets, record + 16, flows, row + index);
            hosts(octets, record, flows, row + index);
            interfaces(octets, record + 24, flows, row + index);
            flows.tos(row + index, Octets.u8(octets, record + 28));
        }
    }

    static void fullFlow(byte[] octets, int first, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            int record = first + index * apart;
            RecordWords.counters(octets, record + 12, flows, row + index);
            RecordWords.narrowUptimes(octets, record + 20, flows, row + index);
            hosts(octets, record, flows, row + index);
            interfaces(octets, record + 28, flows, row + index);
            int sourcePort = Octets.u16(octets, record + 10);
            int destinationPort = Octets.u16(octets, record + 8);
            int typeOfService = Octets.u8(octets, record + 32);
            int protocol = Octets.u8(octets, record + 33);
            RecordWords.ports(flows, row + index, protocol, typeOfService, sourcePort, destinationPort);
        }
    }

    private static void hosts(byte[] octets, int record, FlowBatch flows, int row) {
        long word = Octets.u64(octets, record + DESTINATION_AT);
        flows.ipv4Addresses(row, word, word >>> 32);
    }

    /** Reads {@code output, input}: the way out comes first. */
    private static void interfaces(byte[] octets, int at, FlowBatch flows, int row) {
        flows.narrowRoute(row, Integer.rotateLeft(Octets.i32(octets, at), Short.SIZE) & U32);
    }

    private static long address(byte[] octets, int at) {
        return RecordWords.IPV4 | Octets.u32(octets, at);
    }
}
