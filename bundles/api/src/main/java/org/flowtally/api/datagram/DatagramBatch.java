// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.datagram;

import java.util.Arrays;
import org.flowtally.api.endpoint.Endpoint;

/**
 * Received datagrams in one slab of octets, with a row of facts beside each. Self-contained: nothing in it refers to the
 * socket it came from. One owner at a time: the receiving thread until it is handed off, then the working thread until it
 * is released; not safe for use by two threads at once.
 *
 * <p>A batch has a cursor, {@link #next()}: the first datagram that has not been decoded yet.
 */
public final class DatagramBatch {
    /** The slab of a batch of the usual size: some 90 full NetFlow v5 datagrams, small enough to stay in a core's cache. */
    public static final int USUAL_SLAB_OCTETS = 128 * 1024;

    /** The datagrams that a batch of the usual size has room for. */
    public static final int USUAL_DATAGRAMS = 512;

    private final byte[] slab;
    private final int[] offset;
    private final int[] length;
    private final long[] sourceHigh;
    private final long[] sourceLow;
    private final char[] sourcePort;
    private final long[] receivedAtMillis;
    private final Endpoint[] endpoint;
    private final boolean[] refused;
    private int size;
    private int used;
    private int next;
    private int resumeAt;

    /** Makes an empty batch of the usual size. */
    public DatagramBatch() {
        this(USUAL_SLAB_OCTETS, USUAL_DATAGRAMS);
    }

    /**
     * Makes an empty batch.
     *
     * @param slabOctets room for payloads
     * @param datagrams room for datagrams
     */
    public DatagramBatch(int slabOctets, int datagrams) {
        slab = new byte[slabOctets];
        offset = new int[datagrams];
        length = new int[datagrams];
        sourceHigh = new long[datagrams];
        sourceLow = new long[datagrams];
        sourcePort = new char[datagrams];
        receivedAtMillis = new long[datagrams];
        endpoint = new Endpoint[datagrams];
        refused = new boolean[datagrams];
    }

    /** Returns whether a datagram of so many octets fits. */
    public boolean hasRoomFor(int lengthOctets) {
        return size < offset.length && lengthOctets <= slab.length - used;
    }

    /**
     * Adds a datagram whose octets the caller then writes into {@link #slab()} from the returned offset on.
     *
     * @throws IllegalStateException if it does not fit
     */
    public int append(Endpoint receivedBy, long fromHigh, long fromLow, int fromPort, long atMillis, int lengthOctets) {
        if (!hasRoomFor(lengthOctets)) {
            throw new IllegalStateException(
                    "datagram does not fit: length=%d, used=%d, size=%d".formatted(lengthOctets, used, size));
        }
        int at = size++;
        offset[at] = used;
        length[at] = lengthOctets;
        sourceHigh[at] = fromHigh;
        sourceLow[at] = fromLow;
        sourcePort[at] = (char) fromPort;
        receivedAtMillis[at] = atMillis;
        endpoint[at] = receivedBy;
        refused[at] = false;
        used += lengthOctets;
        return offset[at];
    }

    /** Appends every datagram of {@code other}, or none if they do not all fit; tells which. */
    public boolean appendAll(DatagramBatch other) {
        if (other.size > offset.length - size || other.used > slab.length - used) {
            return false;
        }
        System.arraycopy(other.slab, 0, slab, used, other.used);
        for (int from = 0; from < other.size; from++) {
            offset[size + from] = used + other.offset[from];
        }
        System.arraycopy(other.length, 0, length, size, other.size);
        System.arraycopy(other.sourceHigh, 0, sourceHigh, size, other.size);
        System.arraycopy(other.sourceLow, 0, sourceLow, size, other.size);
        System.arraycopy(other.sourcePort, 0, sourcePort, size, other.size);
        System.arraycopy(other.receivedAtMillis, 0, receivedAtMillis, size, other.size);
        System.arraycopy(other.endpoint, 0, endpoint, size, other.size);
        System.arraycopy(other.refused, 0, refused, size, other.size);
        size += other.size;
        used += other.used;
        return true;
    }

    /** Empties the batch for its next use. */
    public void clear() {
        Arrays.fill(endpoint, 0, size, null);
        size = 0;
        used = 0;
        next = 0;
        resumeAt = 0;
    }

    /** Returns the number of datagrams. */
    public int size() {
        return size;
    }

    /** Returns the payload octets held. */
    public int usedOctets() {
        return used;
    }

    /** Returns the octets of memory that the slab takes, used or not. */
    public int slabOctets() {
        return slab.length;
    }

    /** Returns the slab that holds all payloads; see {@link #offset(int)} and {@link #length(int)}. */
    public byte[] slab() {
        return slab;
    }

    /** Returns where the payload begins in the slab. */
    public int offset(int datagram) {
        return offset[datagram];
    }

    /** Returns the payload's length in octets. */
    public int length(int datagram) {
        return length[datagram];
    }

    /** Returns the upper half of the source address (IPv4 as ::ffff:a.b.c.d). */
    public long sourceHigh(int datagram) {
        return sourceHigh[datagram];
    }

    /** Returns the lower half of the source address. */
    public long sourceLow(int datagram) {
        return sourceLow[datagram];
    }

    /** Returns the UDP source port. */
    public int sourcePort(int datagram) {
        return sourcePort[datagram];
    }

    /** Returns when the datagram was read from the socket, in milliseconds since 1970. */
    public long receivedAtMillis(int datagram) {
        return receivedAtMillis[datagram];
    }

    /** Returns the endpoint, as it was configured when the datagram was read. */
    public Endpoint endpoint(int datagram) {
        return endpoint[datagram];
    }

    /** Marks a datagram as refused: it will not be decoded. */
    public void refuse(int datagram) {
        refused[datagram] = true;
    }

    /** Returns whether the datagram was refused. */
    public boolean isRefused(int datagram) {
        return refused[datagram];
    }

    /** Returns the first datagram that has not been decoded yet; {@link #size()} when all are. */
    public int next() {
        return next;
    }

    /** Moves the cursor behind the datagrams that are decoded; the datagram there is decoded from its beginning. */
    public void next(int datagram) {
        next = datagram;
        resumeAt = 0;
    }

    /** Returns where in the datagram at the cursor its decoder goes on; 0 at its beginning. The meaning is the decoder's. */
    public int resumeAt() {
        return resumeAt;
    }

    /** Notes where in the datagram at the cursor its decoder goes on. */
    public void resumeAt(int position) {
        resumeAt = position;
    }
}
