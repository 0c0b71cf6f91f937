// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.flowtally.api.decode.ExporterState;
import org.flowtally.lib.report.CounterArray;

/**
 * How an exporter counts. By the standards a number is that of the first unit of its datagram: of the first record, and of the
 * datagram itself in v9. Others are in the field: softflowd's IPFIX counts the records of a message in, some v9 counts records
 * and some IPFIX messages, some counts templates too. Such numbers would look like a loss with nearly every datagram. So an
 * exporter that fits another rule several times, and not the one in force, is followed by that, and its loss is
 * counted anew by it, back to where the rule in force fitted last. One writer.
 *
 * <p>A loss makes steps larger, never smaller. A few steps that are too small are proof enough; of steps that are only larger
 * it takes more, and different ones: two collectors that share an exporter's datagrams evenly see steps of two, however many
 * records a datagram holds.
 */
final class CountingRule {
    /** The number is that of the first unit, as the standard of its version says. */
    static final int STANDARD = 1;
    /** The number counts the records of its own datagram already. */
    static final int AFTER = 1 << 1;
    /** The number counts datagrams, whatever they hold. */
    static final int DATAGRAMS = 1 << 2;
    /** The number is that of the first record. */
    static final int RECORDS = 1 << 3;
    /** The number is that of the first record, and templates are records. */
    static final int WITH_TEMPLATES = 1 << 4;
    /** The number counts the records of its own datagram already, and templates are records. */
    static final int AFTER_WITH_TEMPLATES = 1 << 5;

    private static final int RULES = 6;

    /** How many steps must fit another rule and not the one in force, if two of them are too small for that. */
    static final int ENOUGH = 5;
    /** How many there must be if none is, with at least two changes of the step. */
    static final int ENOUGH_LARGER = 16;

    private static final int ENOUGH_PROOFS = 2;
    /** How many fitting steps a step takes back that fits neither. */
    private static final int MISFIT = 2;

    private static final long[] NONE = new long[0];
    /** A step further than any loss or reordering explains. */
    private static final int FAR = 1 << 20;

    private volatile int inForce = STANDARD;

    private boolean hasNumber;
    private int lastNumber;
    private int lastUnits = ExporterState.UNKNOWN_UNITS;
    private int lastRecords = ExporterState.UNKNOWN_UNITS;
    private int lastTemplates;

    private int candidates;
    private int fitting; // Steps that fit a candidate, less what others take back.
    private int tooSmall; // Of those, the ones that no loss explains.
    private int changes; // Steps that fit a candidate and differ from the one before.
    private int lastFitting;

    /** Rules that no step contradicted which fitted the rule in force. */
    private int doubted;

    /** What was lost before a rule came into doubt, and what its steps were too long since then. */
    private long[] lostBefore = NONE; // Made with the first doubt, which most exporters never raise.

    private long[] excess = NONE;

    /**
     * Takes notice of a datagram; tells whether the rule has changed by it.
     *
     * @param number its number
     * @param units by how much numbers grow with it by the standard, or {@link ExporterState#UNKNOWN_UNITS}
     * @param records its data records, or {@link ExporterState#UNKNOWN_UNITS}
     * @param templates its template records
     */
    boolean learns(int number, int units, int records, int templates, CounterArray counters) {
        int step = number - lastNumber;
        int fits = rulesOf(step, records, templates);
        if (!hasNumber) {
            hasNumber = true; // There is no step yet.
        } else if ((fits & inForce) == 0) {
            doubt(step, records, templates, counters);
            weigh(step, fits, records, templates);
        } else if (fitting > 0 && tooSmall > 0 && (fits & candidates) == 0) {
            doubt(step, records, templates, counters); // The rule in force is disproved: it fitted by chance.
            fitting--;
        } else {
            confirm(step, fits);
        }
        lastNumber = number;
        lastUnits = units;
        lastRecords = records;
        lastTemplates = templates;
        return isProven() && change(counters);
    }

    /** Returns the rules by which a step is just that, if nothing was lost. */
    private int rulesOf(int step, int records, int templates) {
        int rules = lastUnits != ExporterState.UNKNOWN_UNITS && step == lastUnits ? STANDARD : 0;
        if (records == ExporterState.UNKNOWN_UNITS || lastRecords == ExporterState.UNKNOWN_UNITS) {
            return rules;
        }
        return rules
                | (step == records ? AFTER : 0)
                | (step == 1 ? DATAGRAMS : 0)
                | (step == lastRecords ? RECORDS : 0)
                | (step == lastRecords + lastTemplates ? WITH_TEMPLATES : 0)
                | (step == records + templates ? AFTER_WITH_TEMPLATES : 0);
    }

    private void confirm(int step, int fits) {
        doubted &= fits;
        candidates &= fits;
        if (candidates == 0) {
            fitting = 0;
        } else if (fitting > 0) {
            changed(step);
        }
    }

    private void doubt(int step, int records, int templates, CounterArray counters) {
        if (excess.length == 0) {
            lostBefore = new long[RULES];
            excess = new long[RULES];
        }
        boolean isFar = step > FAR || step < -FAR;
        for (int index = 0; index < RULES; index++) {
            int rule = 1 << index;
            if (isFar || (doubted & rule) == 0) {
                lostBefore[index] = counters.value(SequenceWindow.LOST);
                excess[index] = 0;
            }
            int expected = step(rule, records, templates);
            if (!isFar && expected != ExporterState.UNKNOWN_UNITS) {
                excess[index] += step - expected;
            }
        }
        doubted = -1;
    }

    /** Returns the step by a rule, if nothing was lost. */
    private int step(int rule, int records, int templates) {
        return (rule & (AFTER | AFTER_WITH_TEMPLATES)) != 0
                ? grownBy(rule, ExporterState.UNKNOWN_UNITS, records, templates)
                : grownBy(rule, lastUnits, lastRecords, lastTemplates);
    }

    private void weigh(int step, int fits, int records, int templates) {
        if (fitting == 0) {
            candidates = fits;
            tooSmall = 0;
            changes = 0;
            lastFitting = step;
        }
        int least = step(inForce, records, templates);
        if ((candidates & fits) == 0) {
            int alike = rulesOf(least, records, templates);
            fitting -= (candidates & ~alike) != 0 ? Math.min(fitting, MISFIT) : 0; // A loss, or the wrong candidates.
            return;
        }
        candidates &= fits;
        changed(step);
        tooSmall += step < least ? 1 : 0;
        fitting++;
    }

    private void changed(int step) {
        changes += step != lastFitting ? 1 : 0;
        lastFitting = step;
    }

    private boolean isProven() {
        return (fitting >= ENOUGH && tooSmall >= ENOUGH_PROOFS)
                || (fitting >= ENOUGH_LARGER && changes >= ENOUGH_PROOFS);
    }

    private boolean change(CounterArray counters) {
        inForce = Integer.lowestOneBit(candidates);
        int index = Integer.numberOfTrailingZeros(inForce);
        long lost = lostBefore[index] + Math.max(0, excess[index]);
        counters.add(SequenceWindow.LOST, lost - counters.value(SequenceWindow.LOST));
        doubted = 0;
        fitting = 0;
        return true;
    }

    /** Takes notice that numbers began anew: no step leads from one run to the other. */
    void restarted() {
        hasNumber = false;
        doubted = 0;
        fitting = 0;
    }

    /** Returns the rule that is followed. For any thread. */
    int inForce() {
        return inForce;
    }

    /** Goes on with a rule that was learned before. */
    void resume(int learned) {
        inForce = learned;
    }

    /** Returns whether a number is that of the last unit of its datagram. */
    boolean countsItsOwn() {
        return (inForce & (AFTER | AFTER_WITH_TEMPLATES)) != 0;
    }

    /** Returns the number of the first unit of a datagram. */
    int first(int number, int records, int templates) {
        return countsItsOwn() && records != ExporterState.UNKNOWN_UNITS
                ? number - grownBy(inForce, ExporterState.UNKNOWN_UNITS, records, templates)
                : number;
    }

    /** Returns by how much numbers grow with a datagram, or {@link ExporterState#UNKNOWN_UNITS}. */
    int grownBy(int units, int records, int templates) {
        return grownBy(inForce, units, records, templates);
    }

    private static int grownBy(int rule, int units, int records, int templates) {
        return switch (rule) {
            case STANDARD -> units;
            case DATAGRAMS -> 1;
            case WITH_TEMPLATES, AFTER_WITH_TEMPLATES ->
                records == ExporterState.UNKNOWN_UNITS ? records : records + templates;
            default -> records;
        };
    }
}
