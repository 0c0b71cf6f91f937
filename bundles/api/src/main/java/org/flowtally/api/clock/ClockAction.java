// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

/** What the clock guard does to a flow because of its times. A flow may meet several of them. */
public enum ClockAction {
    /** Discarded, as it ended in the future: verdict IN_FUTURE. */
    FUTURE,
    /** Discarded, as it ended too long ago: verdict TOO_OLD. */
    OLD,
    /** Shifted by the exporter's clock error: quality bit CLOCK_SHIFTED. */
    CORRECTED,
    /** Put where its time of arrival says: quality bit ARRIVAL_TIME. */
    ARRIVAL,
    /** Start and end contradicted each other or lay too far apart, and were mended: quality bit TIMES_MENDED. */
    MENDED,
    /** Discarded, as it lacks times that make sense, where the settings say so. */
    SENSELESS,
    /** Held back for a while, until the exporter's clock was known; decided since. */
    HELD,
    /** Counted where it says, although the exporter's clock is known to be off: its policy is to trust it. Quality bit CLOCK_OFF. */
    UNSURE,
    /** Counted where it says, although it ended too long ago, where the settings say so: quality bit LATE. */
    LATE;

    private static final ClockAction[] VALUES = values();

    /** Returns the number of actions. */
    public static int count() {
        return VALUES.length;
    }

    /** Returns the action with this ordinal. */
    public static ClockAction of(int ordinal) {
        return VALUES[ordinal];
    }
}
