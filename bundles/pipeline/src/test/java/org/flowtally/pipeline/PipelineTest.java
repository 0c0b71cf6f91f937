// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import org.flowtally.api.clock.HostClockProbe;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.UsageLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PipelineTest {
    static final PipelineSettings SETTINGS = new PipelineSettings(
            16L * DatagramBatch.USUAL_SLAB_OCTETS,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            LocalTime.of(2, 30));

    private final FakeStages fakes = new FakeStages();
    private Pipeline pipeline;
    private boolean stopped;

    @BeforeEach
    void start() throws Exception {
        pipeline = new Pipeline(SETTINGS, SystemClock.INSTANCE);
        pipeline.start();
    }

    @AfterEach
    void stop() {
        if (!stopped) {
            pipeline.stop();
        }
    }

    @Test
    void worksOffWhatIsHandedOver() {
        fakes.bindAll(pipeline.stages());

        for (int batch = 0; batch < 50; batch++) {
            assertThat(handOver(HandOffTest.batch(7, 100)).size()).isZero();
        }

        await().until(() -> pipeline.status().datagramsDone() == 350);
        assertThat(fakes.rowsAccounted).isEqualTo(3_500);
        LaneStatus status = pipeline.status();
        assertThat(status.datagramsHandedOff()).isEqualTo(350);
        assertThat(status.datagramsLost()).isZero();
        assertThat(status.batchesFailed()).isZero();
        assertThat(status.handOffOctets()).isZero();
        assertThat(status.waitingFor()).isEmpty();
    }

    @Test
    void letsAStageGoOnWithWhatItHoldsAlthoughNothingArrives() {
        fakes.bindAll(pipeline.stages());

        await().until(() -> fakes.calls.contains("clock-guard"));

        assertThat(fakes.rowsAccounted).isZero();
        assertThat(pipeline.status().datagramsDone()).isZero();
    }

    @Test
    void asksStagesForWhatTheyHoldBeforeItStops() {
        fakes.bindAll(pipeline.stages());
        AtomicInteger left = new AtomicInteger(3);
        pipeline.stages().clockGuard().bind(new FlowStage() {
            @Override
            public void apply(FlowBatch flows) {
                // Holds on to its rows.
            }

            @Override
            public void surrender(FlowBatch flows) {
                if (left.getAndDecrement() > 0) {
                    fakes.decode(HandOffTest.batch(1, 100), flows, 1);
                }
            }
        });

        pipeline.stop();
        stopped = true;

        assertThat(fakes.rowsAccounted).isEqualTo(3 * FakeStages.ROWS_PER_DATAGRAM);
    }

    @Test
    void asksForTheTimeWhenItIsDue() {
        AtomicInteger asked = new AtomicInteger();
        pipeline.housekeeping().bind(new HostClockProbe() {
            @Override
            public boolean isDue() {
                return asked.get() == 0;
            }

            @Override
            public void ask() {
                asked.incrementAndGet();
            }
        });

        await().until(() -> asked.get() > 0);
    }

    @Test
    void waitsWhileAStageIsAwayAndLosesNothing() {
        fakes.bindAll(pipeline.stages());
        FlowStage replaced = flows -> {};
        pipeline.stages().policy().bind(replaced);
        pipeline.stages().policy().unbind(replaced);

        handOver(HandOffTest.batch(5, 100));
        await().until(() -> pipeline.status().waitingFor().equals("policy"));
        handOver(HandOffTest.batch(5, 100));
        assertThat(fakes.rowsAccounted).isZero();
        pipeline.stages().policy().bind(fakes.stage("policy"));

        await().until(() -> pipeline.status().datagramsDone() == 10);
        assertThat(fakes.rowsAccounted).isEqualTo(100);
    }

    @Test
    void swapsStagesUnderLoadWithoutLosingOrRepeatingARow() {
        fakes.bindAll(pipeline.stages());
        int batches = 2_000;
        Thread receiver = new Thread(() -> {
            for (int batch = 0; batch < batches; batch++) {
                handOver(HandOffTest.batch(3, 100));
            }
        });

        receiver.start();
        FlowStage current = fakes.accounting();
        pipeline.stages().accounting().bind(current);
        int swaps = 0;
        while (receiver.isAlive() || swaps < 100) {
            FlowStage next = fakes.accounting();
            pipeline.stages().accounting().unbind(current);
            pipeline.stages().accounting().bind(next);
            current = next;
            swaps++;
        }

        LaneStatus status = pipeline.status();
        assertThat(status.datagramsHandedOff() + status.datagramsLost()).isEqualTo(3L * batches);
        await().until(() -> pipeline.status().datagramsDone() == status.datagramsHandedOff());
        assertThat(fakes.rowsAccounted).isEqualTo(10 * status.datagramsHandedOff());
    }

    @Test
    void goesOnAfterAStageFailed() {
        fakes.bindAll(pipeline.stages());
        AtomicInteger calls = new AtomicInteger();
        pipeline.stages().subscriber().bind(flows -> {
            if (calls.getAndIncrement() == 0) {
                throw new StackOverflowError("a bug of the test");
            }
        });

        handOver(HandOffTest.batch(5, 100));
        await().until(() -> pipeline.status().datagramsDone() == 5);
        handOver(HandOffTest.batch(5, 100));

        await().until(() -> pipeline.status().datagramsDone() == 10);
        assertThat(fakes.rowsAccounted).isEqualTo(100);
        assertThat(pipeline.status().batchesFailed()).isOne();
    }

    @Test
    void worksOffWhatWasReceivedWhenItIsStopped() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        fakes.bindAll(pipeline.stages());
        pipeline.stages().policy().bind(flows -> awaitUninterruptibly(go));
        for (int batch = 0; batch < 30; batch++) {
            handOver(HandOffTest.batch(7, 1_000));
        }

        Thread stopping = new Thread(pipeline::stop);
        stopping.start();
        go.countDown();
        stopping.join();
        stopped = true;

        assertThat(pipeline.status().datagramsDone()).isEqualTo(210);
        assertThat(fakes.rowsAccounted).isEqualTo(2_100);
    }

    @Test
    void stopsWithinItsTimeWhenAStageIsAway() {
        handOver(HandOffTest.batch(7, 100));

        pipeline.stop();
        stopped = true;

        assertThat(pipeline.status().datagramsDone()).isZero();
        assertThat(pipeline.context().getStatus().isStopped()).isTrue();
    }

    @Test
    void losesCountedWhenTheHandOffIsFullAndTakesAChangedBoundWhileRunning() {
        int lost = 0;
        for (int batch = 0; batch < 20; batch++) {
            lost += handOver(HandOffTest.batch(1, 100_000)).size();
        }
        assertThat(lost).isEqualTo(4);
        assertThat(pipeline.status().datagramsLost()).isEqualTo(4);

        pipeline.change(new PipelineSettings(
                32L * DatagramBatch.USUAL_SLAB_OCTETS,
                SETTINGS.drain(),
                SETTINGS.reload(),
                SETTINGS.retry(),
                SETTINGS.retentionTime()));

        assertThat(handOver(HandOffTest.batch(1, 100_000)).size()).isZero();
        assertThat(pipeline.status().handOffBoundOctets()).isEqualTo(32L * DatagramBatch.USUAL_SLAB_OCTETS);
    }

    @Test
    void flushesTheLedgerEverySecondAndSurvivesItsFailure() {
        AtomicInteger flushes = new AtomicInteger();
        pipeline.housekeeping().bind(new UsageLedger() {
            @Override
            public void flush() {
                if (flushes.incrementAndGet() == 1) {
                    throw new IllegalStateException("a bug of the test");
                }
            }

            @Override
            public LedgerStatus status() {
                throw new AssertionError("nobody asks");
            }
        });

        await().atMost(Duration.ofSeconds(10)).until(() -> flushes.get() >= 2);
    }

    @Test
    void showsItsRoutesAndNoProcessorsToManagement() throws Exception {
        ObjectName context = new ObjectName("org.apache.camel:context=*,type=context,name=\"flowtally\"");
        ObjectName processors = new ObjectName("org.apache.camel:context=*,type=processors,name=*");
        ObjectName routes = new ObjectName("org.apache.camel:context=*,type=routes,name=*");

        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(context, null))
                .hasSize(1);
        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(processors, null))
                .isEmpty();
        Set<ObjectName> names = ManagementFactory.getPlatformMBeanServer().queryNames(routes, null);
        assertThat(names).extracting(name -> name.getKeyProperty("name")).contains("\"lane\"", "\"ledger-flush\"");
    }

    /** The way of the template's route without its socket. */
    private DatagramBatch handOver(DatagramBatch full) {
        return pipeline.handOff().exchange(full);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
