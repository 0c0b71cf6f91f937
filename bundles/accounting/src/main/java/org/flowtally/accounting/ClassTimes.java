// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Arrays;
import org.flowtally.api.policy.TrafficClasses;

/**
 * The number of each traffic class in the keys of the ledger, and for each profile the time around now in which its class does
 * not change. Owned by the working thread, under the lock of {@link UsageAccounting}.
 */
final class ClassTimes {
    /** How many names keys have room for. */
    static final int MOST_NAMES = 1 << UsageTable.CLASS_BITS;

    private final int[] number = new int[TrafficClasses.MOST_PROFILES];
    private final long[] from = new long[TrafficClasses.MOST_PROFILES];
    private final long[] until = new long[TrafficClasses.MOST_PROFILES];
    private TrafficClasses classes = TrafficClasses.NONE;
    private Names names = fresh();

    ClassTimes() {
        forgetTimes();
    }

    /** Returns the names behind the numbers given out since numbers last began anew. */
    Names names() {
        return names;
    }

    /**
     * Takes the classes of a batch.
     *
     * @return whether the numbers begin anew, because keys have no room for further names: what was counted by the old ones
     *     must not be mixed with what comes
     */
    boolean follow(TrafficClasses current) {
        if (classes == current) {
            return false;
        }
        classes = current;
        forgetTimes();
        long added =
                current.names().stream().filter(name -> !names.contains(name)).count();
        boolean isNewNumbering = names.size() + added > MOST_NAMES;
        if (isNewNumbering) {
            names = fresh();
        }
        return isNewNumbering;
    }

    /** Returns whether the class of a profile is the same from a start to an end. */
    boolean isOneClass(int profile, long start, long end) {
        if (start < from[profile] || start >= until[profile]) {
            from[profile] = classes.borderBefore(profile, start);
            until[profile] = classes.borderAfter(profile, start);
            number[profile] = numberAt(profile, start);
        }
        return end <= until[profile];
    }

    /** Returns the number of a profile's class at the start that {@link #isOneClass} was last asked for. */
    int number(int profile) {
        return number[profile];
    }

    /** Returns the number of a profile's class at an instant. */
    int numberAt(int profile, long millis) {
        return names.number(classes.nameAt(profile, millis));
    }

    /** Returns an instant after this one before which the class does not change. */
    long borderAfter(int profile, long millis) {
        return classes.borderAfter(profile, millis);
    }

    private void forgetTimes() {
        Arrays.fill(from, Long.MAX_VALUE);
        Arrays.fill(until, Long.MIN_VALUE);
    }

    /** Ordinary traffic has no name, and number 0. */
    private static Names fresh() {
        Names fresh = new Names();
        fresh.number("");
        return fresh;
    }
}
