// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.netflow;

import org.flowtally.api.datagram.Octets;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;

/**
 * Words of eight octets that records of several versions share, and the columns that each of them feeds. Every method reads
 * its word of one record into one row.
 */
public final class RecordWords {
    /** The upper half of the low half of an IPv4 address as columns have it: ::ffff:a.b.c.d. */
    public static final long IPV4 = 0xFFFF_0000_0000L;

    private static final long U32 = 0xFFFF_FFFFL;
    private static final int U16 = 0xFFFF;
    private static final int U8 = 0xFF;
    private static final int ICMP = 1;
    private static final int WITHOUT_PAD = 0xFF_FFFF;
    private static final int LONGEST_MASK = 32;
    /** Makes of a mask beyond 32 one beyond 127, in both octets at once. */
    private static final int EACH_OVER_127 = 0x0101 * (127 - LONGEST_MASK);

    private static final int EACH_TOP_BIT = 0x8080;

    private RecordWords() {}

    /** Reads {@code srcaddr, dstaddr}. */
    public static void addresses(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.ipv4Addresses(row, word >>> 32, word);
    }

    /** Reads {@code nexthop} and the two octets each of {@code input, output}. */
    public static void route(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.nextHopIpv4(row, word >>> 32);
        flows.interfaces(row, (int) (word >>> 16) & U16, (int) word & U16);
    }

    /** Reads {@code dPkts, dOctets}. */
    public static void counters(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.packets(row, word >>> 32);
        flows.octets(row, word & U32);
    }

    /** Reads {@code First, Last}, milliseconds of uptime. */
    public static void uptimes(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.observedTimes(row, word >>> 32, word & U32);
    }

    /**
     * Reads {@code srcport, dstport}, an octet that is nobody's, {@code tcp_flags, prot, tos} as v5 and v7 have them.
     *
     * @return whether the row is of ICMP, see {@link #icmp}
     */
    public static boolean transport(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.ports(row, (int) (word >>> 32));
        flows.transport(row, (int) word & WITHOUT_PAD);
        return ((word >>> 8) & U8) == ICMP;
    }

    /** Writes the word that {@link #transport(byte[], int, FlowBatch, int)} reads, with TCP flags from elsewhere. */
    public static boolean transport(long word, int tcpFlags, FlowBatch flows, int row) {
        flows.ports(row, (int) (word >>> 32));
        flows.transport(row, (tcpFlags << Short.SIZE) | ((int) word & U16));
        return ((word >>> 8) & U8) == ICMP;
    }

    /**
     * Takes type and code of the rows that are of ICMP from their destination port, where they are for want of a field:
     * type * 256 + code. Called once for all rows of a datagram, if there are such rows at all.
     */
    public static void icmp(FlowBatch flows, int row, int rows) {
        for (int index = row; index < row + rows; index++) {
            if (flows.protocol(index) == ICMP) {
                flows.add(index, FlowField.ICMP);
                flows.icmpTypeAndCode(index, flows.destinationPort(index));
            }
        }
    }

    /** Reads the two octets each of {@code src_as, dst_as} and the octet each of {@code src_mask, dst_mask}. */
    public static void networks(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.autonomousSystems(row, (int) (word >>> 48), (int) (word >>> 32) & U16);
        int masks = (int) (word >>> 16) & U16;
        boolean arePlausible = (((masks + EACH_OVER_127) | masks) & EACH_TOP_BIT) == 0;
        flows.prefixLengths(row, arePlausible ? masks : prefixLengths(masks));
    }

    private static int prefixLengths(int masks) {
        return (prefixLength(masks >>> Byte.SIZE) << Byte.SIZE) | prefixLength(masks & U8);
    }

    /** Writes protocol and ports of a row, and of ICMP type and code; leaves TCP flags and type of service alone. */
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
