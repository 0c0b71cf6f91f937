// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Builds messages of NetFlow v9 and IPFIX for tests, right or wrong, set by set. */
public final class MessageBuilder {
    private static final int V9 = 9;
    private static final int IPFIX = 10;
    private static final int ENTERPRISE_BIT = 0x8000;
    private static final int V9_OPTIONS_SET = 1;
    private static final int IPFIX_TEMPLATE_SET = 2;
    private static final int IPFIX_OPTIONS_SET = 3;

    private final int version;
    private final Data sets = new Data();
    private int records;
    private long uptimeMillis = 600_000;
    private long exportSeconds = 1_774_000_000L;
    private long sequence;
    private long domain = 7;

    private MessageBuilder(int version) {
        this.version = version;
    }

    /** Begins a NetFlow v9 datagram. */
    public static MessageBuilder v9() {
        return new MessageBuilder(V9);
    }

    /** Begins an IPFIX message. */
    public static MessageBuilder ipfix() {
        return new MessageBuilder(IPFIX);
    }

    /** Octets to which numbers are appended in network byte order. */
    public static final class Data {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        /** Appends a number in so many octets. */
        public Data number(long value, int width) {
            for (int shift = (width - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                octets.write((int) (value >>> shift));
            }
            return this;
        }

        /** Appends one octet. */
        public Data u8(long value) {
            return number(value, Byte.BYTES);
        }

        /** Appends two octets. */
        public Data u16(long value) {
            return number(value, Short.BYTES);
        }

        /** Appends four octets. */
        public Data u32(long value) {
            return number(value, Integer.BYTES);
        }

        /** Appends eight octets. */
        public Data u64(long value) {
            return number(value, Long.BYTES);
        }

        /** Appends octets as they are. */
        public Data octets(byte[] given) {
            octets.writeBytes(given);
            return this;
        }

        /** Returns the octets so far. */
        public byte[] toOctets() {
            return octets.toByteArray();
        }
    }

    /** Sets the uptime in the header of v9. */
    public MessageBuilder uptimeMillis(long millis) {
        uptimeMillis = millis;
        return this;
    }

    /** Sets the export time in the header. */
    public MessageBuilder exportSeconds(long seconds) {
        exportSeconds = seconds;
        return this;
    }

    /** Sets the sequence number in the header. */
    public MessageBuilder sequence(long number) {
        sequence = number;
        return this;
    }

    /** Sets the observation domain in the header. */
    public MessageBuilder domain(long number) {
        domain = number;
        return this;
    }

    /** Appends a set with a template: pairs of element and length; an element beyond 2^16 has its enterprise above. */
    public MessageBuilder template(int id, int... elementsAndLengths) {
        Data record = new Data().u16(id).u16(elementsAndLengths.length / 2);
        fields(record, elementsAndLengths);
        return set(version == V9 ? 0 : IPFIX_TEMPLATE_SET, record.toOctets());
    }

    /** Appends a set with an options template, whose first fields are scopes. */
    public MessageBuilder options(int id, int scopes, int... elementsAndLengths) {
        int fields = elementsAndLengths.length / 2;
        Data record = new Data().u16(id);
        if (version == V9) {
            record.u16(4L * scopes).u16(4L * (fields - scopes));
        } else {
            record.u16(fields).u16(scopes);
        }
        fields(record, elementsAndLengths);
        return set(version == V9 ? V9_OPTIONS_SET : IPFIX_OPTIONS_SET, record.toOctets());
    }

    private static void fields(Data record, int... elementsAndLengths) {
        for (int at = 0; at < elementsAndLengths.length; at += 2) {
            int enterprise = elementsAndLengths[at] >>> 16;
            int number = elementsAndLengths[at] & 0xFFFF;
            record.u16(enterprise == 0 ? number : number | ENTERPRISE_BIT).u16(elementsAndLengths[at + 1]);
            if (enterprise != 0) {
                record.u32(enterprise);
            }
        }
    }

    /** Appends a data set with one record. */
    public MessageBuilder data(int id, Consumer<Data> filling) {
        Data record = new Data();
        filling.accept(record);
        return set(id, record.toOctets());
    }

    /** Appends a set of any octets. */
    public MessageBuilder set(int id, byte[] body) {
        sets.u16(id).u16(4L + body.length).octets(body);
        records++;
        return this;
    }

    /** Appends octets outside of any set. */
    public MessageBuilder padding(int octets) {
        sets.octets(new byte[octets]);
        return this;
    }

    /** Returns the message. */
    public byte[] toOctets() {
        byte[] body = sets.toOctets();
        Data message = new Data().u16(version);
        if (version == V9) {
            message.u16(records).u32(uptimeMillis);
        } else {
            message.u16(16L + body.length);
        }
        return message.u32(exportSeconds).u32(sequence).u32(domain).octets(body).toOctets();
    }
}
