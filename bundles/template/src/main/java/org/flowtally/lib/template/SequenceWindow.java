// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.decode.ExporterState;
import org.flowtally.lib.report.CounterArray;

/**
 * The run of sequence numbers between two restarts of an exporter: which number comes next, and which are outstanding.
 *
 * <p>Numbers are modulo 2^32 and compared by their signed distance, so that a wrap is nothing special. What is skipped is
 * counted as lost and remembered as a gap; a datagram that comes late closes its gap and takes its share of the loss back.
 *
 * <p>A number further away than any loss or reordering explains is put on probation (RFC 3550, appendix A.1): only a second
 * datagram that agrees with it moves the window, so that one stray datagram neither invents nor hides a loss.
 */
final class SequenceWindow {
    static final int LOST = 0;
    static final int REORDERED = 1;
    static final int DUPLICATES = 2;
    static final int RESTARTS = 3;
    static final int COUNTERS = 4;

    /** The number of gaps remembered; a datagram that is overtaken by as many others is given up. */
    static final int MOST_GAPS = 32;

    private static final int FAR_AHEAD = 1 << 20;
    private static final int FAR_BEHIND = 1 << 16;
    private static final int[] NONE = new int[0];

    private final CounterArray counters;
    private boolean isOpen;
    private int expected;

    private int gaps;
    private int[] gapFirst = NONE; // Sorted, oldest first; made with the first gap, which most exporters never have.
    private int[] gapUnits = NONE;

    private boolean hasSuspect;
    private int suspectFirst;
    private int suspectEnd;

    SequenceWindow(CounterArray counters) {
        this.counters = counters;
    }

    /** Starts anew with whatever comes next. */
    void reset() {
        isOpen = false;
        hasSuspect = false;
        gaps = 0;
    }

    /** Starts anew with a number that is known to come next. */
    void resume(int next) {
        reset();
        isOpen = true;
        expected = next;
    }

    boolean isOpen() {
        return isOpen;
    }

    /** Returns the number that comes next, while it is open. */
    int expected() {
        return expected;
    }

    /** Returns whether a number is the expected one. */
    boolean isNext(int first) {
        return isOpen && first == expected;
    }

    /** Returns whether a number lies before the expected one. */
    boolean isBehind(int first) {
        return isOpen && first - expected < 0;
    }

    /** Returns whether a number is further away from the expected one than loss or reordering explains. */
    boolean isFar(int first) {
        int distance = first - expected;
        return isOpen && (distance > FAR_AHEAD || distance < -FAR_BEHIND);
    }

    /** Follows a datagram that carries {@code units} numbers from {@code first} on; tells whether numbers before it are missing. */
    boolean follow(int first, int units) {
        if (units == ExporterState.UNKNOWN_UNITS) {
            boolean hasGap = follow(first, 0);
            isOpen = hasSuspect; // Whatever comes next is right.
            return hasGap;
        }
        if (!isOpen) {
            isOpen = true;
            expected = first + units;
            return false;
        }
        if (isFar(first)) {
            return suspect(first, units);
        }
        int distance = first - expected;
        hasSuspect = false;
        if (distance == 0) {
            expected += units;
            return false;
        }
        if (distance > 0) {
            skip(distance);
            expected += units;
            return true;
        }
        takeBack(distance, units);
        return false;
    }

    private boolean suspect(int first, int units) {
        int apart = first - suspectEnd;
        if (!hasSuspect || apart < -FAR_BEHIND || apart > FAR_BEHIND) {
            hasSuspect = true;
            suspectFirst = first;
            suspectEnd = first + units;
            return false;
        }
        hasSuspect = false;
        int distance = suspectFirst - expected;
        if (distance > 0) {
            skip(distance);
        } else {
            counters.increment(RESTARTS);
            gaps = 0;
        }
        expected = suspectEnd;
        return follow(first, units) || distance > 0;
    }

    /** Counts the next numbers as lost, until they come late. */
    private void skip(int units) {
        counters.add(LOST, units);
        if (gapFirst.length == 0) {
            gapFirst = new int[MOST_GAPS];
            gapUnits = new int[MOST_GAPS];
        }
        insert(gaps, expected, units);
        expected += units;
    }

    /** Gives back what a late datagram carries of the gaps; the rest of it was there before. */
    private void takeBack(int distance, int units) {
        int end = distance + units;
        int recovered = 0;
        for (int gap = gaps - 1; gap >= 0; gap--) {
            recovered += close(gap, distance, end);
        }
        if (end > 0) {
            expected += end;
        }
        if (recovered > 0) {
            counters.add(LOST, -recovered);
            counters.increment(REORDERED);
        } else {
            counters.increment(DUPLICATES);
        }
    }

    /** Cuts the interval {@code [from, to)}, relative to the expected number, out of a gap. */
    private int close(int gap, int from, int to) {
        int first = gapFirst[gap] - expected;
        int end = first + gapUnits[gap];
        int cutFirst = Math.max(first, from);
        int cutEnd = Math.min(end, to);
        if (cutFirst >= cutEnd) {
            return 0;
        }
        remove(gap);
        int at = gap;
        if (first < cutFirst) {
            insert(at++, expected + first, cutFirst - first);
        }
        if (cutEnd < end) {
            insert(at, expected + cutEnd, end - cutEnd);
        }
        return cutEnd - cutFirst;
    }

    private void insert(int at, int first, int units) {
        int index = at;
        if (gaps == MOST_GAPS) {
            remove(0); // The oldest stays lost.
            index = Math.max(0, index - 1);
        }
        System.arraycopy(gapFirst, index, gapFirst, index + 1, gaps - index);
        System.arraycopy(gapUnits, index, gapUnits, index + 1, gaps - index);
        gapFirst[index] = first;
        gapUnits[index] = units;
        gaps++;
    }

    private void remove(int gap) {
        gaps--;
        System.arraycopy(gapFirst, gap + 1, gapFirst, gap, gaps - gap);
        System.arraycopy(gapUnits, gap + 1, gapUnits, gap, gaps - gap);
    }
}
