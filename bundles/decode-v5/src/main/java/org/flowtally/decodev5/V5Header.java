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
 * |       sys_uptime, unix_secs, unix_nsecs as in HeaderStart     |   4
 * +                                                               +
 * |                              ...                              |
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
    static final int FLOW_SEQUENCE = 16;
    static final int ENGINE = 20; // Type and id read as one number: type * 256 + id.
    static final int SAMPLING = 22;

    /** The interval without the two bits of mode before it: some exporters that sample leave the mode at 0. */
    static final int SAMPLING_INTERVAL_BITS = 0x3FFF;

    private V5Header() {}
}
