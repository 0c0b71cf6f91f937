// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.api.time.SystemClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StageSlotTest {
    private final BatchBoundary boundary = new BatchBoundary(SystemClock.INSTANCE, Duration.ofSeconds(30));
    private final StageSlot<String> first = boundary.slot("first");
    private final StageSlot<String> second = boundary.slot("second");
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @AfterEach
    void endThreads() throws InterruptedException {
        over.set(true);
        boundary.close();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void letsTheLaneInAsSoonAsEveryStageIsThere() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        start(() -> {
            if (boundary.enter()) {
                inside.countDown();
                boundary.leave();
            }
        });
        await().untilAsserted(() -> assertThat(boundary.waiting().stages()).isEqualTo("first, second"));

        second.bind("b");
        await().untilAsserted(() -> assertThat(boundary.waiting().stages()).isEqualTo("first"));
        assertThat(inside.getCount()).isOne();
        first.bind("a");

        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(boundary.waiting().stages()).isEmpty();
    }

    @Test
    void returnsFromUnbindOnlyWhenTheBatchHasEnded() throws InterruptedException {
        first.bind("a");
        second.bind("b");
        assertThat(boundary.enter()).isTrue();
        AtomicBoolean unbound = new AtomicBoolean();
        Thread away = start(() -> {
            first.unbind("a");
            unbound.set(true);
        });
        await().until(() -> away.getState() == Thread.State.TIMED_WAITING);

        assertThat(first.stage()).isEqualTo("a");
        assertThat(unbound).isFalse();
        boundary.leave();

        away.join();
        assertThat(unbound).isTrue();
    }

    @Test
    void returnsFromUnbindAtOnceBetweenBatches() {
        first.bind("a");

        first.unbind("a");

        assertThat(boundary.waiting().stages()).isEmpty();
    }

    @Test
    void keepsTheStageOfTheBatchWhenABetterOneComes() throws InterruptedException {
        first.bind("a");
        second.bind("b");
        assertThat(boundary.enter()).isTrue();

        first.bind("better");
        assertThat(first.stage()).isEqualTo("a");
        Thread away = start(() -> first.unbind("a")); // The order of a greedy reference: the new one comes first.
        await().until(() -> away.getState() == Thread.State.TIMED_WAITING);
        boundary.leave();

        away.join();
        assertThat(boundary.enter()).isTrue();
        assertThat(first.stage()).isEqualTo("better");
        boundary.leave();
    }

    @Test
    void letsAStageTakeItselfAwayWithinItsOwnBatch() throws InterruptedException {
        first.bind("a");
        second.bind("b");
        assertThat(boundary.enter()).isTrue();

        first.unbind("a");

        assertThat(first.stage()).isEqualTo("a");
        boundary.leave();
    }

    @Test
    void ownsUpWhenABatchDoesNotEnd() throws InterruptedException {
        BatchBoundary impatient = new BatchBoundary(SystemClock.INSTANCE, Duration.ofMillis(20));
        StageSlot<String> slot = impatient.slot("only");
        slot.bind("a");
        assertThat(impatient.enter()).isTrue();
        Thread away = start(() -> slot.unbind("a"));

        away.join();

        assertThat(slot.stage()).isEqualTo("a");
        impatient.leave();
    }

    @Test
    void canBeInterruptedWhileItWaits() throws InterruptedException {
        first.bind("a");
        second.bind("b");
        assertThat(boundary.enter()).isTrue();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread away = start(() -> {
            first.unbind("a");
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> away.getState() == Thread.State.TIMED_WAITING);

        away.interrupt();

        away.join();
        assertThat(stillInterrupted).isTrue();
        boundary.leave();
    }

    @Test
    void letsOneThreadTakeAwayEveryStageInAnyOrder() throws InterruptedException {
        first.bind("a");
        second.bind("b");
        AtomicLong batches = new AtomicLong();
        start(() -> {
            while (!over.get() && boundary.enter()) {
                batches.incrementAndGet();
                boundary.leave();
            }
        });
        await().until(() -> batches.get() > 100);

        second.unbind("b");
        first.unbind("a");
        long seen = batches.get();
        await().until(() -> boundary.waiting().stages().equals("first, second"));
        assertThat(batches.get()).isEqualTo(seen);
        first.bind("a");
        second.bind("b");

        await().until(() -> batches.get() > seen + 100);
    }

    @Test
    void turnsTheLaneAwayWhenItIsClosedWithoutAStage() throws InterruptedException {
        AtomicReference<Boolean> entered = new AtomicReference<>();
        Thread lane = start(() -> entered.set(boundary.enter()));
        await().until(() -> lane.getState() == Thread.State.WAITING);

        boundary.close();

        lane.join();
        assertThat(entered.get()).isFalse();
    }

    @Test
    void letsTheLaneFinishAfterItWasClosedIfEveryStageIsThere() throws InterruptedException {
        first.bind("a");
        second.bind("b");

        boundary.close();

        assertThat(boundary.enter()).isTrue();
        boundary.leave();
    }

    /** Every stage notes when it was taken away; no batch may use it after that. */
    @Test
    void neverUsesAStageThatWasTakenAwayHoweverTheyComeAndGo() throws InterruptedException {
        BatchBoundary shared = new BatchBoundary(SystemClock.INSTANCE, Duration.ofSeconds(30));
        List<StageSlot<Tracked>> slots = List.of(shared.slot("1"), shared.slot("2"), shared.slot("3"));
        ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
        AtomicLong batches = new AtomicLong();
        Thread lane = new Thread(() -> {
            try {
                while (!over.get() && shared.enter()) {
                    for (StageSlot<Tracked> slot : slots) {
                        Tracked stage = slot.stage();
                        Thread.onSpinWait();
                        if (stage.gone || slot.stage() != stage) {
                            violations.add(slot.name());
                        }
                    }
                    batches.incrementAndGet();
                    shared.leave();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        lane.start();
        CountDownLatch done = new CountDownLatch(slots.size());
        for (StageSlot<Tracked> slot : slots) {
            start(() -> {
                swap(slot, new Random(slot.name().hashCode()));
                done.countDown();
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        long swapped = batches.get();
        await().until(() -> batches.get() > swapped);
        over.set(true);

        lane.join();
        assertThat(violations).isEmpty();
    }

    private static void swap(StageSlot<Tracked> slot, Random random) {
        Tracked current = new Tracked();
        slot.bind(current);
        for (int round = 0; round < 2_000; round++) {
            Tracked next = new Tracked();
            if (random.nextBoolean()) {
                slot.bind(next);
                slot.unbind(current);
            } else {
                slot.unbind(current);
                slot.bind(next);
            }
            current.gone = true;
            current = next;
        }
    }

    private Thread start(Interruptible body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private static final class Tracked {
        private volatile boolean gone;
    }
}
