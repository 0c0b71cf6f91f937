// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.util.ArrayDeque;
import java.util.Deque;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.report.LastingState;

/**
 * Rows that are held back, copied as they were decoded, in the order in which they came. Their number is bounded. They lie in
 * batches that outlive this object, so that a swap of the stage decides nothing and loses nothing: a row that is still held is
 * COUNTED there, one that was let go is not. Owned by the working thread.
 */
final class Quarantine {
    private static final int PAGE_ROWS = 1_024;

    private final Deque<FlowBatch> pages;
    private final int most;
    private int rows;

    Quarantine(Deque<FlowBatch> pages, int most) {
        this.pages = pages;
        this.most = most;
        for (FlowBatch page : pages) {
            for (int row = 0; row < page.size(); row++) {
                rows += page.isCounted(row) ? 1 : 0;
            }
        }
    }

    /** Goes on with what the predecessor of this bundle held back. */
    @SuppressWarnings("unchecked") // Whoever asks by this name puts the same types in.
    static Deque<FlowBatch> lasting() {
        return (Deque<FlowBatch>) LastingState.of("clock-guard.held", ArrayDeque.class, ArrayDeque::new);
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /**
     * Holds the rows of a span back that have times of their own and that no stage has judged away.
     *
     * @return false if there is no room for them: then none is held
     */
    boolean hold(FlowBatch batch, int span, ExporterClock exporter) {
        int end = batch.endRow(span);
        if (rows + end - batch.firstRow(span) > most) {
            return false;
        }
        boolean hasUptime = batch.uptimeMillis(span) != FlowBatch.NO_UPTIME;
        FlowBatch page = null;
        long held = 0;
        long octets = 0;
        for (int row = batch.firstRow(span); row < end; row++) {
            if (!batch.isCounted(row) || !RowTimes.hasTimes(batch, row, hasUptime)) {
                continue;
            }
            if (page == null || page.remaining() == 0) {
                page = pageWithRoom();
                page.beginSpan(batch, span);
            }
            page.append(batch, row);
            batch.judge(row, Verdict.QUARANTINED);
            octets += ExporterClock.octets(batch, row);
            held++;
        }
        rows += (int) held;
        exporter.hold(held, octets);
        return true;
    }

    private FlowBatch pageWithRoom() {
        FlowBatch last = pages.peekLast();
        if (last == null || last.remaining() == 0) {
            last = new FlowBatch(PAGE_ROWS);
            pages.addLast(last);
        }
        return last;
    }

    /**
     * Puts rows whose time has come behind the rows of a batch, as far as it has room.
     *
     * @param judge who says which those are, and decides them
     */
    void release(FlowBatch batch, Judge judge) {
        for (FlowBatch page : pages) {
            for (int span = 0; span < page.spans(); span++) {
                if (batch.remaining() == 0) {
                    return;
                }
                int last = page.endRow(span) - 1;
                if (page.isCounted(last) && judge.isDue(page, span)) {
                    release(page, span, batch, judge);
                }
            }
        }
        while (!pages.isEmpty() && isDone(pages.peekFirst())) {
            pages.removeFirst();
        }
    }

    private void release(FlowBatch page, int span, FlowBatch batch, Judge judge) {
        batch.beginSpan(page, span);
        batch.returnSpan();
        int returning = batch.spans() - 1;
        for (int row = page.firstRow(span), end = page.endRow(span); row < end && batch.remaining() > 0; row++) {
            if (page.isCounted(row)) {
                batch.append(page, row);
                page.judge(row, Verdict.QUARANTINED);
                rows--;
            }
        }
        judge.decide(batch, returning);
    }

    private static boolean isDone(FlowBatch page) {
        for (int row = page.size() - 1; row >= 0; row--) {
            if (page.isCounted(row)) {
                return false;
            }
        }
        return true;
    }

    /** Who decides what is held back. */
    interface Judge {
        /** Returns whether it is time to let the rows of a held span go. */
        boolean isDue(FlowBatch page, int span);

        /** Decides the rows of a span that returns. */
        void decide(FlowBatch batch, int span);
    }
}
