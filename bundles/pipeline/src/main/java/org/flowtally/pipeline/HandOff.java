// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.flowtally.api.datagram.DatagramBatch;

/**
 * The hand-off between the receiving threads and the working thread: a queue of batches, bounded by the memory of their
 * slabs, with the pool that the empty ones come from. It outlasts a collection of garbage, the swap of a stage, a slow
 * moment; when it is full, loss is counted.
 *
 * <p>Batches are exchanged: who hands over a full one gets an empty one to go on with. While the working thread is behind,
 * small batches are poured into the last one of the queue, so that the bound is reached by octets and not by the number
 * of wake-ups of the receiver. The lock is held for a queue operation or one such copy, never while anybody works.
 */
final class HandOff {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<DatagramBatch> waiting = new ArrayDeque<>();
    private final ArrayDeque<DatagramBatch> spare = new ArrayDeque<>();

    private long boundOctets;
    private long heldOctets;
    private long waitingOctets;
    private long datagramsTaken;
    private long datagramsLost;
    private boolean closed;

    HandOff(long boundOctets) {
        this.boundOctets = boundOctets;
    }

    /**
     * Takes the datagrams of a batch over, without ever waiting for the working thread.
     *
     * @return the batch that the caller goes on with: empty if the datagrams were taken; the same and still full if there
     *     was no room, then they are counted as lost
     */
    DatagramBatch exchange(DatagramBatch full) {
        int datagrams = full.size();
        DatagramBatch next = offer(full);
        if (next.size() > 0) {
            lock.lock();
            try {
                datagramsLost += datagrams;
            } finally {
                lock.unlock();
            }
        }
        return next;
    }

    /**
     * Takes the datagrams of a batch over if there is room. If there is none, the caller keeps them and may ask again.
     *
     * @return the batch that the caller goes on with: empty if the datagrams were taken; the same and still full if not
     */
    DatagramBatch offer(DatagramBatch full) {
        int datagrams = full.size();
        if (datagrams == 0) {
            return full;
        }
        lock.lock();
        try {
            if (closed) {
                return full;
            }
            DatagramBatch last = waiting.peekLast();
            if (last != null && last.appendAll(full)) {
                datagramsTaken += datagrams;
                full.clear();
                return full;
            }
            if (spare.isEmpty() && heldOctets + full.slabOctets() > boundOctets) {
                return full;
            }
            datagramsTaken += datagrams;
            enqueue(full);
            return empty();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(DatagramBatch full) {
        waiting.addLast(full);
        heldOctets += full.slabOctets();
        waitingOctets += full.slabOctets();
        changed.signal();
    }

    private DatagramBatch empty() {
        DatagramBatch empty = spare.pollLast(); // The one used last: its slab is still in the cache.
        if (empty == null) {
            return new DatagramBatch();
        }
        heldOctets -= empty.slabOctets();
        return empty;
    }

    /**
     * Waits for the next batch; the caller owns it until {@link #release}.
     *
     * @param patience how long
     * @return empty if none came, or if the hand-off is closed and nothing waits any more
     */
    Optional<DatagramBatch> take(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = patience.toNanos();
            while (waiting.isEmpty() && !closed && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            DatagramBatch next = waiting.pollFirst();
            if (next != null) {
                waitingOctets -= next.slabOctets();
            }
            return Optional.ofNullable(next);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the hand-off is closed and nothing waits any more. */
    boolean isDrained() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a batch that was worked off. */
    void release(DatagramBatch done) {
        done.clear();
        lock.lock();
        try {
            if (heldOctets <= boundOctets) {
                spare.addLast(done);
            } else {
                heldOctets -= done.slabOctets(); // The bound was lowered.
            }
        } finally {
            lock.unlock();
        }
    }

    /** Changes how much memory the slabs may take; what is held beyond it is let go as it is worked off. */
    void bound(long octets) {
        lock.lock();
        try {
            boundOctets = octets;
            while (heldOctets > boundOctets && !spare.isEmpty()) {
                heldOctets -= spare.removeFirst().slabOctets();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what waits can still be taken out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Throws away what waits and returns how many datagrams that were. */
    long discard() {
        lock.lock();
        try {
            long discarded = 0;
            for (DatagramBatch batch : waiting) {
                discarded += batch.size();
            }
            waiting.clear();
            waitingOctets = 0;
            return discarded;
        } finally {
            lock.unlock();
        }
    }

    Level level() {
        lock.lock();
        try {
            return new Level(waitingOctets, boundOctets, datagramsTaken, datagramsLost);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the hand-off holds and has seen.
     *
     * @param waitingOctets the slabs that wait for the working thread
     * @param boundOctets what all slabs together may take
     * @param datagramsTaken datagrams taken over
     * @param datagramsLost datagrams that found it full
     */
    record Level(long waitingOctets, long boundOctets, long datagramsTaken, long datagramsLost) {}
}
