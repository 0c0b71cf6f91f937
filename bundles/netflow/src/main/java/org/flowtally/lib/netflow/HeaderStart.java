// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.netflow;

import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;

/**
 * The first octets of a header, the same in NetFlow v1, v5, v7 and v8; in v1 they are the whole of it.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |            version            |        count of records       |   0
 * +---------------+---------------+---------------+---------------+
 * |              sys_uptime, milliseconds since boot              |   4
 * +---------------+---------------+---------------+---------------+
 * |             unix_secs, seconds since 1970 at export           |   8
 * +---------------+---------------+---------------+---------------+
 * |            unix_nsecs, residual nanoseconds at export         |  12
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class HeaderStart {
    /** Its length. */
    public static final int OCTETS = 16;

    private static final int COUNT = 2;
    private static final int SYS_UPTIME = 4;
    private static final int UNIX_SECS = 8;
    private static final int UNIX_NSECS = 12;
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private HeaderStart() {}

    /** Returns how many records the header at {@code header} announces. */
    public static int count(byte[] octets, int header) {
        return Octets.u16(octets, header + COUNT);
    }

    /** Returns the uptime of the header at {@code header}, in milliseconds modulo 2^32. */
    public static long uptimeMillis(byte[] octets, int header) {
        return Octets.u32(octets, header + SYS_UPTIME);
    }

    /**
     * Returns the export time of the header at {@code header}, in milliseconds since 1970; nanoseconds that make a second or
     * more count as 999 ms.
     */
    public static long exportMillis(byte[] octets, int header) {
        long millis = Octets.u32(octets, header + UNIX_NSECS) / NANOS_PER_MILLI;
        return Octets.u32(octets, header + UNIX_SECS) * MILLIS_PER_SECOND + Math.min(millis, MILLIS_PER_SECOND - 1);
    }

    /**
     * Compares a datagram's length with what its header announces. They must agree exactly: of one that does not keep its
     * word nothing is believed.
     *
     * @return DECODED if they agree, otherwise TRUNCATED or LENGTH_MISMATCH
     */
    public static DecodeResult agreement(int lengthOctets, int announcedOctets) {
        if (lengthOctets == announcedOctets) {
            return DecodeResult.DECODED;
        }
        return lengthOctets < announcedOctets ? DecodeResult.TRUNCATED : DecodeResult.LENGTH_MISMATCH;
    }
}
