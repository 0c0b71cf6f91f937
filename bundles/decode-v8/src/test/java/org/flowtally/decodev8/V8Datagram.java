// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * NetFlow v8 datagrams of every method, from the published layouts as text and not from the decoder's offsets, and what is to
 * be found in their records.
 */
final class V8Datagram {
    static final int METHODS = 14;
    static final long UPTIME_MILLIS = 3_600_000;
    static final long EXPORT_MILLIS = 1_774_000_000_123L;

    private static final String START = "flows:4 packets:4 octets:4 first_uptime_ms:4 last_uptime_ms:4 ";
    private static final String SOURCE = "src_prefix:4 src_mask:1 ";
    private static final String DESTINATION = "dst_prefix:4 dst_mask:1 ";
    private static final String PREFIXES = "src_prefix:4 dst_prefix:4 src_mask:1 dst_mask:1 ";
    private static final String COUNTERS = "packets:4 octets:4 first_uptime_ms:4 last_uptime_ms:4 ";
    private static final String SWITCHED = "extra_packets:4 router_sc:4";
    private static final List<String> LAYOUTS = List.of(
            START + "src_as:2 dst_as:2 in_if:2 out_if:2",
            START + "protocol:1 pad:3 src_port:2 dst_port:2",
            START + SOURCE + "pad:1 src_as:2 in_if:2 pad:2",
            START + DESTINATION + "pad:1 dst_as:2 out_if:2 pad:2",
            START + PREFIXES + "pad:2 src_as:2 dst_as:2 in_if:2 out_if:2",
            "dst:4 " + COUNTERS + "out_if:2 tos:1 marked_tos:1 " + SWITCHED,
            "dst:4 src:4 " + COUNTERS + "out_if:2 in_if:2 tos:1 marked_tos:1 pad:2 " + SWITCHED,
            "dst:4 src:4 dst_port:2 src_port:2 " + COUNTERS + "out_if:2 in_if:2 tos:1 protocol:1 marked_tos:1 pad:1 "
                    + SWITCHED,
            START + "src_as:2 dst_as:2 in_if:2 out_if:2 tos:1 pad:3",
            START + "protocol:1 tos:1 pad:2 src_port:2 dst_port:2 in_if:2 out_if:2",
            START + SOURCE + "tos:1 src_as:2 in_if:2 pad:2",
            START + DESTINATION + "tos:1 dst_as:2 out_if:2 pad:2",
            START + PREFIXES + "tos:1 pad:1 src_as:2 dst_as:2 in_if:2 out_if:2",
            START + PREFIXES + "tos:1 protocol:1 src_port:2 dst_port:2 in_if:2 out_if:2");
    private static final List<String> WITHOUT_COLUMN = List.of("pad", "marked_tos", "extra_packets", "router_sc");
    private static final List<String> ADDRESSES = List.of("src", "dst", "src_prefix", "dst_prefix");
    private static final Map<String, String> OTHER_SIDE = Map.of(
            "src_as",
            "dst_as",
            "dst_as",
            "src_as",
            "in_if",
            "out_if",
            "out_if",
            "in_if",
            "src_mask",
            "dst_mask",
            "dst_mask",
            "src_mask");

    private V8Datagram() {}

    static byte[] of(int method, int records) {
        ByteBuffer buffer = ByteBuffer.allocate(28 + records * recordOctets(method));
        buffer.putShort((short) 8).putShort((short) records).putInt((int) UPTIME_MILLIS);
        buffer.putInt((int) (EXPORT_MILLIS / 1000)).putInt((int) (EXPORT_MILLIS % 1000) * 1_000_000);
        buffer.putInt(0xFFFF_FFF0);
        buffer.put((byte) 254).put((byte) 253).put((byte) method).put((byte) 2).putInt(0x1234_5678);
        for (int record = 1; record <= records; record++) {
            for (String field : LAYOUTS.get(method - 1).split(" ")) {
                String[] nameAndOctets = field.split(":");
                long value = value(nameAndOctets[0], record);
                for (int octet = Integer.parseInt(nameAndOctets[1]) - 1; octet >= 0; octet--) {
                    buffer.put((byte) (value >>> (octet * 8)));
                }
            }
        }
        return buffer.array();
    }

    static int recordOctets(int method) {
        int octets = 0;
        for (String field : LAYOUTS.get(method - 1).split(" ")) {
            octets += Integer.parseInt(field.split(":")[1]);
        }
        return octets;
    }

    /** Returns what is to be found in a record; of a pair of which the method has one, the other is 0. */
    static Map<String, Object> fields(int method, int record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : LAYOUTS.get(method - 1).split(" ")) {
            String name = field.split(":")[0];
            if (!WITHOUT_COLUMN.contains(name)) {
                fields.put(name, ADDRESSES.contains(name) ? dotted(value(name, record)) : (Object) value(name, record));
                if (OTHER_SIDE.containsKey(name)) {
                    fields.putIfAbsent(OTHER_SIDE.get(name), 0L);
                }
            }
        }
        fields.put("start_ms", EXPORT_MILLIS - UPTIME_MILLIS + value("first_uptime_ms", record));
        fields.put("end_ms", EXPORT_MILLIS - UPTIME_MILLIS + value("last_uptime_ms", record));
        if (Long.valueOf(1).equals(fields.get("protocol"))) {
            fields.put("icmp_type_code", value("dst_port", record));
        }
        return fields;
    }

    private static long value(String name, int record) {
        return switch (name) {
            case "pad" -> 0xFFFF_FFFFL;
            case "flows" -> 5000 + record;
            case "packets" -> record;
            case "octets" -> 4_000_000_000L + record;
            case "first_uptime_ms" -> 3_500_000 + record;
            case "last_uptime_ms" -> 3_590_000 + record;
            case "src", "src_prefix" -> 0xF500_0000L + record * 256;
            case "dst", "dst_prefix" -> 0x0A01_0000L + record * 256;
            case "src_mask" -> 24;
            case "dst_mask" -> 25;
            case "src_as" -> 65_000 + record;
            case "dst_as" -> 64_000 + record;
            case "in_if" -> 40_000 + record;
            case "out_if" -> 50_000 + record;
            case "src_port" -> 60_000 + record;
            case "dst_port" -> 768 + record;
            case "protocol" -> record % 2 == 0 ? 1 : 250;
            case "tos" -> 184 + record;
            case "marked_tos" -> 99;
            case "extra_packets" -> 77;
            case "router_sc" -> 0x0B0C_0D0EL;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String dotted(long address) {
        return String.format(
                Locale.ROOT,
                "%d.%d.%d.%d",
                address >>> 24 & 0xFF,
                address >>> 16 & 0xFF,
                address >>> 8 & 0xFF,
                address & 0xFF);
    }
}
