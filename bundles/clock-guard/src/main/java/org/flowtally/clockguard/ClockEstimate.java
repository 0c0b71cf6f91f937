// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import org.flowtally.api.clock.ClockState;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.report.CounterArray;

/**
 * The clock of one exporter, estimated from how late its datagrams are: arrival less export time. Waiting in queues makes them
 * later, never earlier, so the least lateness of some minutes is the clock's error, negated, and the quickest way's delay.
 *
 * <p>The clock stepped if datagrams are suddenly earlier than ever, which no delay explains, or if the boot time (export time
 * less uptime) moved with them. Datagrams that are later than usual while the boot time stands were delayed: a step would have
 * moved it. Where headers have no uptime, only time tells a step back from a delay, save one of days, as no delay lasts.
 *
 * <pre>
 *             lateness
 *                ▲    · ·            · delayed: boot time stands
 *                │  ·      ·
 *                │ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─  STEP_MILLIS above: not taken into a window
 *                │  ·   ·    ·  ·   ·         usual: queueing
 *                │ ·──·───·───·───·───·───·── the base: the least of some minutes
 *                │ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─  STEP_MILLIS below: the clock stepped ahead
 * </pre>
 *
 * All state lies in cells that outlive this object. Written by the working thread, read by any.
 */
final class ClockEstimate {
    /** What neither a whole second nor the drift of some minutes explains. */
    static final long STEP_MILLIS = 3_000;

    /** What is later by so much was not delayed: the clock is behind. */
    static final long LONGEST_DELAY_MILLIS = 86_400_000;

    private static final long AGREE_MILLIS = 2_000;
    private static final long WINDOW_MILLIS = 60_000;
    private static final int WINDOWS = 5;
    private static final int ENOUGH_SAMPLES = 3;
    private static final long SOON_MILLIS = 10_000;
    private static final long PATIENCE_MILLIS = 300_000;
    private static final long LONG_PATIENCE_MILLIS = 900_000;
    private static final long SECOND = 1_000;
    private static final long DAY_MILLIS = 86_400_000;
    private static final long MIDNIGHT_SLACK_MILLIS = 600_000;
    private static final long OLDEST_SET_CLOCK =
            1_262_304_000_000L; // 2010-01-01T00:00:00Z, before any current firmware.
    private static final int IPFIX = 10;

    private static final int UNRULY_STEP = 4;
    private static final int UNRULY_BOUND = 16;
    private static final int UNRULY_MOST = 32;

    // What the last sample was.
    /** Within what is usual. */
    static final int USUAL = 0;
    /** Nothing is known yet. */
    static final int UNKNOWN = 1;
    /** Delayed: later than usual, the clock did not step. */
    static final int DELAYED = 2;
    /** The clock stepped, or so it seems by this datagram. */
    static final int STEPPED = 3;
    /** Later than usual: delayed or stepped, time will tell. */
    static final int DOUBTFUL = 4;

    // Cells.
    private static final int STATE = 0;
    private static final int SINCE = 1;
    private static final int BASE = 2;
    private static final int SPREAD = 3;
    private static final int SAMPLES = 4;
    private static final int WINDOW_START = 5;
    private static final int WINDOW_LEAST = 6;
    private static final int WINDOW_MOST = 7;
    private static final int WINDOW_SAMPLES = 8;
    private static final int HAS_FRACTIONS = 9;
    private static final int HAS_UPTIME = 10;
    private static final int BOOT = 11;
    private static final int UPTIME = 12;
    private static final int SEEN_AT = 13;
    private static final int CANDIDATE = 14;
    private static final int CANDIDATE_SAMPLES = 15;
    private static final int CANDIDATE_SINCE = 16;
    private static final int CANDIDATE_KIND = 17;
    private static final int JUMPS = 18;
    private static final int RESTARTED_AT = 19;
    private static final int UNRULY = 21; // Place 20 is free: cells of a predecessor keep their places.
    private static final int HISTORY_SIZE = 22;
    private static final int HISTORY = 23;
    /** How many cells an estimate needs. */
    static final int CELLS = HISTORY + WINDOWS;

    // What the uptime says of a sample.
    private static final int NOTHING = 0;
    private static final int STANDS = 1;
    private static final int MOVED = 2;
    private static final int RESTARTED = 3;

    private static final ClockState[] STATES = ClockState.values();

    private final CounterArray cells;

    ClockEstimate(CounterArray cells) {
        this.cells = cells;
    }

    /**
     * Takes a datagram, and tells what it was.
     *
     * @param arrival when it was received, milliseconds since 1970 by this host's clock
     * @param export the export time in its header, milliseconds since 1970 by the exporter's clock
     * @param uptime the uptime in its header in milliseconds, or {@link FlowBatch#NO_UPTIME}
     * @param version the export version; the uptime of IPFIX is derived from the clock and tells nothing
     */
    int take(long arrival, long export, long uptime, int version, Limits limits) {
        long late = arrival - export;
        if (get(SAMPLES) == 0) {
            begin(arrival);
        }
        set(SAMPLES, get(SAMPLES) + 1);
        if (export % SECOND != 0) {
            set(HAS_FRACTIONS, 1);
        }
        int boot = version == IPFIX || uptime == FlowBatch.NO_UPTIME ? NOTHING : boot(arrival, export, uptime);
        int kind = get(STATE) == ordinal(ClockState.LEARNING)
                ? learn(arrival, late, boot, export, uptime, limits)
                : follow(arrival, late, boot, export, uptime, limits);
        set(SEEN_AT, arrival);
        return kind;
    }

    /** Returns what a datagram with such a lateness is by what is known now; nothing is learned from it. */
    int kindOf(long late) {
        if (get(STATE) == ordinal(ClockState.LEARNING)) {
            return UNKNOWN;
        }
        long off = late - get(BASE);
        if (off >= -STEP_MILLIS && off <= STEP_MILLIS) {
            return USUAL;
        }
        if (get(CANDIDATE_SAMPLES) > 0 && Math.abs(late - get(CANDIDATE)) <= STEP_MILLIS) {
            return (int) get(CANDIDATE_KIND);
        }
        return DELAYED; // Or a stray that nothing confirmed.
    }

    /** Notes when an exporter was first heard of which nothing may be learned yet. */
    void hear(long arrival) {
        if (get(SAMPLES) == 0 && get(SINCE) == 0) {
            set(SINCE, arrival);
        }
    }

    private void begin(long arrival) {
        set(STATE, ordinal(ClockState.LEARNING));
        set(SINCE, arrival);
        openWindow(arrival);
    }

    /** Two windows that agree are enough; in a backlog that is being worked off they do not. */
    private int learn(long arrival, long late, int boot, long export, long uptime, Limits limits) {
        if (boot == RESTARTED || boot == MOVED) {
            rememberBoot(export, uptime);
            set(UNRULY, get(UNRULY) + (boot == MOVED ? UNRULY_STEP : 0));
            openWindow(arrival);
            set(HISTORY_SIZE, 0);
        }
        boolean isOver = get(WINDOW_SAMPLES) > 0 && arrival - get(WINDOW_START) >= limits.learningMillis() / 2;
        if (isOver && get(SAMPLES) > ENOUGH_SAMPLES - 1) {
            long least = get(WINDOW_LEAST);
            boolean isAgreed = get(HISTORY_SIZE) > 0 && Math.abs(least - get(HISTORY)) <= AGREE_MILLIS;
            closeWindow(arrival);
            set(HISTORY_SIZE, 1);
            set(HISTORY, least);
            if (isAgreed && Math.abs(late - least) <= STEP_MILLIS) {
                set(BASE, Math.min(least, late));
                sample(late);
                settle(arrival, limits);
                return USUAL;
            }
        }
        sample(late);
        set(BASE, get(WINDOW_LEAST));
        return UNKNOWN;
    }

    private int follow(long arrival, long late, int boot, long export, long uptime, Limits limits) {
        long off = late - get(BASE);
        if (off < -STEP_MILLIS || off > STEP_MILLIS) {
            return strange(arrival, late, off, boot, export, uptime, limits);
        }
        forgetCandidate();
        if (boot == MOVED || boot == RESTARTED) {
            rememberBoot(export, uptime);
            set(boot == MOVED ? UNRULY : RESTARTED_AT, boot == MOVED ? get(UNRULY) + UNRULY_STEP : arrival);
        }
        if (arrival - get(WINDOW_START) >= WINDOW_MILLIS) {
            if (get(WINDOW_SAMPLES) > 0) {
                remember(get(WINDOW_LEAST));
            }
            closeWindow(arrival);
            sample(late);
            set(BASE, Math.min(leastRemembered(), late));
            settle(arrival, limits);
        } else {
            sample(late);
            if (off < 0) {
                set(BASE, late);
            }
        }
        return USUAL;
    }

    /** Deals with a datagram that is far from what is usual. */
    private int strange(long arrival, long late, long off, int boot, long export, long uptime, Limits limits) {
        if (off < 0 && boot == STANDS) {
            // Earlier than ever by a clock that did not step: what we took for its error was a delay.
            moveTo(arrival, late);
            settle(arrival, limits);
            return USUAL;
        }
        if (boot == RESTARTED) {
            set(RESTARTED_AT, arrival);
        }
        boolean isStep =
                off < 0 || boot == MOVED || boot == RESTARTED || (boot == NOTHING && off > LONGEST_DELAY_MILLIS);
        int kind = isStep ? STEPPED : boot == STANDS ? DELAYED : DOUBTFUL;
        if (get(CANDIDATE_SAMPLES) > 0
                && get(CANDIDATE_KIND) == kind
                && Math.abs(late - get(CANDIDATE)) <= STEP_MILLIS) {
            set(CANDIDATE_SAMPLES, get(CANDIDATE_SAMPLES) + 1);
            set(CANDIDATE, Math.min(late, get(CANDIDATE)));
        } else {
            set(CANDIDATE_SAMPLES, 1);
            set(CANDIDATE, late);
            set(CANDIDATE_SINCE, arrival);
            set(CANDIDATE_KIND, kind);
        }
        if (isBelievable(arrival, kind)) {
            jump(arrival, export, uptime, kind, limits);
            return USUAL;
        }
        return kind;
    }

    private boolean isBelievable(long arrival, int kind) {
        long samples = get(CANDIDATE_SAMPLES);
        long lasted = arrival - get(CANDIDATE_SINCE);
        return switch (kind) {
            case STEPPED -> samples >= ENOUGH_SAMPLES || (samples > 1 && lasted >= SOON_MILLIS);
            case DOUBTFUL -> samples >= ENOUGH_SAMPLES && lasted >= PATIENCE_MILLIS;
            // A delay that stays the same for so long is none: our own clock stepped, or the way became longer.
            default -> samples >= ENOUGH_SAMPLES && lasted >= LONG_PATIENCE_MILLIS;
        };
    }

    private void jump(long arrival, long export, long uptime, int kind, Limits limits) {
        boolean isLarge = Math.abs(get(CANDIDATE) - get(BASE)) > limits.toleranceMillis();
        moveTo(arrival, get(CANDIDATE));
        if (uptime != FlowBatch.NO_UPTIME) {
            rememberBoot(export, uptime);
        }
        if (isLarge && kind != DELAYED) {
            set(JUMPS, get(JUMPS) + 1);
            set(SINCE, arrival);
            set(STATE, ordinal(ClockState.JUMPED));
        } else {
            settle(arrival, limits);
        }
    }

    private void moveTo(long arrival, long late) {
        forgetCandidate();
        set(BASE, late);
        set(HISTORY_SIZE, 0);
        openWindow(arrival);
        sample(late);
    }

    /** Tells the state from the estimate; a clock at the border of the tolerance does not flicker. */
    private void settle(long arrival, Limits limits) {
        if (get(STATE) == ordinal(ClockState.JUMPED) && get(HISTORY_SIZE) < 2) {
            return;
        }
        long error = Math.abs(offsetMillis());
        long bound = limits.toleranceMillis();
        if (get(STATE) == ordinal(ClockState.SKEWED)) {
            bound -= Math.min(SECOND, bound / 4);
        }
        ClockState state = error <= bound ? ClockState.GOOD : wasNeverSet() ? ClockState.UNSET : ClockState.SKEWED;
        if (get(STATE) != ordinal(state)) {
            set(SINCE, arrival);
            set(STATE, ordinal(state));
        }
    }

    private boolean wasNeverSet() {
        long export = get(SEEN_AT) - get(BASE); // Of now: the last export time may be that of a delayed datagram.
        if (export < OLDEST_SET_CLOCK) {
            return true;
        }
        if (get(HAS_UPTIME) == 0 || Math.abs(get(BASE)) < DAY_MILLIS) {
            return false;
        }
        return Math.floorMod(get(BOOT) + MIDNIGHT_SLACK_MILLIS / 10, DAY_MILLIS) < MIDNIGHT_SLACK_MILLIS;
    }

    /** Returns what the uptime says: whether the boot time, as the exporter's clock tells it, is what it was. */
    private int boot(long arrival, long export, long uptime) {
        if (get(HAS_UPTIME) == 0) {
            rememberBoot(export, uptime);
            return STANDS;
        }
        // Modulo 2^32: the wrap of the uptime after 49.7 days does not move the boot time.
        int moved = (int) (export - uptime - get(BOOT));
        long slack = STEP_MILLIS + Math.max(0, arrival - get(SEEN_AT)) / 2_000;
        if (moved >= -slack && moved <= slack) {
            set(BOOT, get(BOOT) + (moved >> 3)); // It drifts, and whole seconds make it waver.
            set(UPTIME, uptime);
            if (get(UNRULY) > 0 && moved >= -SECOND && moved <= SECOND) {
                set(UNRULY, get(UNRULY) - 1);
            }
            return STANDS;
        }
        if (get(UNRULY) >= UNRULY_BOUND) {
            rememberBoot(export, uptime);
            set(UNRULY, Math.min(get(UNRULY) + UNRULY_STEP, UNRULY_MOST));
            return NOTHING; // A boot time that moves while the clock does not tells nothing.
        }
        boolean isBack = uptime < get(UPTIME);
        set(UPTIME, uptime);
        return isBack ? RESTARTED : MOVED;
    }

    private void rememberBoot(long export, long uptime) {
        set(HAS_UPTIME, 1);
        set(BOOT, export - uptime);
        set(UPTIME, uptime);
    }

    private void openWindow(long arrival) {
        set(SPREAD, 0);
        set(WINDOW_START, arrival);
        set(WINDOW_SAMPLES, 0);
    }

    private void closeWindow(long arrival) {
        if (get(WINDOW_SAMPLES) > 0) {
            set(SPREAD, get(WINDOW_MOST) - get(WINDOW_LEAST));
        }
        set(WINDOW_START, arrival);
        set(WINDOW_SAMPLES, 0);
    }

    private void sample(long late) {
        if (get(WINDOW_SAMPLES) == 0) {
            set(WINDOW_LEAST, late);
            set(WINDOW_MOST, late);
        } else if (late < get(WINDOW_LEAST)) {
            set(WINDOW_LEAST, late);
        } else if (late > get(WINDOW_MOST)) {
            set(WINDOW_MOST, late);
        }
        set(WINDOW_SAMPLES, get(WINDOW_SAMPLES) + 1);
    }

    private void remember(long least) {
        int size = (int) Math.min(get(HISTORY_SIZE), WINDOWS - 1);
        for (int at = size; at > 0; at--) {
            set(HISTORY + at, get(HISTORY + at - 1));
        }
        set(HISTORY, least);
        set(HISTORY_SIZE, size + 1L);
    }

    private long leastRemembered() {
        long least = Long.MAX_VALUE;
        for (int at = 0; at < get(HISTORY_SIZE); at++) {
            least = Math.min(least, get(HISTORY + at));
        }
        return least;
    }

    private void forgetCandidate() {
        if (get(CANDIDATE_SAMPLES) != 0) {
            set(CANDIDATE_SAMPLES, 0);
        }
    }

    ClockState state() {
        return STATES[(int) get(STATE)];
    }

    long sinceMillis() {
        return get(SINCE);
    }

    /**
     * Returns by how much the clock is ahead. Where headers tell whole seconds, the fraction that they leave out is on average
     * half of what the spread of the lateness does not show.
     */
    long offsetMillis() {
        return -get(BASE) + (get(HAS_FRACTIONS) == 0 ? Math.max(0, SECOND - get(SPREAD)) / 2 : 0);
    }

    long spreadMillis() {
        return get(SPREAD);
    }

    /** Returns by how much a candidate is ahead: where the clock seems to stand after a step that is not confirmed. */
    long candidateOffsetMillis() {
        return -get(CANDIDATE);
    }

    int resolutionMillis() {
        return get(HAS_FRACTIONS) == 0 ? (int) SECOND : 1;
    }

    long jumps() {
        return get(JUMPS);
    }

    /** Returns when the exporter was last seen to have restarted, or 0. */
    long restartedAtMillis() {
        return get(RESTARTED_AT);
    }

    /** Returns the boot time as the exporter's clock tells it, milliseconds since 1970; 0 if it tells no uptime. */
    long bootMillis() {
        return get(HAS_UPTIME) == 0 ? 0 : get(BOOT);
    }

    long uptimeMillis() {
        return get(UPTIME);
    }

    long seenAtMillis() {
        return get(SEEN_AT);
    }

    private long get(int cell) {
        return cells.value(cell);
    }

    private void set(int cell, long value) {
        cells.add(cell, value - cells.value(cell));
    }

    @SuppressWarnings("EnumOrdinal") // Cells live as long as api does, whose enumeration it is.
    private static long ordinal(ClockState state) {
        return state.ordinal();
    }

    /**
     * What is taken for an error.
     *
     * @param toleranceMillis how far off a good clock may be
     * @param learningMillis how long a clock is watched before it is judged
     */
    record Limits(long toleranceMillis, long learningMillis) {}
}
