// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.lib.lookup.PrefixTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The subscriber match: who held the addresses of each row during its flow. It judges nothing; accounting does. */
@Component(enabled = false) // Enabled by the book once the outcome of the first load is known.
@StageName(stage_name = StageName.SUBSCRIBER)
public final class SubscriberStage implements FlowStage {
    private final AssignmentBook book;

    /** Reads from the book. */
    @Activate
    public SubscriberStage(@Reference AssignmentBook book) {
        this.book = book;
    }

    @Override
    public void apply(FlowBatch batch) {
        Assignments assignments = book.current();
        batch.subscribers(assignments);
        for (int span = 0; span < batch.spans(); span++) {
            PrefixTable table = assignments.table(batch.endpoint(span).realm());
            match(batch, batch.firstRow(span), batch.endRow(span), assignments, table);
        }
    }

    private static void match(FlowBatch batch, int from, int to, Assignments assignments, PrefixTable table) {
        for (int row = from; row < to; row++) {
            if (!batch.isCounted(row)) {
                batch.subscribers(row, Subscribers.NO_SUBSCRIBER, Subscribers.NO_SUBSCRIBER);
                continue;
            }
            long start = batch.startMillis(row);
            long end = batch.endMillis(row);
            int source = assignments.holder(table, batch.sourceHigh(row), batch.sourceLow(row), start, end);
            int destination =
                    assignments.holder(table, batch.destinationHigh(row), batch.destinationLow(row), start, end);
            batch.subscribers(row, source, destination);
        }
    }
}
