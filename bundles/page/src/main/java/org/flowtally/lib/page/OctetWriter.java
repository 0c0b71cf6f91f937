// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing octets, written from the start. */
final class OctetWriter {
    private static final int MAX_NUMBER_OCTETS = 10;

    private byte[] octets;
    private int size;

    OctetWriter(int expectedOctets) {
        octets = new byte[Math.max(64, expectedOctets)];
    }

    int size() {
        return size;
    }

    /** Returns the array written to, of which the first {@link #size()} octets count. */
    byte[] octets() {
        return octets;
    }

    ByteBuffer asBuffer() {
        return ByteBuffer.wrap(octets, 0, size);
    }

    void putShort(int value) {
        ensure(2);
        octets[size++] = (byte) (value >>> 8);
        octets[size++] = (byte) value;
    }

    void putInt(int value) {
        putShort(value >>> 16);
        putShort(value);
    }

    void putNumber(long value) {
        ensure(MAX_NUMBER_OCTETS);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octets[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        octets[size++] = (byte) rest;
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putNumber(utf8.length);
        put(utf8, utf8.length);
    }

    void putAll(OctetWriter other) {
        put(other.octets, other.size);
    }

    private void put(byte[] source, int length) {
        ensure(length);
        System.arraycopy(source, 0, octets, size, length);
        size += length;
    }

    private void ensure(int more) {
        if (octets.length - size < more) {
            octets = Arrays.copyOf(octets, Math.max(size + more, size * 2));
        }
    }
}
