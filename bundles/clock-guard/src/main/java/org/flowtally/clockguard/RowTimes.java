// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;

/**
 * The times of a span's rows: settles them in milliseconds since 1970, mends or discards what cannot be, and judges what ends
 * in the future or ended long ago. What it settles always has its start not after its end. Counts what it does per span; one
 * row of each kind is remembered, to tell an operator. Owned by the working thread.
 */
@SuppressWarnings("EnumOrdinal") // The counters live within this object.
final class RowTimes {
    private static final int ACTIONS = ClockAction.count();
    private static final int NO_ROW = -1;

    private final ClockGuardSettings settings;
    private final long[] rows = new long[ACTIONS];
    private final long[] octets = new long[ACTIONS];
    private final int[] exampleRow = new int[ACTIONS];
    private final int[] exampleSpan = new int[ACTIONS];
    private boolean hasActed;

    RowTimes(ClockGuardSettings settings) {
        this.settings = settings;
        clearExamples();
    }

    /** Returns whether a row has times of its own. */
    static boolean hasTimes(FlowBatch batch, int row, boolean hasUptime) {
        return batch.has(row, FlowField.ABSOLUTE_TIMES) || (hasUptime && batch.has(row, FlowField.UPTIME_TIMES));
    }

    /**
     * Writes the times of a span's rows as the exporter meant them.
     *
     * @param shift what is added to them because of the exporter's clock
     */
    void settle(FlowBatch batch, int span, long shift) {
        long uptimeMillis = batch.uptimeMillis(span);
        long exportMillis = batch.exportMillis(span) + shift;
        long arrival = batch.receivedAtMillis(span);
        boolean hasUptime = uptimeMillis != FlowBatch.NO_UPTIME;
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            if (batch.has(row, FlowField.ABSOLUTE_TIMES)) {
                batch.times(row, plus(batch.observedStart(row), shift), plus(batch.observedEnd(row), shift));
            } else if (hasUptime && batch.has(row, FlowField.UPTIME_TIMES)) {
                batch.times(
                        row,
                        UptimeClock.millis(exportMillis, uptimeMillis, batch.observedStart(row)),
                        UptimeClock.millis(exportMillis, uptimeMillis, batch.observedEnd(row)));
            } else {
                missing(batch, span, row, arrival);
            }
        }
    }

    private static long plus(long millis, long shift) {
        long sum = millis + shift;
        boolean isBeyond = ((millis ^ sum) & (shift ^ sum)) < 0;
        return isBeyond ? (shift < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    private void missing(FlowBatch batch, int span, int row, long arrival) {
        batch.times(row, arrival, arrival);
        if (settings.missingAction() == ClockGuardSettings.MissingAction.DISCARD) {
            discard(batch, span, row, Verdict.INCOMPLETE, ClockAction.SENSELESS);
            return;
        }
        batch.addQuality(row, Quality.ARRIVAL_TIME);
        if (batch.isCounted(row)) {
            count(batch, span, row, ClockAction.ARRIVAL);
        }
    }

    /**
     * Judges a span's rows by their end, and mends times that cannot be.
     *
     * @param hostErrorMillis by how much this host is known to be ahead; the bounds give way to it
     * @param isArrivalTaken whether the policy is to put flows at their arrival: then none ends in the future
     */
    void judge(FlowBatch batch, int span, long hostErrorMillis, boolean isArrivalTaken) {
        long arrival = batch.receivedAtMillis(span);
        long latest = arrival + (isArrivalTaken ? 0 : settings.futureToleranceMillis() + Math.max(0, -hostErrorMillis));
        long earliest = arrival - settings.ageMaxMillis() - Math.max(0, hostErrorMillis);
        long longest = settings.durationMaxMillis();
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            long start = batch.startMillis(row);
            long ended = batch.endMillis(row);
            if (start > ended || start < ended - longest) {
                mend(batch, span, row, start, ended);
                ended = batch.endMillis(row);
            }
            if (!batch.isCounted(row)) {
                continue;
            }
            if (ended > latest) {
                inFuture(batch, span, row, isArrivalTaken);
            } else if (ended < earliest) {
                tooOld(batch, span, row);
            }
        }
    }

    private void inFuture(FlowBatch batch, int span, int row, boolean isArrivalTaken) {
        if (isArrivalTaken) {
            long arrival = batch.receivedAtMillis(span);
            long duration = batch.endMillis(row) - batch.startMillis(row);
            batch.times(row, arrival - duration, arrival);
        } else {
            discard(batch, span, row, Verdict.IN_FUTURE, ClockAction.FUTURE);
        }
    }

    private void tooOld(FlowBatch batch, int span, int row) {
        switch (settings.ageAction()) {
            case DISCARD -> discard(batch, span, row, Verdict.TOO_OLD, ClockAction.OLD);
            case ARRIVAL -> {
                long arrival = batch.receivedAtMillis(span);
                batch.times(row, arrival, arrival);
                batch.addQuality(row, Quality.ARRIVAL_TIME);
                count(batch, span, row, ClockAction.ARRIVAL);
            }
            case COUNT -> {
                batch.addQuality(row, Quality.LATE);
                count(batch, span, row, ClockAction.LATE);
            }
        }
    }

    /** Mends times that contradict each other: octets with a broken start are real octets. */
    private void mend(FlowBatch batch, int span, int row, long start, long ended) {
        boolean isDiscarded;
        long mendedStart = ended;
        long mendedEnd = ended;
        if (start > ended) {
            isDiscarded = settings.reversedAction() == ClockGuardSettings.ReversedAction.DISCARD;
            // Only if what comes out of it is a flow of a length that can be.
            if (settings.reversedAction() == ClockGuardSettings.ReversedAction.SWAP
                    && start - settings.durationMaxMillis() <= ended) {
                mendedEnd = start;
            }
        } else {
            isDiscarded = settings.durationAction() == ClockGuardSettings.DurationAction.DISCARD;
            if (settings.durationAction() == ClockGuardSettings.DurationAction.CUT) {
                mendedStart = ended - settings.durationMaxMillis();
            }
        }
        batch.times(row, mendedStart, mendedEnd);
        if (isDiscarded) {
            discard(batch, span, row, Verdict.IMPLAUSIBLE, ClockAction.SENSELESS);
            return;
        }
        batch.addQuality(row, Quality.TIMES_MENDED);
        if (batch.isCounted(row)) {
            count(batch, span, row, ClockAction.MENDED);
        }
    }

    private void discard(FlowBatch batch, int span, int row, Verdict verdict, ClockAction action) {
        if (batch.isCounted(row)) {
            batch.judge(row, verdict);
            count(batch, span, row, action);
        }
    }

    private void count(FlowBatch batch, int span, int row, ClockAction action) {
        int at = action.ordinal();
        rows[at]++;
        octets[at] += ExporterClock.octets(batch, row);
        exampleRow[at] = row;
        exampleSpan[at] = span;
        hasActed = true;
    }

    /**
     * Marks and counts the rows of a span whose times are not simply as told, and that still count.
     *
     * @param shift what was added to the times that rows have of their own
     * @param why CORRECTED or ARRIVAL, or UNSURE for a clock that is off and trusted all the same
     */
    void mark(FlowBatch batch, int span, long shift, ClockAction why) {
        batch.clockShift(span, shift);
        boolean hasUptime = batch.uptimeMillis(span) != FlowBatch.NO_UPTIME;
        int bit = switch (why) {
            case CORRECTED -> Quality.CLOCK_SHIFTED;
            case ARRIVAL -> Quality.ARRIVAL_TIME;
            default -> Quality.CLOCK_OFF;
        };
        int spared =
                why == ClockAction.UNSURE ? Quality.ARRIVAL_TIME : 0; // What was put at its arrival trusts no clock.
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            if (batch.isCounted(row) && hasTimes(batch, row, hasUptime) && (batch.quality(row) & spared) == 0) {
                batch.addQuality(row, bit);
                count(batch, span, row, why);
            }
        }
    }

    /** Adds what was done in the span to what is counted of its exporter. */
    void fold(ExporterClock clock) {
        if (!hasActed) {
            return;
        }
        hasActed = false;
        for (int action = 0; action < ACTIONS; action++) {
            if (rows[action] != 0) {
                clock.count(ClockAction.of(action), rows[action], octets[action]);
                rows[action] = 0;
                octets[action] = 0;
            }
        }
    }

    /** Returns whether something was done to a row since the examples were cleared. */
    boolean hasExample(ClockAction action) {
        return exampleRow[action.ordinal()] != NO_ROW;
    }

    int exampleRow(ClockAction action) {
        return exampleRow[action.ordinal()];
    }

    int exampleSpan(ClockAction action) {
        return exampleSpan[action.ordinal()];
    }

    void clearExamples() {
        for (int action = 0; action < ACTIONS; action++) {
            exampleRow[action] = NO_ROW;
        }
    }
}
