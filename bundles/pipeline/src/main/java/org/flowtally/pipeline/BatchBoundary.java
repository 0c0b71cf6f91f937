// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The border between two batches, common to all stages of a lane. The lane crosses it when every stage is there, all or
 * none, and leaves its batch before it waits: whoever takes a stage away waits for one batch at most and never for
 * another stage, so that stages may go and come in any order, by any thread.
 */
final class BatchBoundary {
    private static final Logger LOG = LoggerFactory.getLogger(BatchBoundary.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<StageSlot<?>> slots = new ArrayList<>();
    private final InstantSource clock;
    private final Duration patience;

    private @Nullable Thread inside;
    private long batch;
    private boolean closed;
    private String waitingFor = "";
    private Instant since;

    /**
     * Makes a border without stages.
     *
     * @param patience how long {@link StageSlot#unbind} waits for a batch that does not end
     */
    BatchBoundary(InstantSource clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
        this.since = clock.instant();
    }

    /** Adds a place for a stage; before the lane starts. */
    <T> StageSlot<T> slot(String name) {
        StageSlot<T> slot = new StageSlot<>(name, this);
        slots.add(slot);
        return slot;
    }

    /**
     * Begins a batch as soon as every stage is there; they stay the same until {@link #leave}. Called by the lane.
     *
     * @return false if the boundary was closed while the lane waited
     */
    boolean enter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && !everyStageIsThere()) {
                waitFor(missing());
                changed.await();
            }
            if (!everyStageIsThere()) {
                return false;
            }
            begin();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Begins a batch if every stage is there, without waiting. Called by the lane. */
    boolean tryEnter() {
        lock.lock();
        try {
            if (!everyStageIsThere()) {
                return false;
            }
            begin();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        waitFor("");
        inside = Thread.currentThread();
        slots.forEach(StageSlot::pin);
    }

    /** Ends the batch. Called by the lane. */
    void leave() {
        lock.lock();
        try {
            inside = null;
            batch++;
            slots.forEach(StageSlot::unpin);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting for stages. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Changes a slot's service under the lock. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the batch under way has ended, unless it is the lane itself that asks. */
    void awaitEndOfBatch(String stage) {
        lock.lock();
        try {
            long underWay = batch;
            long remaining = patience.toNanos();
            while (inside != null && inside != Thread.currentThread() && batch == underWay) {
                if (remaining <= 0) {
                    LOG.error(
                            "stage is taken away within a batch, which does not end: stage={}, waited={}",
                            stage,
                            patience);
                    return;
                }
                remaining = changed.awaitNanos(remaining);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            LOG.warn("stage is taken away within a batch, the waiting was interrupted: stage={}", stage);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the names of the stages that the lane waits for, empty if it does not. */
    Waiting waiting() {
        lock.lock();
        try {
            return new Waiting(waitingFor, since);
        } finally {
            lock.unlock();
        }
    }

    private boolean everyStageIsThere() {
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private String missing() {
        return slots.stream().filter(StageSlot::isEmpty).map(StageSlot::name).collect(Collectors.joining(", "));
    }

    private void waitFor(String stages) {
        if (stages.equals(waitingFor)) {
            return;
        }
        if (stages.isEmpty()) {
            long waitedMillis = Duration.between(since, clock.instant()).toMillis();
            LOG.info("lane goes on: waitedFor={}, waitedMillis={}", waitingFor, waitedMillis);
        }
        if (stages.isEmpty() || waitingFor.isEmpty()) {
            since = clock.instant();
        }
        waitingFor = stages;
    }

    /**
     * Whether the lane waits.
     *
     * @param stages the stages that it waits for; empty if it runs
     * @param since since when it waits or runs
     */
    record Waiting(String stages, Instant since) {}
}
