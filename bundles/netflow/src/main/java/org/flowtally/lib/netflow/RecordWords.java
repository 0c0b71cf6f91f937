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
    private static final int U8 = 0xFF;
    private static final int ICMP = 1;
    private static final long WITHOUT_PAD = 0xFFFF_FFFF_00FF_FFFFL;
    private static final long WITHOUT_FLAGS = 0xFFFF_FFFF_0000_FFFFL;
    private static final int LONGEST_MASK = 32;

    private RecordWords() {}

    /** Reads {@code srcaddr, dstaddr}. */
    public static void addresses(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.ipv4Addresses(row, word >>> 32, word);
    }

    /** Reads {@code nexthop} and the two octets each of {@code input, output} into a narrow row. */
    public static void narrowRoute(byte[] octets, int at, FlowBatch flows, int row) {
        flows.narrowRoute(row, Octets.u64(octets, at));
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

    /** Reads {@code First, Last}, milliseconds of uptime, into a narrow row. */
    public static void narrowUptimes(byte[] octets, int at, FlowBatch flows, int row) {
        flows.narrowTimes(row, Octets.u64(octets, at));
    }

    /**
     * Reads {@code srcport, dstport}, an octet that is nobody's, {@code tcp_flags, prot, tos} as v5 and v7 have them.
     *
     * @return whether the row is of ICMP, see {@link #icmp}
     */
    public static boolean transport(byte[] octets, int at, FlowBatch flows, int row) {
        long word = Octets.u64(octets, at);
        flows.transport(row, word & WITHOUT_PAD);
        return ((word >>> 8) & U8) == ICMP;
    }

    /** Writes the word that {@link #transport(byte[], int, FlowBatch, int)} reads, with TCP flags from elsewhere. */
    public static boolean transport(long word, int tcpFlags, FlowBatch flows, int row) {
        flows.transport(row, (word & WITHOUT_FLAGS) | ((long) tcpFlags << Short.SIZE));
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

    /** Reads the two octets each of {@code src_as, dst_as} and the octet each of {@code src_mask, dst_mask} into a narrow row. */
    public static void narrowNetworks(byte[] octets, int at, FlowBatch flows, int row) {
        flows.narrowNetworks(row, Octets.u64(octets, at));
    }

    /** Writes protocol, type of service and ports of a row that has no TCP flags, and of ICMP type and code. */
    public static void ports(
            FlowBatch flows, int row, int protocol, int typeOfService, int sourcePort, int destinationPort) {
        long ports = ((long) sourcePort << Short.SIZE) | destinationPort;
        flows.transport(row, (ports << Integer.SIZE) | ((long) protocol << Byte.SIZE) | typeOfService);
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
