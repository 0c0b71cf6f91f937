// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.flow.FlowBatch;

/**
 * What travels on the lane: a batch of datagrams and the flows that were decoded from it in this pass. Datagrams whose
 * flows do not fit into one flow batch pass several times. Owned by the lane, reused for every batch.
 */
final class LaneBatch {
    private final FlowBatch flows;
    private DatagramBatch datagrams = new DatagramBatch(0, 0);
    private boolean admitted;
    private boolean decoded;
    private boolean last;

    LaneBatch(int rows) {
        flows = new FlowBatch(rows);
    }

    /** Puts the next batch of datagrams on the lane. */
    void load(DatagramBatch next) {
        datagrams = next;
        admitted = false;
        decoded = false;
        last = false;
        flows.clear();
    }

    /** Puts no datagrams on the lane: the pass is for rows that a stage held back. */
    void loadNothing(boolean isEnding) {
        load(new DatagramBatch(0, 0));
        last = isEnding;
    }

    /** Tells whether the lane ends: stages give back what they hold. */
    boolean isLast() {
        return last;
    }

    DatagramBatch datagrams() {
        return datagrams;
    }

    FlowBatch flows() {
        return flows;
    }

    /** Tells whether the senders of the datagrams were looked at, in an earlier pass. */
    boolean isAdmitted() {
        return admitted;
    }

    void admitted() {
        admitted = true;
    }

    /** Tells whether no datagram is left to decode. */
    boolean isDecoded() {
        return decoded;
    }

    void decoded(boolean whole) {
        decoded = whole;
    }
}
