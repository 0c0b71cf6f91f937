// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.RefusedSender;

/** Stages that note their calls; every datagram that is not refused has ten rows. */
final class FakeStages {
    static final int ROWS_PER_DATAGRAM = 10;

    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final DatagramAdmission admission = new Admission();
    volatile long rowsAccounted;
    volatile long datagramsAdmitted;

    void bindAll(Stages stages) {
        stages.admission().bind(admission);
        stages.decoder().bind((datagrams, flows) -> {
            calls.add("decode");
            return decode(datagrams, flows, datagrams.size());
        });
        stages.clockGuard().bind(stage("clock-guard"));
        stages.policy().bind(stage("policy"));
        stages.subscriber().bind(stage("subscriber"));
        stages.accounting().bind(accounting());
    }

    FlowStage stage(String name) {
        return flows -> calls.add(name);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    FlowStage accounting() {
        return flows -> {
            calls.add("accounting");
            rowsAccounted += flows.size();
        };
    }

    boolean decode(DatagramBatch datagrams, FlowBatch flows, int end) {
        int at = datagrams.next();
        while (at < end && flows.remaining() >= ROWS_PER_DATAGRAM) {
            if (!datagrams.isRefused(at)) {
                Exporter exporter = new Exporter("test", "", datagrams.sourceHigh(at), datagrams.sourceLow(at), 5, 0);
                flows.beginSpan(datagrams.endpoint(at), exporter, datagrams.receivedAtMillis(at), 0, 0);
                for (int row = 0; row < ROWS_PER_DATAGRAM; row++) {
                    flows.claim(0);
                }
            }
            at++;
            datagrams.next(at);
        }
        return at == datagrams.size();
    }

    private final class Admission implements DatagramAdmission {
        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
        public void admit(DatagramBatch batch) {
            calls.add("admission");
            datagramsAdmitted += batch.size();
        }

        @Override
        public List<RefusedSender> refused() {
            return List.of();
        }

        @Override
        public long refusedDatagrams() {
            return 0;
        }
    }
}
