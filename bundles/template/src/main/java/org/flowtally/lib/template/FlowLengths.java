// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.flow.FlowBatch;

/**
 * How long the flows of an exporter last at most, which shows its active timeout. One row of each datagram is looked at, each
 * time another one: flows that last are reported again and again. One writer; any thread may read.
 */
final class FlowLengths {
    /** The time for which a length is remembered, at least; twice as long at most. */
    private static final long WINDOW_MILLIS = 900_000;

    /** What lasts longer comes of a broken clock and not of a timeout. */
    private static final long MOST_MILLIS = 86_400_000;

    private long windowMillis;
    private int turn;
    private volatile long longest;
    private volatile long longestBefore;

    /** Looks at one of these rows. */
    void note(FlowBatch flows, int fromRow, int endRow, long nowMillis) {
        if (nowMillis - windowMillis >= WINDOW_MILLIS || nowMillis < windowMillis) {
            windowMillis = nowMillis;
            longestBefore = longest;
            longest = 0;
        }
        if (fromRow == endRow) {
            return;
        }
        turn = turn + 1 & Integer.MAX_VALUE;
        int row = fromRow + turn % (endRow - fromRow);
        if (RunningTotals.hasTimes(flows, row)) {
            long length = flows.observedEnd(row) - flows.observedStart(row);
            if (length > longest && length <= MOST_MILLIS) {
                longest = length;
            }
        }
    }

    /** Returns the longest that was seen lately, in milliseconds. */
    long longestMillis() {
        return Math.max(longest, longestBefore);
    }
}
