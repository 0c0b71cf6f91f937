// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

/**
 * The header of an IPFIX message, RFC 7011 §3.1.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------+---------------+---------------+---------------+
 * |         version = 10          |  length of the whole message  |   0
 * +---------------+---------------+---------------+---------------+
 * |            export time, seconds since 1970                    |   4
 * +---------------+---------------+---------------+---------------+
 * |     sequence, number of data records sent before these        |   8
 * +---------------+---------------+---------------+---------------+
 * |                      observation domain                       |  12
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
final class IpfixHeader {
    static final int OCTETS = 16;
    static final int LENGTH = 2;
    static final int EXPORT_TIME = 4;
    static final int SEQUENCE = 8;
    static final int DOMAIN = 12;

    static final long MILLIS_PER_SECOND = 1000;

    private IpfixHeader() {}
}
