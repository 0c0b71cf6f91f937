// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandOffTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static final Endpoint ENDPOINT = new Endpoint(
            "test", "127.0.0.1", 2055, Set.of(5), List.of(), false, List.of(), "", 65_536, SamplingMode.APPLY, 1);
    private static final long USUAL = DatagramBatch.USUAL_SLAB_OCTETS;

    @Test
    void givesAnEmptyBatchForAFullOne() throws InterruptedException {
        HandOff handOff = new HandOff(4 * USUAL);
        DatagramBatch full = batch(3, 100);

        DatagramBatch empty = handOff.exchange(full);

        assertThat(empty).isNotSameAs(full);
        assertThat(empty.size()).isZero();
        assertThat(handOff.take(PATIENCE)).containsSame(full);
        assertThat(full.size()).isEqualTo(3);
        assertThat(handOff.level()).isEqualTo(new HandOff.Level(0, 4 * USUAL, 3, 0));
    }

    @Test
    void poursSmallBatchesIntoTheLastOneWhileTheLaneIsBehind() throws InterruptedException {
        HandOff handOff = new HandOff(4 * USUAL);
        DatagramBatch own = handOff.exchange(batch(1, 100));

        for (int more = 0; more < 10; more++) {
            own.append(ENDPOINT, 0, more, 9, 1, 50);
            assertThat(handOff.exchange(own)).isSameAs(own);
            assertThat(own.size()).isZero();
        }

        assertThat(handOff.level().waitingOctets()).isEqualTo(USUAL);
        assertThat(handOff.take(PATIENCE).orElseThrow().size()).isEqualTo(11);
    }

    @Test
    void countsWhatFindsItFullAndLeavesItToTheCaller() throws InterruptedException {
        HandOff handOff = new HandOff(2 * USUAL);
        int large = (int) USUAL - 10;
        handOff.exchange(batch(1, large));
        handOff.exchange(batch(1, large));
        DatagramBatch third = batch(2, 5_000);

        assertThat(handOff.exchange(third)).isSameAs(third);

        assertThat(third.size()).isEqualTo(2);
        assertThat(handOff.level()).isEqualTo(new HandOff.Level(2 * USUAL, 2 * USUAL, 2, 2));
        handOff.release(handOff.take(PATIENCE).orElseThrow());
        assertThat(handOff.exchange(third).size()).isZero();
        assertThat(handOff.level().datagramsTaken()).isEqualTo(4);
    }

    @Test
    void countsTheBatchThatTheLaneWorksOnAgainstTheBound() throws InterruptedException {
        HandOff handOff = new HandOff(USUAL);
        handOff.exchange(batch(1, 100));
        assertThat(handOff.take(PATIENCE)).isPresent();

        DatagramBatch next = batch(1, 100);

        assertThat(handOff.exchange(next)).isSameAs(next);
        assertThat(next.size()).isOne();
    }

    @Test
    void letsGoOfMemoryWhenTheBoundIsLowered() throws InterruptedException {
        HandOff handOff = new HandOff(8 * USUAL);
        for (int count = 0; count < 4; count++) {
            handOff.exchange(batch(1, (int) USUAL));
        }
        handOff.release(handOff.take(PATIENCE).orElseThrow());

        handOff.bound(USUAL);

        for (int count = 0; count < 3; count++) {
            handOff.release(handOff.take(PATIENCE).orElseThrow());
        }
        assertThat(handOff.exchange(batch(1, (int) USUAL)).size()).isZero();
        DatagramBatch second = batch(1, (int) USUAL);
        assertThat(handOff.exchange(second)).isSameAs(second);
    }

    @Test
    void letsGoOfSpareBatchesAtOnceWhenTheBoundIsLowered() throws InterruptedException {
        HandOff handOff = new HandOff(4 * USUAL);
        for (int count = 0; count < 4; count++) {
            handOff.exchange(batch(1, (int) USUAL));
        }
        for (int count = 0; count < 4; count++) {
            handOff.release(handOff.take(PATIENCE).orElseThrow());
        }

        handOff.bound(2 * USUAL);

        for (int count = 0; count < 2; count++) {
            assertThat(handOff.exchange(batch(1, (int) USUAL)).size()).isZero();
        }
        DatagramBatch third = batch(1, (int) USUAL);
        assertThat(handOff.exchange(third)).isSameAs(third);
    }

    @Test
    void goesOnWithTheBatchesThatWereWorkedOffUpToTheBound() throws InterruptedException {
        HandOff handOff = new HandOff(2 * USUAL);
        DatagramBatch first = batch(1, (int) USUAL);
        DatagramBatch second = batch(1, (int) USUAL);
        handOff.exchange(first);
        handOff.exchange(second);
        handOff.release(handOff.take(PATIENCE).orElseThrow());
        handOff.release(handOff.take(PATIENCE).orElseThrow());
        handOff.bound(2 * USUAL); // As it was: nothing is let go of.

        assertThat(handOff.exchange(batch(1, (int) USUAL))).isSameAs(second);
        assertThat(handOff.exchange(batch(1, (int) USUAL))).isSameAs(first);
    }

    @Test
    void givesOutWhatWaitsAfterItWasClosedAndTakesNothingMore() throws InterruptedException {
        HandOff handOff = new HandOff(4 * USUAL);
        handOff.exchange(batch(2, 100));

        handOff.close();

        DatagramBatch late = batch(1, 100);
        assertThat(handOff.exchange(late)).isSameAs(late);
        assertThat(late.size()).isOne();
        assertThat(handOff.take(PATIENCE)).isPresent();
        assertThat(handOff.take(PATIENCE)).isEmpty();
        assertThat(handOff.level().datagramsLost()).isOne();
    }

    @Test
    void endsTheWaitOfTheLaneWhenItIsClosed() throws InterruptedException {
        HandOff handOff = new HandOff(4 * USUAL);
        Thread lane = new Thread(() -> {
            try {
                assertThat(handOff.take(PATIENCE)).isEmpty();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        lane.start();
        await().until(() -> lane.getState() == Thread.State.TIMED_WAITING);

        handOff.close();

        lane.join();
    }

    @Test
    void losesNothingAndCountsAllBetweenTwoReceiversAndALane() throws InterruptedException {
        HandOff handOff = new HandOff(3 * USUAL);
        int perReceiver = 300_000;
        AtomicLong worked = new AtomicLong();
        AtomicLong sum = new AtomicLong();
        Thread lane = new Thread(() -> workOff(handOff, worked, sum));
        lane.start();
        List<Thread> receivers = List.of(
                new Thread(() -> receive(handOff, perReceiver)), new Thread(() -> receive(handOff, perReceiver)));
        receivers.forEach(Thread::start);

        for (Thread receiver : receivers) {
            receiver.join();
        }
        handOff.close();
        lane.join();

        HandOff.Level level = handOff.level();
        assertThat(worked.get()).isEqualTo(level.datagramsTaken());
        assertThat(level.datagramsTaken() + level.datagramsLost()).isEqualTo(2L * perReceiver);
        assertThat(level.waitingOctets()).isZero();
        assertThat(sum.get()).isPositive();
    }

    private static void receive(HandOff handOff, int datagrams) {
        DatagramBatch own = new DatagramBatch();
        for (int datagram = 0; datagram < datagrams; datagram++) {
            int offset = own.append(ENDPOINT, 0, datagram, 9, 1, 8 + datagram % 1400);
            own.slab()[offset] = 1;
            if (datagram % 33 == 32 || datagram == datagrams - 1) {
                own = handOff.exchange(own);
                own.clear(); // Lost, if it was not taken.
            }
        }
    }

    private static void workOff(HandOff handOff, AtomicLong worked, AtomicLong sum) {
        try {
            Optional<DatagramBatch> next = handOff.take(PATIENCE);
            while (next.isPresent()) {
                DatagramBatch batch = next.get();
                for (int datagram = 0; datagram < batch.size(); datagram++) {
                    assertThat(batch.slab()[batch.offset(datagram)]).isEqualTo((byte) 1);
                    sum.addAndGet(batch.sourceLow(datagram));
                }
                worked.addAndGet(batch.size());
                handOff.release(batch);
                next = handOff.take(PATIENCE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static DatagramBatch batch(int datagrams, int octetsEach) {
        DatagramBatch batch = new DatagramBatch();
        for (int datagram = 0; datagram < datagrams; datagram++) {
            batch.append(ENDPOINT, 0, datagram, 9, 1, octetsEach);
        }
        return batch;
    }

    @Test
    void comesBackWithoutABatchWhenNoneComesInTime() throws InterruptedException {
        HandOff handOff = new HandOff(1 << 20);

        assertThat(handOff.take(Duration.ofMillis(1))).isEmpty();

        assertThat(handOff.isDrained()).isFalse();
        handOff.close();
        assertThat(handOff.isDrained()).isTrue();
    }
}
