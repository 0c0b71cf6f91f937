// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.lib.lookup.PrefixSearch;
import org.flowtally.lib.lookup.PrefixTable;

/**
 * Writes the class columns: the profile of each address that may be the far end of somebody's usage. The far end of a row that
 * lacks an address is nowhere, and so ordinary. Owned by the working thread.
 */
final class ClassColumns {
    private static final int MOST_ROWS = PrefixSearch.CAPACITY / 2; // Each has two addresses.

    private final PrefixSearch search = new PrefixSearch();
    private final int[] rows = new int[MOST_ROWS];

    /** Writes the columns of all rows that count. */
    void write(FlowBatch batch, ClassTable classes) {
        batch.trafficClasses(classes);
        if (classes.isEmpty()) {
            return;
        }
        int spans = batch.spans();
        int span = 0;
        while (span < spans) {
            PrefixTable table = classes.table(batch.endpoint(span).realm());
            boolean isTranslated = isTranslated(batch, span);
            int from = batch.firstRow(span++);
            while (span < spans
                    && isTranslated(batch, span) == isTranslated
                    && table == classes.table(batch.endpoint(span).realm())) {
                span++;
            }
            if (!table.isEmpty()) {
                write(batch, from, batch.endRow(span - 1), table, isTranslated);
            }
        }
    }

    private static boolean isTranslated(FlowBatch batch, int span) {
        return batch.matchAddress(span) == MatchAddress.POST_NAT;
    }

    private void write(FlowBatch batch, int from, int to, PrefixTable table, boolean isTranslated) {
        int next = from;
        while (next < to) {
            int count = 0;
            for (; next < to && count < MOST_ROWS; next++) {
                if (batch.isCounted(next) && batch.has(next, FlowField.ADDRESSES)) {
                    ask(batch, next, 2 * count, isTranslated);
                    rows[count++] = next;
                }
            }
            search.find(table, 2 * count);
            for (int at = 0; at < count; at++) {
                batch.trafficClasses(rows[at], profile(2 * at), profile(2 * at + 1));
            }
        }
    }

    private void ask(FlowBatch batch, int row, int position, boolean isTranslated) {
        if (isTranslated) {
            search.address(position, batch.postNatSourceHigh(row), batch.postNatSourceLow(row));
            search.address(position + 1, batch.postNatDestinationHigh(row), batch.postNatDestinationLow(row));
        } else {
            search.address(position, batch.sourceHigh(row), batch.sourceLow(row));
            search.address(position + 1, batch.destinationHigh(row), batch.destinationLow(row));
        }
    }

    /** The far end is where it is whether or not somebody translates the near one: what is in no prefix is ordinary, 0. */
    private int profile(int position) {
        return Math.max(0, search.value(position));
    }
}
