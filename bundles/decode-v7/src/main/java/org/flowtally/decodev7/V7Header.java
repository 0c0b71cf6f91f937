// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

/**
 * The header of a NetFlow v7 datagram.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |          version = 7          |        count of records       |   0
 * +---------------+---------------+---------------+---------------+
 * |       sys_uptime, unix_secs, unix_nsecs as in HeaderStart     |   4
 * +                                                               +
 * |                              ...                              |
 * +---------------+---------------+---------------+---------------+
 * |       flow_sequence, number of flows sent before these        |  16
 * +---------------+---------------+---------------+---------------+
 * |  engine_type  |   engine_id   |           reserved            |  20
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V7Header {
    static final int VERSION = 7;

    static final int OCTETS = 24;
    static final int FLOW_SEQUENCE = 16;
    static final int ENGINE = 20; // Type * 256 + id; some documents call these two reserved, and then they are 0.

    private V7Header() {}
}
