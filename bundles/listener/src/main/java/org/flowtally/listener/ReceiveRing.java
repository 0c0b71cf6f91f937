// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;

/**
 * The buffers that a socket is read into: as many as one read loop takes datagrams, used round and round. Netty reads up to
 * that many datagrams before it passes the first one on, and the receiver copies each before the next loop begins, so that
 * no buffer is in use twice and none is ever allocated.
 *
 * <p>Owned by the event loop of one channel.
 */
@SuppressWarnings("deprecation") // The interface of Netty's handle is deprecated in favour of its own extension.
final class ReceiveRing implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    /** The largest datagram that is taken: an Ethernet jumbo frame. */
    static final int LARGEST_OCTETS = 9_216;

    /** The datagrams of one read loop. */
    static final int DATAGRAMS = 64;

    private static final int STRIDE =
            LARGEST_OCTETS + 1; // A full buffer tells that the datagram was larger and is cut.

    private final ByteBuf[] buffers = new ByteBuf[DATAGRAMS];
    private int next;
    private int read;
    private int lastOctets;
    private int attemptedOctets;

    ReceiveRing() {
        ByteBuffer memory = ByteBuffer.allocateDirect(DATAGRAMS * STRIDE);
        for (int buffer = 0; buffer < DATAGRAMS; buffer++) {
            buffers[buffer] =
                    Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory.slice(buffer * STRIDE, STRIDE)));
        }
    }

    /** Tells whether a datagram of this length was cut. */
    static boolean isCut(int octets) {
        return octets > LARGEST_OCTETS;
    }

    /** Tells whether the last read loop ended because the socket was empty. */
    boolean isDrained() {
        return read < DATAGRAMS;
    }

    @Override
    public ExtendedHandle newHandle() {
        return this;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator ignored) {
        ByteBuf buffer = buffers[next];
        next = next + 1 == DATAGRAMS ? 0 : next + 1;
        return buffer.clear();
    }

    @Override
    public int guess() {
        return STRIDE;
    }

    @Override
    public void reset(ChannelConfig config) {
        read = 0;
    }

    @Override
    public void incMessagesRead(int messages) {
        read += messages;
    }

    @Override
    public void lastBytesRead(int octets) {
        lastOctets = octets;
    }

    @Override
    public int lastBytesRead() {
        return lastOctets;
    }

    @Override
    public void attemptedBytesRead(int octets) {
        attemptedOctets = octets;
    }

    @Override
    public int attemptedBytesRead() {
        return attemptedOctets;
    }

    @Override
    public boolean continueReading() {
        return read < DATAGRAMS;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier ignored) {
        return continueReading();
    }

    @Override
    public void readComplete() {
        // Nothing to learn: the buffers have one size.
    }
}
