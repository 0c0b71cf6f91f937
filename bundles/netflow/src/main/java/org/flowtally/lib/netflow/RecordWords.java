// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.netflow;

import org.flowtally.api.datagram.Octets;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;

/**
 * Words of eight octets that records of several versions share, and the columns that each of them feeds. Every method takes
 * the place of its word in the first record, how far the records lie apart, how many there are and the row of the first:
 * short loops over a few columns, of which the compiler makes more than of a long one over two dozen.
 */
public final class RecordWords {
    /** The upper half of the low half of an IPv4 address as columns have it: ::ffff:a.b.c.d. */
    public static final long IPV4 = 0xFFFF_0000_0000L;

    private static final long U32 = 0xFFFF_FFFFL;
    private static final int U16 = 0xFFFF;
    private static final int U8 = 0xFF;
    private static final int ICMP = 1;
    private static final int LONGEST_MASK = 32;

    private RecordWords() {}

    /** Reads {@code srcaddr, dstaddr}. */
    public static void addresses(byte[] octets, int at, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * apart);
            flows.addresses(row + index, 0, IPV4 | (word >>> 32), 0, IPV4 | (word & U32));
        }
    }

    /** Reads {@code nexthop} and the two octets each of {@code input, output}. */
    public static void route(byte[] octets, int at, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * apart);
            flows.nextHop(row + index, 0, IPV4 | (word >>> 32));
            flows.interfaces(row + index, (int) (word >>> 16) & U16, (int) word & U16);
        }
    }

    /** Reads {@code dPkts, dOctets}. */
    public static void counters(byte[] octets, int at, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * apart);
            flows.packets(row + index, word >>> 32);
            flows.octets(row + index, word & U32);
        }
    }

    /** Reads {@code First, Last}, milliseconds of uptime. */
    public static void uptimes(byte[] octets, int at, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * apart);
            flows.observedTimes(row + index, word >>> 32, word & U32);
        }
    }

    /** Reads {@code srcport, dstport}, an octet that is nobody's, {@code tcp_flags, prot, tos} as v5 and v7 have them. */
    public static void transport(byte[] octets, int at, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * apart);
            flows.tcpFlags(row + index, (int) (word >>> 16) & U8);
            flows.tos(row + index, (int) word & U8);
            ports(flows, row + index, (int) (word >>> 8) & U8, (int) (word >>> 48), (int) (word >>> 32) & U16);
        }
    }

    /** Reads the two octets each of {@code src_as, dst_as} and the octet each of {@code src_mask, dst_mask}. */
    public static void networks(byte[] octets, int at, int apart, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * apart);
            flows.autonomousSystems(row + index, (int) (word >>> 48), (int) (word >>> 32) & U16);
            flows.prefixLengths(
                    row + index, prefixLength((int) (word >>> 24) & U8), prefixLength((int) (word >>> 16) & U8));
        }
    }

    /** Writes protocol and ports of a row; of ICMP the destination port is type * 256 + code, for want of a field. */
    public static void ports(FlowBatch flows, int row, int protocol, int sourcePort, int destinationPort) {
        flows.protocol(row, protocol);
        flows.ports(row, sourcePort, destinationPort);
        if (protocol == ICMP) {
            flows.add(row, FlowField.ICMP);
            flows.icmpTypeAndCode(row, destinationPort);
        }
    }

    /** Returns a prefix length, 0..32; what is longer than an address says nothing and becomes 0, the mark for unknown. */
    public static int prefixLength(int mask) {
        return mask <= LONGEST_MASK ? mask : 0;
    }
}
