// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

import org.flowtally.api.flow.FlowField;

/**
 * A record of a NetFlow v7 datagram: that of v5 with flags in two of its pads, and one address more.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |          srcaddr, 0 under a mask of destinations              |   0
 * +---------------+---------------+---------------+---------------+
 * |                            dstaddr                            |   4
 * +---------------+---------------+---------------+---------------+
 * |                            nexthop                            |   8
 * +---------------+---------------+---------------+---------------+
 * |        input, SNMP index      |       output, SNMP index      |  12
 * +---------------+---------------+---------------+---------------+
 * |                       dPkts, packets                          |  16
 * +---------------+---------------+---------------+---------------+
 * |                  dOctets, octets of layer 3                   |  20
 * +---------------+---------------+---------------+---------------+
 * |          First, uptime in milliseconds at its start           |  24
 * +---------------+---------------+---------------+---------------+
 * |           Last, uptime in milliseconds at its end             |  28
 * +---------------+---------------+---------------+---------------+
 * |   srcport, 0 without a full   |   dstport, 0 without a full   |  32
 * |            flow mask          |            flow mask          |
 * +---------------+---------------+---------------+---------------+
 * |    flags1     |   tcp_flags   | prot, likewise|      tos      |  36
 * +---------------+---------------+---------------+---------------+
 * |            src_as             |            dst_as             |  40
 * +---------------+---------------+---------------+---------------+
 * |   src_mask    |   dst_mask    |            flags2             |  44
 * +---------------+---------------+---------------+---------------+
 * |      router_sc, the router that the switch stands in for      |  48
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V7Record {
    static final int OCTETS = 52;

    // The record is read in words of eight octets, two lines of the picture each.
    static final int ADDRESSES = 0; // srcaddr, dstaddr
    static final int ROUTE = 8; // nexthop, input, output
    static final int COUNTERS = 16; // dPkts, dOctets
    static final int UPTIMES = 24; // First, Last
    static final int TRANSPORT = 32; // srcport, dstport, flags1, tcp_flags, prot, tos
    static final int NETWORKS = 40; // src_as, dst_as, src_mask, dst_mask, flags2

    static final int SOURCE = 0;
    static final int PROTOCOL = 38;

    /** What a record has under a full flow mask. */
    static final long FIELDS = FlowField.ADDRESSES
            | FlowField.OCTETS
            | FlowField.PACKETS
            | FlowField.PORTS
            | FlowField.PROTOCOL
            | FlowField.TOS
            | FlowField.TCP_FLAGS
            | FlowField.INTERFACES
            | FlowField.AUTONOMOUS_SYSTEMS
            | FlowField.NEXT_HOP
            | FlowField.PREFIX_LENGTHS
            | FlowField.UPTIME_TIMES
            | FlowField.NARROW;

    /** What a record lacks whose flow mask does not keep the protocol. */
    static final long TRANSPORT_FIELDS = FlowField.PROTOCOL | FlowField.PORTS | FlowField.TCP_FLAGS;

    private V7Record() {}
}
