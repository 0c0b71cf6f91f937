// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import java.util.Arrays;

/** The octets that the fuzzer made, read as instructions from front to back; behind their end there are zeros. */
final class Script {
    private final byte[] octets;
    private int at;

    Script(byte[] octets) {
        this.octets = octets;
    }

    boolean isAtItsEnd() {
        return at >= octets.length;
    }

    int u8() {
        return at < octets.length ? octets[at++] & 0xFF : 0;
    }

    int u16() {
        return u8() << Byte.SIZE | u8();
    }

    long u32() {
        return (long) u16() << Short.SIZE | u16();
    }

    /** Returns a number below a bound. */
    int below(int bound) {
        return u8() % bound;
    }

    /** Returns the next octets as they are, fewer at the end. */
    byte[] octets(int count) {
        int from = Math.min(at, octets.length);
        at = Math.min(octets.length, from + count);
        return Arrays.copyOfRange(octets, from, at);
    }
}
