// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

/**
 * The header of a NetFlow v5 datagram.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |          version = 5          |        count of records       |   0
 * +---------------+---------------+---------------+---------------+
 * |              sys_uptime, milliseconds since boot              |   4
 * +---------------+---------------+---------------+---------------+
 * |             unix_secs, seconds since 1970 at export           |   8
 * +---------------+---------------+---------------+---------------+
 * |            unix_nsecs, residual nanoseconds at export         |  12
 * +---------------+---------------+---------------+---------------+
 * |       flow_sequence, number of flows sent before these        |  16
 * +---------------+---------------+---------------+---------------+
 * |  engine_type  |   engine_id   |mode|    sampling interval     |  20
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V5Header {
    static final int VERSION = 5;

    static final int OCTETS = 24;
    static final int COUNT = 2;
    static final int SYS_UPTIME = 4;
    static final int UNIX_SECS = 8;
    static final int UNIX_NSECS = 12;
    static final int FLOW_SEQUENCE = 16;
    static final int ENGINE = 20; // Type and id read as one number: type * 256 + id.
    static final int SAMPLING = 22;

    /** The interval without the two bits of mode before it: some exporters that sample leave the mode at 0. */
    static final int SAMPLING_INTERVAL_BITS = 0x3FFF;

    private static final long MILLIS_PER_SECOND = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private V5Header() {}

    /** Returns the export time in milliseconds since 1970; nanoseconds that make a second or more count as 999 ms. */
    static long exportMillis(long unixSecs, long unixNsecs) {
        return unixSecs * MILLIS_PER_SECOND + Math.min(unixNsecs / NANOS_PER_MILLI, MILLIS_PER_SECOND - 1);
    }
}
