// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;

/** A cursor over octets that throws {@link BufferUnderflowException} rather than read beyond their end. */
final class OctetReader {
    private static final int LAST_SHIFT = 63;

    private final byte[] octets;
    private final int end;
    private int cursor;

    OctetReader(byte[] octets, int start, int end) {
        this.octets = octets;
        this.cursor = start;
        this.end = end;
    }

    int remaining() {
        return end - cursor;
    }

    int getShort() {
        return getOctet() << 8 | getOctet();
    }

    int getInt() {
        return getShort() << 16 | getShort();
    }

    long getNumber() {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
            int octet = getOctet();
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }

    /** Returns a count of entries, each of which takes at least so many octets of what remains. */
    int getCount(int leastOctetsEach) {
        long count = getNumber();
        if (count < 0 || count > remaining() / leastOctetsEach) {
            throw new BufferUnderflowException();
        }
        return (int) count;
    }

    long getBucket(long bucketBefore) {
        long number = getNumber();
        return number == 0 ? bucketBefore : number - 1;
    }

    String getText() {
        int length = getCount(1);
        String text = new String(octets, cursor, length, StandardCharsets.UTF_8);
        cursor += length;
        return text;
    }

    private int getOctet() {
        if (cursor >= end) {
            throw new BufferUnderflowException();
        }
        return octets[cursor++] & 0xff;
    }
}
