// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.datagram;

import org.flowtally.api.endpoint.Endpoint;

/**
 * A reusable view of one datagram of a batch: what a decoder is given. Owned by the working thread; a decoder keeps no
 * reference to it or to its octets.
 */
public final class Datagram {
    private DatagramBatch batch = new DatagramBatch(0, 0);
    private int index;

    /** Points the view, and the batch's cursor with it, at a datagram. Where it is to be resumed is kept by the batch. */
    public void view(DatagramBatch ofBatch, int datagram) {
        batch = ofBatch;
        index = datagram;
        if (ofBatch.next() != datagram) {
            ofBatch.next(datagram);
        }
    }

    /** Returns the array that holds the payload, from {@link #offset()} on; octets beyond {@link #length()} are foreign. */
    public byte[] octets() {
        return batch.slab();
    }

    /** Returns where the payload begins. */
    public int offset() {
        return batch.offset(index);
    }

    /** Returns the payload's length in octets. */
    public int length() {
        return batch.length(index);
    }

    /** Returns the upper half of the source address. */
    public long sourceHigh() {
        return batch.sourceHigh(index);
    }

    /** Returns the lower half of the source address. */
    public long sourceLow() {
        return batch.sourceLow(index);
    }

    /** Returns the UDP source port. */
    public int sourcePort() {
        return batch.sourcePort(index);
    }

    /** Returns when the datagram was read from the socket, in milliseconds since 1970. */
    public long receivedAtMillis() {
        return batch.receivedAtMillis(index);
    }

    /** Returns the endpoint that received it. */
    public Endpoint endpoint() {
        return batch.endpoint(index);
    }

    /** Returns where a decoder that found the flow batch full goes on; 0 at the first call. The meaning is the decoder's. */
    public int resumeAt() {
        return batch.resumeAt();
    }

    /** Notes where decoding goes on with the next flow batch. */
    public void resumeAt(int position) {
        batch.resumeAt(position);
    }
}
