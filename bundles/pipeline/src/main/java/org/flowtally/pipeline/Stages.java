// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DatagramDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.lib.report.Counter;
import org.flowtally.lib.report.QuietLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the lane, one method each, in the order of {@link FlowRoutes}. A step that fails is a bug: it is counted
 * and named in the log, the rows it left unjudged get their verdict all the same, and the lane goes on.
 */
final class Stages {
    private static final Logger LOG = LoggerFactory.getLogger(Stages.class);

    private final StageSlot<DatagramAdmission> admission;
    private final StageSlot<DatagramDecoder> decoder;
    private final StageSlot<FlowStage> clockGuard;
    private final StageSlot<FlowStage> policy;
    private final StageSlot<FlowStage> subscriber;
    private final StageSlot<FlowStage> accounting;
    private final Counter failures = new Counter();
    private final QuietLog quiet;

    Stages(BatchBoundary boundary, InstantSource clock) {
        admission = boundary.slot("admission");
        decoder = boundary.slot("decode");
        clockGuard = boundary.slot(StageName.CLOCK_GUARD);
        policy = boundary.slot(StageName.POLICY);
        subscriber = boundary.slot(StageName.SUBSCRIBER);
        accounting = boundary.slot(StageName.ACCOUNTING);
        quiet = new QuietLog(LOG, clock);
    }

    StageSlot<DatagramAdmission> admission() {
        return admission;
    }

    StageSlot<DatagramDecoder> decoder() {
        return decoder;
    }

    StageSlot<FlowStage> clockGuard() {
        return clockGuard;
    }

    StageSlot<FlowStage> policy() {
        return policy;
    }

    StageSlot<FlowStage> subscriber() {
        return subscriber;
    }

    StageSlot<FlowStage> accounting() {
        return accounting;
    }

    /** Returns in how many batches a stage failed. */
    long failures() {
        return failures.value();
    }

    /** Looks at the senders of the datagrams, in the first pass. */
    @SuppressWarnings("IllegalCatch") // A stage that fails must not stop the lane.
    void admit(LaneBatch batch) {
        if (batch.isAdmitted()) {
            return;
        }
        try {
            admission.stage().admit(batch.datagrams());
        } catch (Throwable bug) {
            failed(admission.name(), bug);
            refuseAll(batch.datagrams()); // Nobody is let in unseen.
        }
        batch.admitted();
    }

    /** Decodes as many datagrams as fill the flow batch. */
    @SuppressWarnings("IllegalCatch") // A stage that fails must not stop the lane.
    void decode(LaneBatch batch) {
        DatagramBatch datagrams = batch.datagrams();
        batch.flows().clear();
        try {
            batch.decoded(decoder.stage().decode(datagrams, batch.flows()));
        } catch (Throwable bug) {
            failed(decoder.name(), bug);
            quiet.error(
                    "given up",
                    "datagrams are given up, the version switch failed: datagrams={}",
                    datagrams.size() - datagrams.next());
            datagrams.next(datagrams.size());
            batch.decoded(true); // The rows it has so far go on.
        }
    }

    /** Settles times; also where no rows came, since the guard lets rows go that it held back. */
    void guardClock(LaneBatch batch) {
        judge(clockGuard, batch.flows(), batch.isLast() ? FlowStage::surrender : FlowStage::apply);
    }

    void applyPolicy(LaneBatch batch) {
        judge(policy, batch.flows());
    }

    void matchSubscribers(LaneBatch batch) {
        judge(subscriber, batch.flows());
    }

    void account(LaneBatch batch) {
        judge(accounting, batch.flows());
    }

    private void judge(StageSlot<FlowStage> slot, FlowBatch flows) {
        if (flows.size() > 0) {
            judge(slot, flows, FlowStage::apply);
        }
    }

    @SuppressWarnings("IllegalCatch") // A stage that fails must not stop the lane.
    private void judge(StageSlot<FlowStage> slot, FlowBatch flows, BiConsumer<FlowStage, FlowBatch> how) {
        try {
            how.accept(slot.stage(), flows);
        } catch (Throwable bug) {
            failed(slot.name(), bug);
            for (int row = 0; row < flows.size(); row++) {
                flows.judge(row, Verdict.STAGE_FAILED);
            }
        }
    }

    private void failed(String stage, Throwable bug) {
        failures.increment();
        quiet.error(stage + bug.getClass().getName(), "stage failed, a bug: stage={}", stage, bug);
    }

    private static void refuseAll(DatagramBatch datagrams) {
        for (int datagram = 0; datagram < datagrams.size(); datagram++) {
            datagrams.refuse(datagram);
        }
    }
}
