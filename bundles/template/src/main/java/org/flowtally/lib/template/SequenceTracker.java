// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Optional;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.report.CounterArray;

/**
 * What went missing on the way from one exporter, by its sequence numbers. Tolerates datagrams that overtake each other,
 * duplicates, the wrap of sequence and uptime, and restarts. One writer; the counters may be read by any thread.
 *
 * <p>A restart shows in the boot time, which is export time less uptime: it moves, and the uptime goes back or the numbers
 * begin anew. A step of the exporter's clock moves the boot time alone; a wrap of the uptime (every 49.7 days) sets the
 * uptime back alone; a datagram that comes late has the same boot time as its neighbours. What was sent before a restart
 * and comes after it still finds its own run of numbers.
 */
public final class SequenceTracker {
    /** How far a boot time may wander from one datagram to the next: some exporters give whole seconds only. */
    private static final int BOOT_TOLERANCE_MILLIS = 3000;
    /** A sequence number that only a young run of numbers has. */
    private static final int NEAR_ZERO = 4096;
    /** No datagram is on the way for as long. */
    private static final int DETOUR_MILLIS = 60_000;

    private final CounterArray counters = new CounterArray(SequenceWindow.COUNTERS);
    private final CountingRule rule = new CountingRule();
    private SequenceWindow current = new SequenceWindow(counters);
    private SequenceWindow previous = new SequenceWindow(counters);
    private int bootMillis;
    private int previousBootMillis;
    private long uptimeMillis = FlowBatch.NO_UPTIME;
    private boolean isResumed;

    private long newestMillis; // Without uptime: the export time of what came last in order,
    private boolean isDoubted; // whether numbers have gone back since, in a way that no detour explains,
    private int doubtedEnd; // and what came next if they began anew there.

    /**
     * Follows a datagram.
     *
     * @param sequence the number in its header, modulo 2^32
     * @param units by how much the number grows with it by the standard, or {@link ExporterState#UNKNOWN_UNITS}
     * @param records its data records, or {@link ExporterState#UNKNOWN_UNITS}
     * @param templates its template records
     * @param uptime the exporter's uptime in milliseconds modulo 2^32, or {@link FlowBatch#NO_UPTIME}
     * @param exportMillis the export time in milliseconds since 1970
     * @return whether units are missing right before it
     */
    public boolean follow(long sequence, int units, int records, int templates, long uptime, long exportMillis) {
        if (rule.learns((int) sequence, units, records, templates, counters)) {
            current.reset();
            previous.reset();
        }
        if (records == ExporterState.UNKNOWN_UNITS && rule.countsItsOwn()) {
            current.resume((int) sequence); // How much of the step is its own is not known; where it ends is.
            return false;
        }
        int first = rule.first((int) sequence, records, templates);
        return followBy(first, rule.grownBy(units, records, templates), uptime, exportMillis);
    }

    /** Returns whether this is the number that comes next: nothing is missing, and nothing came twice. */
    boolean isNext(long sequence, int records, int templates) {
        return current.isNext(rule.first((int) sequence, records, templates));
    }

    /** Returns how the exporter counts, one of the constants of {@link CountingRule}. For any thread. */
    int rule() {
        return rule.inForce();
    }

    private boolean followBy(int first, int units, long uptime, long exportMillis) {
        if (uptime == FlowBatch.NO_UPTIME) {
            return followWithoutUptime(first, units, exportMillis);
        }
        int boot = (int) (exportMillis - uptime);
        if (uptimeMillis != FlowBatch.NO_UPTIME && !isNear(boot, bootMillis)) {
            if (previous.isOpen() && isNear(boot, previousBootMillis)) {
                previousBootMillis = boot;
                return previous.follow(first, units);
            }
            if (uptime < uptimeMillis || current.isFar(first) || (isYoung(first) && current.isBehind(first))) {
                restart();
            }
        }
        bootMillis = boot;
        uptimeMillis = uptime;
        return current.follow(first, units);
    }

    private boolean followWithoutUptime(int first, int units, long exportMillis) {
        if (isResumed && current.isBehind(first)) {
            restart(); // Nothing overtakes a restart of the collector: the numbers began anew meanwhile.
        } else if (isDoubted && first == doubtedEnd && current.isBehind(first)) {
            counters.add(SequenceWindow.DUPLICATES, -1); // The doubted datagram was none.
            restart();
        }
        isResumed = false;
        if (previous.isNext(first) && !current.isNext(first)) {
            return previous.follow(first, units); // Two that are taken for one.
        }
        if (!current.isBehind(first)) {
            newestMillis = exportMillis;
            isDoubted = false;
            return current.follow(first, units);
        }
        long duplicates = counters.value(SequenceWindow.DUPLICATES);
        boolean hasGap = current.follow(first, units);
        boolean wasOnNoDetour = exportMillis > newestMillis || exportMillis < newestMillis - DETOUR_MILLIS;
        if (wasOnNoDetour
                && units != ExporterState.UNKNOWN_UNITS
                && counters.value(SequenceWindow.DUPLICATES) > duplicates) {
            isDoubted = true;
            doubtedEnd = first + units;
        }
        return hasGap;
    }

    /** Returns where the numbers stand, if that is known. */
    Optional<SequencePosition> position(Exporter exporter) {
        return current.isOpen()
                ? Optional.of(
                        new SequencePosition(exporter, current.expected(), rule.inForce(), bootMillis, uptimeMillis))
                : Optional.empty();
    }

    /** Goes on where the numbers stood at a clean stop of the collector: what was sent since then is missing. */
    void resume(SequencePosition position) {
        current.resume(position.expected());
        rule.resume(position.rule());
        bootMillis = position.bootMillis();
        uptimeMillis = position.uptimeMillis();
        isResumed = true;
    }

    private void restart() {
        counters.increment(SequenceWindow.RESTARTS);
        rule.restarted();
        SequenceWindow retired = current;
        current = previous;
        current.reset();
        previous = retired;
        previousBootMillis = bootMillis;
    }

    private static boolean isNear(int boot, int otherBoot) {
        int apart = boot - otherBoot;
        return apart >= -BOOT_TOLERANCE_MILLIS && apart <= BOOT_TOLERANCE_MILLIS;
    }

    private static boolean isYoung(int first) {
        return first >= 0 && first <= NEAR_ZERO;
    }

    /** Returns the units missing, those excepted that came late. */
    public long lost() {
        return counters.value(SequenceWindow.LOST);
    }

    /** Returns the datagrams that came late and closed a gap or a part of it. */
    public long reordered() {
        return counters.value(SequenceWindow.REORDERED);
    }

    /** Returns the datagrams whose numbers had all been there before. */
    public long duplicates() {
        return counters.value(SequenceWindow.DUPLICATES);
    }

    /** Returns the restarts recognised. */
    public long restarts() {
        return counters.value(SequenceWindow.RESTARTS);
    }
}
