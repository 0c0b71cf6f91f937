// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowtally.lib.lookup.Address;

/** Reads the UDP datagrams of a pcap or pcapng file whose packets are not fragmented. */
public final class PcapFile {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int NANOSECONDS = 0xA1B23C4D;
    private static final int FILE_HEADER_OCTETS = 24;
    private static final int LINK_TYPE = 20;
    private static final int RECORD_HEADER_OCTETS = 16;
    private static final int SECTION_HEADER_BLOCK = 0x0A0D0D0A;
    private static final int BYTE_ORDER = 8;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_BLOCK = 1;
    private static final int PACKET_BLOCK = 6;
    private static final int BLOCK_HEADER_OCTETS = 8;
    private static final int CAPTURED_LENGTH = 20;
    private static final int PACKET_DATA = 28;
    private static final int UDP = 17;
    private static final int UDP_HEADER_OCTETS = 8;

    private PcapFile() {}

    /** Returns the datagrams in order of capture; other packets are left out. */
    public static List<CapturedDatagram> datagrams(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        if (buffer.getInt(0) == SECTION_HEADER_BLOCK) {
            return datagramsOfBlocks(file, buffer);
        }
        if (!isPcap(buffer.getInt(0))) {
            buffer.order(ByteOrder.LITTLE_ENDIAN);
            if (!isPcap(buffer.getInt(0))) {
                throw new IllegalArgumentException("not a pcap file: magic=%08x".formatted(buffer.getInt(0)));
            }
        }
        int linkType = buffer.getInt(LINK_TYPE);
        List<CapturedDatagram> datagrams = new ArrayList<>();
        int at = FILE_HEADER_OCTETS;
        while (at + RECORD_HEADER_OCTETS <= file.length) {
            int length = buffer.getInt(at + 8);
            int packet = at + RECORD_HEADER_OCTETS;
            read(ByteBuffer.wrap(file, packet, length).slice(), linkType, datagrams);
            at = packet + length;
        }
        return datagrams;
    }

    /** Reads a pcapng file of one interface: section header, interface description, enhanced packets. */
    private static List<CapturedDatagram> datagramsOfBlocks(byte[] file, ByteBuffer buffer) {
        if (buffer.getInt(BYTE_ORDER) != BYTE_ORDER_MAGIC) {
            buffer.order(ByteOrder.LITTLE_ENDIAN);
        }
        List<CapturedDatagram> datagrams = new ArrayList<>();
        int linkType = 0;
        int at = 0;
        while (at + BLOCK_HEADER_OCTETS <= file.length) {
            int type = buffer.getInt(at);
            if (type == INTERFACE_BLOCK) {
                linkType = Short.toUnsignedInt(buffer.getShort(at + BLOCK_HEADER_OCTETS));
            } else if (type == PACKET_BLOCK) {
                int length = buffer.getInt(at + CAPTURED_LENGTH);
                read(ByteBuffer.wrap(file, at + PACKET_DATA, length).slice(), linkType, datagrams);
            }
            at += buffer.getInt(at + 4);
        }
        return datagrams;
    }

    private static boolean isPcap(int magic) {
        return magic == MICROSECONDS || magic == NANOSECONDS;
    }

    private static void read(ByteBuffer packet, int linkType, List<CapturedDatagram> into) {
        int ip = linkHeaderOctets(packet, linkType);
        int version = packet.get(ip) >> 4;
        if (version == 4 && packet.get(ip + 9) == UDP) {
            int headerOctets = (packet.get(ip) & 0x0F) * 4;
            into.add(udp(packet, ip + 12, 4, ip + headerOctets));
        } else if (version == 6 && packet.get(ip + 6) == UDP) {
            into.add(udp(packet, ip + 8, 16, ip + 40));
        }
    }

    private static CapturedDatagram udp(ByteBuffer packet, int source, int addressOctets, int udp) {
        int length = Short.toUnsignedInt(packet.getShort(udp + 4)) - UDP_HEADER_OCTETS;
        byte[] address = new byte[addressOctets];
        packet.get(source, address);
        byte[] payload = new byte[length];
        packet.get(udp + UDP_HEADER_OCTETS, payload);
        return new CapturedDatagram(
                Address.ofOctets(address),
                Short.toUnsignedInt(packet.getShort(udp)),
                Short.toUnsignedInt(packet.getShort(udp + 2)),
                payload);
    }

    /** Link types as tcpdump.org/linktypes.html numbers them. */
    private static int linkHeaderOctets(ByteBuffer packet, int linkType) {
        return switch (linkType) {
            case 0 -> 4; // BSD loopback.
            case 1 -> ethernetOctets(packet);
            case 101, 228, 229 -> 0; // Raw IP.
            case 113 -> 16; // Linux cooked.
            case 276 -> 20; // Linux cooked, version 2.
            default -> throw new IllegalArgumentException("unknown link type: linkType=" + linkType);
        };
    }

    private static int ethernetOctets(ByteBuffer packet) {
        int type = 12;
        while (Arrays.asList(0x8100, 0x88A8).contains(Short.toUnsignedInt(packet.getShort(type)))) {
            type += 4; // IEEE 802.1Q tags.
        }
        return type + 2;
    }
}
