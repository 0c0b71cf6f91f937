// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/** A template whose records all have one length: its fields in order, by element and length. */
public final class TemplateLayout {
    static final int OCTET_DELTA = 1;
    static final int PACKET_DELTA = 2;
    static final int PROTOCOL = 4;
    static final int TYPE_OF_SERVICE = 5;
    static final int TCP_FLAGS = 6;
    static final int SOURCE_PORT = 7;
    static final int SOURCE_IPV4 = 8;
    static final int SOURCE_LENGTH = 9;
    static final int INGRESS_INTERFACE = 10;
    static final int DESTINATION_PORT = 11;
    static final int DESTINATION_IPV4 = 12;
    static final int DESTINATION_LENGTH = 13;
    static final int EGRESS_INTERFACE = 14;
    static final int NEXT_HOP = 15;
    static final int SOURCE_AS = 16;
    static final int DESTINATION_AS = 17;
    static final int END_UPTIME = 21;
    static final int START_UPTIME = 22;
    static final int SAMPLING_INTERVAL = 34;
    static final int SAMPLING_ALGORITHM = 35;
    static final int DIRECTION = 61;
    static final int METERING_PROCESS = 143;
    static final int START_MILLIS = 152;
    static final int END_MILLIS = 153;
    static final int BOOT_MILLIS = 160;

    private static final int FIELD_OCTETS = 4;

    /** What Cisco's IOS sends as v9 unless told otherwise, without its sampler: 19 fields, 46 octets, nothing aligned. */
    public static final TemplateLayout ROUTER = new TemplateLayout(
            260,
            END_UPTIME,
            4,
            START_UPTIME,
            4,
            OCTET_DELTA,
            4,
            PACKET_DELTA,
            4,
            INGRESS_INTERFACE,
            2,
            EGRESS_INTERFACE,
            2,
            SOURCE_IPV4,
            4,
            DESTINATION_IPV4,
            4,
            PROTOCOL,
            1,
            TYPE_OF_SERVICE,
            1,
            SOURCE_PORT,
            2,
            DESTINATION_PORT,
            2,
            NEXT_HOP,
            4,
            DESTINATION_LENGTH,
            1,
            SOURCE_LENGTH,
            1,
            TCP_FLAGS,
            1,
            DIRECTION,
            1,
            DESTINATION_AS,
            2,
            SOURCE_AS,
            2);

    /** What OpenBSD's pflow sends as IPFIX: 12 fields, 54 octets, absolute times. */
    public static final TemplateLayout FIREWALL = new TemplateLayout(
            256,
            SOURCE_IPV4,
            4,
            DESTINATION_IPV4,
            4,
            INGRESS_INTERFACE,
            4,
            EGRESS_INTERFACE,
            4,
            PACKET_DELTA,
            8,
            OCTET_DELTA,
            8,
            START_MILLIS,
            8,
            END_MILLIS,
            8,
            SOURCE_PORT,
            2,
            DESTINATION_PORT,
            2,
            TYPE_OF_SERVICE,
            1,
            PROTOCOL,
            1);

    private final int id;
    private final int[] elementsAndLengths;

    /**
     * Makes a layout.
     *
     * @param id the template's id, 256..65535
     * @param elementsAndLengths pairs of an element and its length in octets, at most 8
     */
    public TemplateLayout(int id, int... elementsAndLengths) {
        this.id = id;
        this.elementsAndLengths = elementsAndLengths.clone();
    }

    /** Returns the template's id. */
    public int id() {
        return id;
    }

    /** Returns the number of fields. */
    public int fields() {
        return elementsAndLengths.length / 2;
    }

    /** Returns the length of a record. */
    public int recordOctets() {
        return offset(fields());
    }

    /** Returns where an element begins in a record, or -1 if it has none. */
    int offsetOf(int element) {
        for (int field = 0; field < fields(); field++) {
            if (elementsAndLengths[field * 2] == element) {
                return offset(field);
            }
        }
        return -1;
    }

    /** Appends a record; a value that an element has no octets for loses its upper bits. */
    void writeRecord(ByteBuffer buffer, IntToLongFunction valueOfElement) {
        for (int at = 0; at < elementsAndLengths.length; at += 2) {
            long value = valueOfElement.applyAsLong(elementsAndLengths[at]);
            for (int left = elementsAndLengths[at + 1] - 1; left >= 0; left--) {
                buffer.put((byte) (value >>> (left * Byte.SIZE)));
            }
        }
    }

    /** Appends the pairs as a template record has them. */
    void writeFields(ByteBuffer buffer) {
        for (int each : elementsAndLengths) {
            buffer.putShort((short) each);
        }
    }

    /** Returns the octets of the pairs in a template record. */
    int fieldsOctets() {
        return fields() * FIELD_OCTETS;
    }

    private int offset(int field) {
        int offset = 0;
        for (int before = 0; before < field; before++) {
            offset += elementsAndLengths[before * 2 + 1];
        }
        return offset;
    }
}
