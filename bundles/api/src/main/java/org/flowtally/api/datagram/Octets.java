// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.datagram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads of unsigned big-endian numbers (network byte order) from an octet array. */
public final class Octets {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Octets() {}

    /** Returns the octet at {@code index}, 0..255. */
    public static int u8(byte[] octets, int index) {
        return octets[index] & 0xFF;
    }

    /** Returns the two octets from {@code index}, 0..65535. */
    public static int u16(byte[] octets, int index) {
        return (short) U16.get(octets, index) & 0xFFFF;
    }

    /** Returns the four octets from {@code index} as a signed int; the bits are those on the wire. */
    public static int i32(byte[] octets, int index) {
        return (int) U32.get(octets, index);
    }

    /** Returns the four octets from {@code index}, 0..2^32-1. */
    public static long u32(byte[] octets, int index) {
        return (int) U32.get(octets, index) & 0xFFFF_FFFFL;
    }

    /** Returns the eight octets from {@code index}; to be read as unsigned where the field is. */
    public static long u64(byte[] octets, int index) {
        return (long) U64.get(octets, index);
    }
}
