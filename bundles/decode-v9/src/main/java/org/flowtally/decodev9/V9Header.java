// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

/**
 * The header of a NetFlow v9 datagram, RFC 3954 §5.1.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |          version = 9          |       count of records        |   0
 * +---------------+---------------+---------------+---------------+
 * |              sys_uptime, milliseconds since boot              |   4
 * +---------------+---------------+---------------+---------------+
 * |             unix_secs, seconds since 1970 at export           |   8
 * +---------------+---------------+---------------+---------------+
 * |        sequence, number of datagrams sent before this         |  12
 * +---------------+---------------+---------------+---------------+
 * |                source id, the observation domain              |  16
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V9Header {
    static final int OCTETS = 20;
    static final int SYS_UPTIME = 4;
    static final int UNIX_SECS = 8;
    static final int SEQUENCE = 12;
    static final int SOURCE_ID = 16;

    static final long MILLIS_PER_SECOND = 1000;

    private V9Header() {}
}
