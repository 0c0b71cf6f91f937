// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One NetFlow v5 datagram under construction, every field of it, the wrong values included.
 *
 * <pre>
 *  0                   1                   2                   3
 *  +-------------------------------+-------------------------------+  0
 *  | version                       | count                         |
 *  +-------------------------------+-------------------------------+  4
 *  | system uptime (milliseconds)                                  |
 *  +---------------------------------------------------------------+  8
 *  | export time (seconds since 1970)                              |
 *  +---------------------------------------------------------------+ 12
 *  | export time (nanoseconds)                                     |
 *  +---------------------------------------------------------------+ 16
 *  | flow sequence                                                 |
 *  +---------------+---------------+-------------------------------+ 20
 *  | engine type   | engine id     | mode (2 bits) and interval    |
 *  +---------------+---------------+-------------------------------+ 24
 * </pre>
 */
public final class V5Datagram {
    /** Octets of the header. */
    public static final int HEADER_OCTETS = 24;
    /** The most records that fit a datagram by the book. */
    public static final int MOST_RECORDS = 30;

    static final int UPTIME_OFFSET = 4;
    static final int SECONDS_OFFSET = 8;
    static final int NANOS_OFFSET = 12;
    static final int SEQUENCE_OFFSET = 16;

    private static final int AS_MANY_AS_THERE_ARE = -1;

    private final List<V5Record> records = new ArrayList<>();
    private int version = 5;
    private int count = AS_MANY_AS_THERE_ARE;
    private long uptimeMillis = 3_600_000;
    private long exportSeconds;
    private long exportNanos;
    private long sequence;
    private int engineType;
    private int engineId;
    private int samplingField;

    /** Sets the version, 5 unless said otherwise. */
    public V5Datagram version(int number) {
        version = number;
        return this;
    }

    /** Announces a count that need not agree with the records there are. */
    public V5Datagram count(int announced) {
        count = announced;
        return this;
    }

    /** Sets the uptime, modulo 2^32. */
    public V5Datagram uptimeMillis(long millis) {
        uptimeMillis = millis;
        return this;
    }

    /** Sets the export time. */
    public V5Datagram exportedAtMillis(long millis) {
        exportSeconds = Math.floorDiv(millis, 1000L);
        exportNanos = Math.floorMod(millis, 1000L) * 1_000_000L;
        return this;
    }

    /** Sets the flow sequence, modulo 2^32. */
    public V5Datagram sequence(long number) {
        sequence = number;
        return this;
    }

    /** Sets engine type and id. */
    public V5Datagram engine(int type, int id) {
        engineType = type;
        engineId = id;
        return this;
    }

    /** Sets the sampling mode (two bits) and interval (14 bits). */
    public V5Datagram sampling(int mode, int interval) {
        samplingField = (mode << 14) | (interval & 0x3FFF);
        return this;
    }

    /** Adds a record. */
    public V5Datagram add(V5Record record) {
        records.add(record);
        return this;
    }

    /** Returns the payload. */
    public byte[] toOctets() {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_OCTETS + records.size() * V5Record.OCTETS);
        buffer.putShort((short) version);
        buffer.putShort((short) (count == AS_MANY_AS_THERE_ARE ? records.size() : count));
        buffer.putInt((int) uptimeMillis);
        buffer.putInt((int) exportSeconds).putInt((int) exportNanos);
        buffer.putInt((int) sequence);
        buffer.put((byte) engineType).put((byte) engineId).putShort((short) samplingField);
        records.forEach(record -> record.write(buffer));
        return buffer.array();
    }

    /** Returns the payload cut or filled with zeros to a length. */
    public byte[] toOctets(int length) {
        return Arrays.copyOf(toOctets(), length);
    }
}
