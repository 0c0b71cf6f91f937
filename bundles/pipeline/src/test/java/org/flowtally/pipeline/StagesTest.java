// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.time.SystemClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StagesTest {
    private final BatchBoundary boundary = new BatchBoundary(SystemClock.INSTANCE, java.time.Duration.ofSeconds(1));
    private final Stages stages = new Stages(boundary, SystemClock.INSTANCE);
    private final LaneBatch batch = new LaneBatch(64);
    private final FakeStages fakes = new FakeStages();

    @BeforeEach
    void bind() {
        fakes.bindAll(stages);
    }

    @Test
    void passesRowsThroughEveryStageInOrder() throws InterruptedException {
        batch.load(HandOffTest.batch(3, 100));

        pass();

        assertThat(fakes.calls)
                .containsExactly("admission", "decode", "clock-guard", "policy", "subscriber", "accounting");
        assertThat(fakes.rowsAccounted).isEqualTo(3 * FakeStages.ROWS_PER_DATAGRAM);
        assertThat(batch.isDecoded()).isTrue();
        assertThat(stages.failures()).isZero();
    }

    @Test
    void looksAtSendersOnceHoweverManyPassesTheFlowsTake() throws InterruptedException {
        batch.load(HandOffTest.batch(20, 100));

        int passes = 0;
        while (!batch.isDecoded()) {
            pass();
            passes++;
        }

        assertThat(passes).isEqualTo(4); // 6 datagrams of 10 rows fit into 64.
        assertThat(fakes.calls).containsOnlyOnce("admission");
        assertThat(fakes.rowsAccounted).isEqualTo(200);
    }

    @Test
    void callsNoStageWithoutRowsButTheOneThatMayHoldSomeBack() throws InterruptedException {
        stages.decoder().bind((datagrams, flows) -> false); // Its decoder is being swapped.
        batch.load(HandOffTest.batch(3, 100));

        pass();

        assertThat(fakes.calls).containsExactly("admission", "clock-guard");
        assertThat(batch.isDecoded()).isFalse();
    }

    @Test
    void takesRowsThatWereHeldBackThroughTheStagesBehind() throws InterruptedException {
        stages.clockGuard().bind(new FlowStage() {
            @Override
            public void apply(FlowBatch flows) {
                flows.beginSpan(Held.PAGE, 0);
                flows.returnSpan();
                flows.append(Held.PAGE, 0);
            }

            @Override
            public void surrender(FlowBatch flows) {
                fakes.calls.add("surrender");
            }
        });

        batch.loadNothing(false);
        pass();
        assertThat(fakes.calls).containsExactly("admission", "decode", "policy", "subscriber", "accounting");
        assertThat(fakes.rowsAccounted).isEqualTo(1);

        fakes.calls.clear();
        batch.loadNothing(true);
        pass();
        assertThat(fakes.calls).containsExactly("admission", "decode", "surrender");
        assertThat(batch.flows().size()).isZero();
    }

    /** A row that is held back. */
    private static final class Held {
        static final FlowBatch PAGE = new FlowBatch(1);

        static {
            DatagramBatch datagrams = HandOffTest.batch(1, 100);
            PAGE.beginSpan(datagrams.endpoint(0), new Exporter("test", "", 0, 0, 5, 0), 0, 0, 0);
            PAGE.claim(0);
        }
    }

    @Test
    void givesRowsThatAFailedStageLeftUnjudgedTheirVerdict() throws InterruptedException {
        stages.policy().bind(flows -> {
            flows.judge(0, Verdict.OUTSIDE_WHITELIST);
            throw new IllegalStateException("a bug of the test");
        });
        batch.load(HandOffTest.batch(1, 100));

        pass();

        FlowBatch flows = batch.flows();
        assertThat(flows.verdict(0)).isEqualTo(Verdict.OUTSIDE_WHITELIST);
        assertThat(flows.verdict(1)).isEqualTo(Verdict.STAGE_FAILED);
        assertThat(fakes.calls).endsWith("subscriber", "accounting");
        assertThat(fakes.rowsAccounted).isEqualTo(FakeStages.ROWS_PER_DATAGRAM);
        assertThat(stages.failures()).isOne();
    }

    @Test
    void letsNobodyInUnseenWhenAdmissionFails() throws InterruptedException {
        stages.admission().bind(new DatagramAdmission() {
            @Override
            public void admit(DatagramBatch datagrams) {
                throw new NoClassDefFoundError("a bug of the test");
            }

            @Override
            public List<RefusedSender> refused() {
                return List.of();
            }

            @Override
            public long refusedDatagrams() {
                return 0;
            }
        });
        DatagramBatch datagrams = HandOffTest.batch(2, 100);
        batch.load(datagrams);

        pass();

        assertThat(datagrams.isRefused(0)).isTrue();
        assertThat(datagrams.isRefused(1)).isTrue();
        assertThat(fakes.rowsAccounted).isZero();
    }

    @Test
    void accountsTheRowsDecodedBeforeTheVersionSwitchFailed() throws InterruptedException {
        stages.decoder().bind((datagrams, flows) -> {
            fakes.decode(datagrams, flows, 1);
            throw new IllegalStateException("a bug of the test");
        });
        batch.load(HandOffTest.batch(3, 100));

        pass();

        assertThat(batch.isDecoded()).isTrue();
        assertThat(fakes.rowsAccounted).isEqualTo(FakeStages.ROWS_PER_DATAGRAM);
        assertThat(stages.failures()).isOne();
    }

    private void pass() throws InterruptedException {
        assertThat(boundary.enter()).isTrue();
        stages.admit(batch);
        stages.decode(batch);
        stages.guardClock(batch);
        stages.applyPolicy(batch);
        stages.matchSubscribers(batch);
        stages.account(batch);
        boundary.leave();
    }
}
