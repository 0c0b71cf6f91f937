// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Arrays;
import org.flowtally.api.datagram.Octets;

/** Reads unsigned numbers of any length: exporters may send fewer octets than an element has, RFC 7011 §6.2. */
final class Numbers {
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final long SECONDS_OF_ERA = 1L << 32;
    private static final long MILLIS_PER_SECOND = 1000;

    private Numbers() {}

    /** Returns one number; of more than eight octets the last eight. */
    static long read(byte[] octets, int at, int width) {
        return switch (width) {
            case 0 -> 0;
            case 1 -> Octets.u8(octets, at);
            case 2 -> Octets.u16(octets, at);
            case 4 -> Octets.u32(octets, at);
            case 8 -> Octets.u64(octets, at);
            default -> readOctets(octets, at, width);
        };
    }

    private static long readOctets(byte[] octets, int at, int width) {
        long number = 0;
        for (int index = Math.max(0, width - Long.BYTES); index < width; index++) {
            number = (number << Byte.SIZE) | Octets.u8(octets, at + index);
        }
        return number;
    }

    /** Reads the same field of many records: a loop for each width, so that none asks for it again. */
    static void read(byte[] octets, int at, int stride, int records, int width, long[] into) {
        switch (width) {
            case 0 -> Arrays.fill(into, 0, records, 0);
            case 1 -> {
                for (int index = 0; index < records; index++) {
                    into[index] = Octets.u8(octets, at + index * stride);
                }
            }
            case 2 -> {
                for (int index = 0; index < records; index++) {
                    into[index] = Octets.u16(octets, at + index * stride);
                }
            }
            case 4 -> {
                for (int index = 0; index < records; index++) {
                    into[index] = Octets.u32(octets, at + index * stride);
                }
            }
            case 8 -> {
                for (int index = 0; index < records; index++) {
                    into[index] = Octets.u64(octets, at + index * stride);
                }
            }
            default -> {
                for (int index = 0; index < records; index++) {
                    into[index] = readOctets(octets, at + index * stride, width);
                }
            }
        }
    }

    /** Returns the milliseconds since 1970 of an NTP timestamp, cut; without its first bit it is of the era from 2036 on. */
    static long ntpMillis(long timestamp) {
        long seconds = timestamp >>> 32;
        long since1970 = (timestamp < 0 ? seconds : seconds + SECONDS_OF_ERA) - SECONDS_1900_TO_1970;
        return since1970 * MILLIS_PER_SECOND + (((timestamp & 0xFFFF_FFFFL) * MILLIS_PER_SECOND) >>> 32);
    }
}
