// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

/**
 * The header of a NetFlow v8 datagram.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |          version = 8          |        count of records       |   0
 * +---------------+---------------+---------------+---------------+
 * |       sys_uptime, unix_secs, unix_nsecs as in HeaderStart     |   4
 * +                                                               +
 * |                              ...                              |
 * +---------------+---------------+---------------+---------------+
 * |  flow_sequence, number of records of this engine and method   |  16
 * |                   that were sent before these                 |
 * +---------------+---------------+---------------+---------------+
 * |  engine_type  |   engine_id   |  aggregation  |  agg_version  |  20
 * +---------------+---------------+---------------+---------------+
 * |                           reserved                            |  24
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class V8Header {
    static final int VERSION = 8;

    static final int OCTETS = 28;
    static final int FLOW_SEQUENCE = 16;
    static final int ENGINE_AND_AGGREGATION = 20; // With agg_version behind them, in one word of four octets.
    static final int AGGREGATION = 22;

    private V8Header() {}
}
