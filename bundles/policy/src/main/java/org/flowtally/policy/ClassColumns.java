// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.lib.lookup.PrefixTable;

/** Writes the class columns: the profile of each address that may be the far end of somebody's usage. */
final class ClassColumns {
    /** Writes the columns of all rows that count. */
    void write(FlowBatch batch, ClassTable classes) {
        batch.trafficClasses(classes);
        if (classes.isEmpty()) {
            return;
        }
        for (int span = 0, spans = batch.spans(); span < spans; span++) {
            PrefixTable table = classes.table(batch.endpoint(span).realm());
            if (table.isEmpty()) {
                continue;
            }
            if (batch.matchAddress(span) == MatchAddress.POST_NAT) {
                writeTranslated(batch, batch.firstRow(span), batch.endRow(span), table);
            } else {
                write(batch, batch.firstRow(span), batch.endRow(span), table);
            }
        }
    }

    private static void write(FlowBatch batch, int from, int to, PrefixTable table) {
        for (int row = from; row < to; row++) {
            if (batch.isCounted(row)) {
                batch.trafficClasses(
                        row,
                        profile(table, batch.sourceHigh(row), batch.sourceLow(row)),
                        profile(table, batch.destinationHigh(row), batch.destinationLow(row)));
            }
        }
    }

    private static void writeTranslated(FlowBatch batch, int from, int to, PrefixTable table) {
        for (int row = from; row < to; row++) {
            if (batch.isCounted(row) && batch.has(row, FlowField.ADDRESSES)) {
                batch.trafficClasses(
                        row,
                        profile(table, batch.postNatSourceHigh(row), batch.postNatSourceLow(row)),
                        profile(table, batch.postNatDestinationHigh(row), batch.postNatDestinationLow(row)));
            }
        }
    }

    /** The far end is where it is whether or not somebody translates the near one: what is in no prefix is ordinary, 0. */
    private static int profile(PrefixTable table, long high, long low) {
        return Math.max(0, table.find(high, low));
    }
}
