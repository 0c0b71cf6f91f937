// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;

/**
 * One record of a NetFlow v5 datagram under construction, every field of it.
 *
 * <pre>
 *  0                   1                   2                   3
 *  +---------------------------------------------------------------+  0
 *  | source address                                                |
 *  +---------------------------------------------------------------+  4
 *  | destination address                                           |
 *  +---------------------------------------------------------------+  8
 *  | next hop                                                      |
 *  +-------------------------------+-------------------------------+ 12
 *  | input interface               | output interface              |
 *  +-------------------------------+-------------------------------+ 16
 *  | packets                                                       |
 *  +---------------------------------------------------------------+ 20
 *  | octets                                                        |
 *  +---------------------------------------------------------------+ 24
 *  | first switched (uptime, milliseconds)                         |
 *  +---------------------------------------------------------------+ 28
 *  | last switched (uptime, milliseconds)                          |
 *  +-------------------------------+-------------------------------+ 32
 *  | source port                   | destination port              |
 *  +---------------+---------------+---------------+---------------+ 36
 *  | padding       | TCP flags     | protocol      | ToS           |
 *  +---------------+---------------+---------------+---------------+ 40
 *  | source AS                     | destination AS                |
 *  +---------------+---------------+-------------------------------+ 44
 *  | source mask   | dest. mask    | padding                       |
 *  +---------------+---------------+-------------------------------+ 48
 * </pre>
 */
public final class V5Record {
    /** Octets of a record. */
    public static final int OCTETS = 48;

    static final int FIRST_OFFSET = 24;
    static final int LAST_OFFSET = 28;

    private int source;
    private int destination;
    private int nextHop;
    private int input = 1;
    private int output = 2;
    private long packets = 1;
    private long octets = 64;
    private long firstUptimeMillis;
    private long lastUptimeMillis;
    private int sourcePort = 40_000;
    private int destinationPort = 443;
    private int tcpFlags = 0x1B;
    private int protocol = 6;
    private int tos;
    private int sourceAs;
    private int destinationAs;
    private int sourceMask = 24;
    private int destinationMask = 24;

    /** Sets both addresses, in dotted form. */
    public V5Record addresses(String from, String to) {
        return addresses(Ipv4.parse(from), Ipv4.parse(to));
    }

    /** Sets both addresses. */
    public V5Record addresses(int from, int to) {
        source = from;
        destination = to;
        return this;
    }

    /** Sets the next hop, in dotted form. */
    public V5Record nextHop(String address) {
        nextHop = Ipv4.parse(address);
        return this;
    }

    /** Sets input and output interface. */
    public V5Record interfaces(int in, int out) {
        input = in;
        output = out;
        return this;
    }

    /** Sets both counters, each 0..2^32-1. */
    public V5Record counters(long packetCount, long octetCount) {
        packets = packetCount;
        octets = octetCount;
        return this;
    }

    /** Sets start and end in milliseconds of the exporter's uptime, modulo 2^32. */
    public V5Record uptimes(long firstMillis, long lastMillis) {
        firstUptimeMillis = firstMillis;
        lastUptimeMillis = lastMillis;
        return this;
    }

    /** Sets both ports. */
    public V5Record ports(int from, int to) {
        sourcePort = from;
        destinationPort = to;
        return this;
    }

    /** Sets protocol, type of service and TCP flags. */
    public V5Record protocol(int number, int typeOfService, int flags) {
        protocol = number;
        tos = typeOfService;
        tcpFlags = flags;
        return this;
    }

    /** Sets autonomous systems and prefix lengths. */
    public V5Record routing(int fromAs, int toAs, int fromMask, int toMask) {
        sourceAs = fromAs;
        destinationAs = toAs;
        sourceMask = fromMask;
        destinationMask = toMask;
        return this;
    }

    void write(ByteBuffer buffer) {
        buffer.putInt(source).putInt(destination).putInt(nextHop);
        buffer.putShort((short) input).putShort((short) output);
        buffer.putInt((int) packets).putInt((int) octets);
        buffer.putInt((int) firstUptimeMillis).putInt((int) lastUptimeMillis);
        buffer.putShort((short) sourcePort).putShort((short) destinationPort);
        buffer.put((byte) 0).put((byte) tcpFlags).put((byte) protocol).put((byte) tos);
        buffer.putShort((short) sourceAs).putShort((short) destinationAs);
        buffer.put((byte) sourceMask).put((byte) destinationMask).putShort((short) 0);
    }
}
