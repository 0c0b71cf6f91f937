// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.buffer.ByteBuf;

/**
 * Finds the IPFIX messages in the octets of one connection, however TCP cut them up: each says how long it is (RFC 7011
 * §3.1, §10.4).
 *
 * <pre>
 *  0                   1                   2                   3
 * +---------------+---------------+---------------+---------------+
 * | version = 10                  | length, header included       |
 * +---------------+---------------+---------------+---------------+
 * | export time                                                   |
 * +---------------+---------------+---------------+---------------+
 * | sequence number                                               |
 * +---------------+---------------+---------------+---------------+
 * | observation domain id                                         |
 * +---------------+---------------+---------------+---------------+
 * </pre>
 *
 * A message that lies whole in what was read is not copied; one that was cut is gathered in a buffer of its own length. What
 * is no IPFIX message cannot be skipped, because nobody knows where the next one begins. Owned by one event loop.
 */
final class MessageFraming {
    /** The length of a message's header, and of the shortest message. */
    static final int HEADER_OCTETS = 16;

    /** The largest length that a header can tell. */
    static final int LARGEST_OCTETS = 0xFFFF;

    /** What {@link #next} finds. */
    enum Found {
        /** A whole message. */
        MESSAGE,
        /** Nothing more for now: the rest has been gathered. */
        NOTHING,
        /** Something that is no IPFIX message; whatever follows is lost. */
        GARBAGE
    }

    private static final int VERSION = 10;
    private static final int LENGTH_AT = 2;
    private static final int PREFIX_OCTETS = 4;
    private static final int KEPT_OCTETS = 2_048;
    private static final byte[] NONE = new byte[0];

    private byte[] gathered = NONE;
    private int held;
    private int length;
    private int version;
    private boolean isFound;
    private boolean isLost;

    /**
     * Looks for the next message. One that was found stays the next one until it is {@linkplain #take taken}.
     *
     * @param in what was read and not looked at yet
     */
    Found next(ByteBuf in) {
        if (isFound) {
            return Found.MESSAGE;
        }
        if (isLost) {
            return Found.GARBAGE;
        }
        if (held == 0 && in.readableBytes() >= PREFIX_OCTETS) {
            look(in.getUnsignedShort(in.readerIndex()), in.getUnsignedShort(in.readerIndex() + LENGTH_AT));
            if (isLost) {
                return Found.GARBAGE;
            }
            if (in.readableBytes() >= length) {
                isFound = true;
                return Found.MESSAGE;
            }
        }
        return gather(in);
    }

    private Found gather(ByteBuf in) {
        if (held < PREFIX_OCTETS) {
            fill(in, PREFIX_OCTETS);
            if (held < PREFIX_OCTETS) {
                return Found.NOTHING;
            }
            look(u16(0), u16(LENGTH_AT));
            if (isLost) {
                return Found.GARBAGE;
            }
        }
        fill(in, length);
        isFound = held == length;
        return isFound ? Found.MESSAGE : Found.NOTHING;
    }

    private void look(int foundVersion, int foundLength) {
        version = foundVersion;
        length = foundLength;
        isLost = version != VERSION || length < HEADER_OCTETS;
    }

    private void fill(ByteBuf in, int upTo) {
        if (gathered.length < upTo) {
            byte[] larger = new byte[upTo];
            System.arraycopy(gathered, 0, larger, 0, held);
            gathered = larger;
        }
        int octets = Math.min(in.readableBytes(), upTo - held);
        in.readBytes(gathered, held, octets);
        held += octets;
    }

    private int u16(int at) {
        return (gathered[at] & 0xFF) << 8 | (gathered[at + 1] & 0xFF);
    }

    /** Returns the length that the last header told, of garbage too. */
    int length() {
        return length;
    }

    /** Returns the version that the last header told. */
    int version() {
        return version;
    }

    /** Tells whether a message has begun and not ended. */
    boolean isWithinMessage() {
        return held > 0;
    }

    /** Copies the message found and goes on behind it. */
    void take(ByteBuf in, byte[] to, int offset) {
        if (held > 0) {
            System.arraycopy(gathered, 0, to, offset, length);
            held = 0;
            if (gathered.length > KEPT_OCTETS) {
                gathered = NONE; // A thousand quiet connections shall not keep a thousand large buffers.
            }
        } else {
            in.readBytes(to, offset, length);
        }
        isFound = false;
    }
}
