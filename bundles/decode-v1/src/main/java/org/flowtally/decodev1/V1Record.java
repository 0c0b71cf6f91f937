// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

import org.flowtally.api.flow.FlowField;

/**
 * A record of a NetFlow v1 datagram.
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
 * |             pad1              |     prot      |      tos      |  36
 * +---------------+---------------+---------------+---------------+
 * |   tcp_flags   |             pad, 7 octets or 11 ...           |  40
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V1Record {
    /** The length in every exporter that was seen. */
    static final int OCTETS = 48;
    /** The length in some manuals: four more octets of padding at the end, so the same fields at the same places. */
    static final int PADDED_OCTETS = 52;

    // The record is read in words of eight octets, two lines of the picture each.
    static final int ADDRESSES = 0; // srcaddr, dstaddr
    static final int ROUTE = 8; // nexthop, input, output
    static final int COUNTERS = 16; // dPkts, dOctets
    static final int UPTIMES = 24; // First, Last
    static final int TRANSPORT = 32; // srcport, dstport, pad1, prot, tos
    static final int TCP_FLAGS = 40;

    /** What every record has. */
    static final long FIELDS = FlowField.ADDRESSES
            | FlowField.OCTETS
            | FlowField.PACKETS
            | FlowField.PORTS
            | FlowField.PROTOCOL
            | FlowField.TOS
            | FlowField.TCP_FLAGS
            | FlowField.INTERFACES
            | FlowField.NEXT_HOP
            | FlowField.UPTIME_TIMES
            | FlowField.NARROW;

    private V1Record() {}
}
