// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.decode.ExporterState;
import org.flowtally.lib.report.CounterArray;

/**
 * How an exporter counts. By the standards a number is that of the first record of its datagram; softflowd's IPFIX counts
 * those records in, and others count datagrams where records are to be counted. Such numbers would look like a loss with
 * nearly every datagram. So an exporter that fits another rule several times in a row, and never its standard, is followed by
 * that rule, and what was counted as lost meanwhile is given back. One writer.
 */
final class CountingRule {
    /** The number is that of the first record: the standard. */
    static final int BEFORE = 1;
    /** The number counts the records of its own datagram already. */
    static final int AFTER = 1 << 1;
    /** The number counts datagrams, whatever they hold. */
    static final int DATAGRAMS = 1 << 2;

    /** How many datagrams in a row must fit another rule, and not the one in force. */
    static final int ENOUGH = 5;

    private int inForce = BEFORE;
    private int doubts;
    private int candidates;
    private long lostBeforeDoubt;
    private int lastNumber;
    private int lastUnits = ExporterState.UNKNOWN_UNITS;

    /** Takes notice of a datagram's number and units; tells whether the rule has changed by it. */
    boolean learns(int number, int units, CounterArray counters) {
        int step = number - lastNumber;
        boolean isComparable = units != ExporterState.UNKNOWN_UNITS && lastUnits != ExporterState.UNKNOWN_UNITS;
        int fits = isComparable ? fits(step, units) : 0;
        lastNumber = number;
        lastUnits = units;
        if (fits == 0) {
            return false; // A loss, or one out of order: says nothing of the rule.
        }
        if ((fits & inForce) != 0) {
            doubts = 0;
            return false;
        }
        if (doubts == 0 || (candidates & fits) == 0) {
            lostBeforeDoubt = doubts == 0 ? counters.value(SequenceWindow.LOST) : lostBeforeDoubt;
            candidates = fits;
            doubts = 1;
            return false;
        }
        candidates &= fits;
        if (++doubts < ENOUGH) {
            return false;
        }
        inForce = Integer.lowestOneBit(candidates);
        doubts = 0;
        counters.add(SequenceWindow.LOST, lostBeforeDoubt - counters.value(SequenceWindow.LOST));
        return true;
    }

    private int fits(int step, int units) {
        return (step == lastUnits ? BEFORE : 0) | (step == units ? AFTER : 0) | (step == 1 ? DATAGRAMS : 0);
    }

    int inForce() {
        return inForce;
    }

    /** Goes on with a rule that was learned before. */
    void resume(int learned) {
        inForce = learned;
    }

    /** Returns the number of the first record of a datagram. */
    int first(int number, int units) {
        return inForce == AFTER && units != ExporterState.UNKNOWN_UNITS ? number - units : number;
    }

    /** Returns by how much numbers grow with a datagram of so many records. */
    int units(int units) {
        return inForce == DATAGRAMS ? 1 : units;
    }
}
