// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import org.flowtally.api.datagram.Octets;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.netflow.RecordWords;

/**
 * The records of a router's aggregation caches. All begin alike. Where a method comes with ToS and without, the octet of the ToS is padding in the one without.
 *
 * <pre>
 *  all of them                   AS, 1, and AS_TOS, 9           PROTOCOL_PORT, 2, and _TOS, 10
 *
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |           flows           |  |   src_as    |   dst_as    |  | prot | tos  |     pad     |  20
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |           dPkts           |  |    input    |   output    |  |   srcport   |   dstport   |  24
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |          dOctets          |  | tos  | pad  |     pad     |  |    input    |   output    |  28
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |           First           |   the last line only in 9        the last line only in 10
 * +------+------+------+------+
 * |           Last            |
 * +------+------+------+------+
 *
 *  SOURCE_PREFIX, 3, and         DESTINATION_PREFIX, 4, and     PREFIX, 5, PREFIX_TOS, 13, and
 *  SOURCE_PREFIX_TOS, 11         DESTINATION_PREFIX_TOS, 12     PREFIX_PORT, 14
 *
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |        src_prefix         |  |        dst_prefix         |  |        src_prefix         |  20
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |s_mask| tos  |   src_as    |  |d_mask| tos  |   dst_as    |  |        dst_prefix         |  24
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 * |    input    |     pad     |  |   output    |     pad     |  |s_mask|d_mask| tos  | prot |  28
 * +------+------+------+------+  +------+------+------+------+  +------+------+------+------+
 *                                                               |   src_as    |   dst_as    |  32
 *                                                               |   srcport   |   dstport   |
 *                                                               +------+------+------+------+
 *                                                               |    input    |   output    |  36
 *                                                               +------+------+------+------+
 *                                                                autonomous systems in 5 and 13,
 *                                                                protocol and ports in 14
 * </pre>
 */
final class RoutedRecords {
    private static final int COUNTERS = 4;
    private static final int UPTIMES = 12;
    private static final int REST = 20;
    private static final long NO_ADDRESS = 0;

    private RoutedRecords() {}

    static void fill(Aggregation aggregation, byte[] octets, int first, int records, FlowBatch flows, int row) {
        int apart = aggregation.recordOctets();
        for (int index = 0; index < records; index++) {
            int record = first + index * apart;
            flows.flowCount(row + index, Octets.i32(octets, record));
            RecordWords.counters(octets, record + COUNTERS, flows, row + index);
            RecordWords.uptimes(octets, record + UPTIMES, flows, row + index);
            rest(aggregation, octets, record + REST, flows, row + index);
        }
    }

    private static void rest(Aggregation aggregation, byte[] octets, int at, FlowBatch flows, int row) {
        switch (aggregation) {
            case AS, AS_TOS -> autonomousSystems(aggregation, octets, at, flows, row);
            case PROTOCOL_PORT, PROTOCOL_PORT_TOS -> protocolPort(aggregation, octets, at, flows, row);
            case SOURCE_PREFIX, SOURCE_PREFIX_TOS -> sourcePrefix(octets, at, flows, row);
            case DESTINATION_PREFIX, DESTINATION_PREFIX_TOS -> destinationPrefix(octets, at, flows, row);
            default -> prefixes(aggregation, octets, at, flows, row);
        }
    }

    private static void autonomousSystems(Aggregation aggregation, byte[] octets, int at, FlowBatch flows, int row) {
        flows.autonomousSystems(row, Octets.u16(octets, at), Octets.u16(octets, at + 2));
        flows.interfaces(row, Octets.u16(octets, at + 4), Octets.u16(octets, at + 6));
        if (aggregation == Aggregation.AS_TOS) {
            flows.tos(row, Octets.u8(octets, at + 8));
        }
    }

    private static void protocolPort(Aggregation aggregation, byte[] octets, int at, FlowBatch flows, int row) {
        int protocol = Octets.u8(octets, at);
        int typeOfService = Octets.u8(octets, at + 1);
        RecordWords.ports(flows, row, protocol, typeOfService, Octets.u16(octets, at + 4), Octets.u16(octets, at + 6));
        if (aggregation == Aggregation.PROTOCOL_PORT_TOS) {
            flows.interfaces(row, Octets.u16(octets, at + 8), Octets.u16(octets, at + 10));
        }
    }

    private static void sourcePrefix(byte[] octets, int at, FlowBatch flows, int row) {
        flows.addresses(row, 0, address(octets, at), 0, NO_ADDRESS);
        flows.prefixLengths(row, mask(octets, at + 4), 0);
        flows.tos(row, Octets.u8(octets, at + 5));
        flows.autonomousSystems(row, Octets.u16(octets, at + 6), 0);
        flows.interfaces(row, Octets.u16(octets, at + 8), 0);
    }

    private static void destinationPrefix(byte[] octets, int at, FlowBatch flows, int row) {
        flows.addresses(row, 0, NO_ADDRESS, 0, address(octets, at));
        flows.prefixLengths(row, 0, mask(octets, at + 4));
        flows.tos(row, Octets.u8(octets, at + 5));
        flows.autonomousSystems(row, 0, Octets.u16(octets, at + 6));
        flows.interfaces(row, 0, Octets.u16(octets, at + 8));
    }

    private static void prefixes(Aggregation aggregation, byte[] octets, int at, FlowBatch flows, int row) {
        flows.ipv4Addresses(row, Octets.u32(octets, at), Octets.u32(octets, at + 4));
        flows.prefixLengths(row, mask(octets, at + 8), mask(octets, at + 9));
        int typeOfService = Octets.u8(octets, at + 10);
        int source = Octets.u16(octets, at + 12);
        int destination = Octets.u16(octets, at + 14);
        if (aggregation == Aggregation.PREFIX_PORT) {
            RecordWords.ports(flows, row, Octets.u8(octets, at + 11), typeOfService, source, destination);
        } else {
            flows.tos(row, typeOfService);
            flows.autonomousSystems(row, source, destination);
        }
        flows.interfaces(row, Octets.u16(octets, at + 16), Octets.u16(octets, at + 18));
    }

    private static long address(byte[] octets, int at) {
        return RecordWords.IPV4 | Octets.u32(octets, at);
    }

    private static int mask(byte[] octets, int at) {
        return RecordWords.prefixLength(Octets.u8(octets, at));
    }
}
