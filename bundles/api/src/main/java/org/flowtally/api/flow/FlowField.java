// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

/** The presence bit of each field that an exporter may or may not send. Missing is not zero. */
public final class FlowField {
    /** Source address. */
    public static final long SOURCE_ADDRESS = 1L;
    /** Destination address. */
    public static final long DESTINATION_ADDRESS = 1L << 23;
    /** Source and destination address. */
    public static final long ADDRESSES = SOURCE_ADDRESS | DESTINATION_ADDRESS;
    /** The source address is no host but the first address of a prefix, as long as {@link #PREFIX_LENGTHS} say. */
    public static final long SOURCE_IS_PREFIX = 1L << 24;
    /** The destination address is no host but the first address of a prefix, as long as {@link #PREFIX_LENGTHS} say. */
    public static final long DESTINATION_IS_PREFIX = 1L << 25;
    /** Octet counter. */
    public static final long OCTETS = 1L << 1;
    /** Packet counter. */
    public static final long PACKETS = 1L << 2;
    /** Source and destination port. */
    public static final long PORTS = 1L << 3;
    /** IP protocol number. */
    public static final long PROTOCOL = 1L << 4;
    /** Type of service. */
    public static final long TOS = 1L << 5;
    /** Cumulative TCP flags. */
    public static final long TCP_FLAGS = 1L << 6;
    /** Input and output interface. */
    public static final long INTERFACES = 1L << 7;
    /** Source and destination autonomous system. */
    public static final long AUTONOMOUS_SYSTEMS = 1L << 8;
    /** Next hop address. */
    public static final long NEXT_HOP = 1L << 9;
    /** Source and destination prefix length. */
    public static final long PREFIX_LENGTHS = 1L << 10;
    /** Observed start and end, in milliseconds of the exporter's uptime. */
    public static final long UPTIME_TIMES = 1L << 11;
    /** Observed start and end, in milliseconds since 1970. */
    public static final long ABSOLUTE_TIMES = 1L << 12;
    /** ICMP type and code. */
    public static final long ICMP = 1L << 13;
    /** Source and destination MAC address. */
    public static final long MAC_ADDRESSES = 1L << 14;
    /** VLAN before and behind the exporter. */
    public static final long VLANS = 1L << 15;
    /** VRF before and behind the exporter. */
    public static final long VRFS = 1L << 16;
    /** Direction in which the exporter observed the flow. */
    public static final long DIRECTION = 1L << 17;
    /** Source and destination address behind a translation. */
    public static final long NAT_ADDRESSES = 1L << 18;
    /** Source and destination port behind a translation. */
    public static final long NAT_PORTS = 1L << 19;
    /** First and last port of a block that was given to an inside address. */
    public static final long PORT_BLOCK = 1L << 20;
    /** Kind of NAT event. */
    public static final long NAT_EVENT = 1L << 21;
    /** Kind of firewall event. */
    public static final long FIREWALL_EVENT = 1L << 22;

    /** Number of flows that the exporter put together. */
    public static final long FLOWS = 1L << 26;

    /**
     * No field, but how some of them are kept: next hop and interfaces, autonomous systems and prefix lengths, and times of
     * uptime lie in words of eight octets as NetFlow v1, v5 and v7 have them on the wire. A row is claimed with it or without,
     * and it stays so; such a row gets these fields by {@link FlowBatch#narrowRoute}, {@link FlowBatch#narrowNetworks} and
     * {@link FlowBatch#narrowTimes} alone. Who reads them need not know.
     */
    public static final long NARROW = 1L << 27;

    private FlowField() {}
}
