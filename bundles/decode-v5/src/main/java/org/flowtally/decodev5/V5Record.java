// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import org.flowtally.api.flow.FlowField;

/**
 * A record of a NetFlow v5 datagram.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |                            srcaddr                            |   0
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
 * |            srcport            |            dstport            |  32
 * +---------------+---------------+---------------+---------------+
 * |     pad1      |   tcp_flags   |     prot      |      tos      |  36
 * +---------------+---------------+---------------+---------------+
 * |            src_as             |            dst_as             |  40
 * +---------------+---------------+---------------+---------------+
 * |   src_mask    |   dst_mask    |             pad2              |  44
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V5Record {
    static final int OCTETS = 48;

    // The record is read in words of eight octets, two lines of the picture each.
    static final int ADDRESSES = 0; // srcaddr, dstaddr
    static final int ROUTE = 8; // nexthop, input, output
    static final int COUNTERS = 16; // dPkts, dOctets
    static final int UPTIMES = 24; // First, Last
    static final int TRANSPORT = 32; // srcport, dstport, pad1, tcp_flags, prot, tos
    static final int NETWORKS = 40; // src_as, dst_as, src_mask, dst_mask, pad2

    /** What every record has. */
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

    private V5Record() {}
}
