// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.report.CounterArray;

/**
 * One exporter: the estimate of its clock, its policy, and what was done to its flows. Everything that is worth keeping lies
 * in cells that outlive this object. Written by the working thread, read by any.
 */
@SuppressWarnings("EnumOrdinal") // Cells live as long as api does, whose enumerations they are.
final class ExporterClock {
    private static final int POLICY = ClockEstimate.CELLS;
    private static final int TOLD_STATE = POLICY + 1;
    private static final int TOLD_AT = POLICY + 2;
    private static final int TOLD_JUMPS = POLICY + 3;
    private static final int HELD_ROWS = POLICY + 4;
    private static final int HELD_OCTETS = POLICY + 5;
    private static final int ROWS = POLICY + 6;
    private static final int OCTETS = ROWS + ClockAction.count();
    /** How many cells an exporter needs. */
    static final int CELLS = OCTETS + ClockAction.count();

    private static final ClockPolicy[] POLICIES = ClockPolicy.values();
    private static final ClockState[] STATES = ClockState.values();

    private final Exporter exporter;
    private final CounterArray cells;
    private final ClockEstimate estimate;
    private final boolean isFollowed;
    private Endpoint resolvedFor = ExporterClocks.NO_ENDPOINT;
    private ClockPolicy policy = ClockPolicy.DISCARD;

    private ExporterClock(Exporter exporter, CounterArray cells, boolean isFollowed) {
        this.exporter = exporter;
        this.cells = cells;
        this.estimate = new ClockEstimate(cells);
        this.isFollowed = isFollowed;
    }

    static ExporterClock of(Exporter exporter, CounterArray cells) {
        return new ExporterClock(exporter, cells, true);
    }

    /** Returns what stands for all exporters for which there is no room: nothing is learned of their clocks. */
    static ExporterClock ofStrangers(Exporter nobody) {
        return new ExporterClock(nobody, new CounterArray(CELLS), false);
    }

    Exporter exporter() {
        return exporter;
    }

    boolean isFollowed() {
        return isFollowed;
    }

    ClockEstimate estimate() {
        return estimate;
    }

    /** Returns what becomes of flow times of this exporter that come to an endpoint; looked up once per snapshot. */
    @SuppressWarnings("ReferenceEquality") // Whoever compiles something from a snapshot may cache it by identity.
    ClockPolicy policy(Endpoint endpoint, ExporterPolicies own) {
        if (endpoint != resolvedFor) {
            resolvedFor = endpoint;
            policy = own.policy(exporter).orElse(endpoint.clockPolicy());
            set(POLICY, policy.ordinal());
        }
        return policy;
    }

    /**
     * Returns what to add to flow times of a datagram to make up for the clock's error, as far as it is known; 0 if it is not
     * known or within the tolerance.
     *
     * @param kind what the datagram was, a constant of {@link ClockEstimate}
     */
    long correction(int kind, long toleranceMillis) {
        long offset = kind == ClockEstimate.STEPPED ? estimate.candidateOffsetMillis() : estimate.offsetMillis();
        if (kind == ClockEstimate.UNKNOWN && offset < 0 && offset > -ClockEstimate.LONGEST_DELAY_MILLIS) {
            return 0; // Behind, or delayed. Ahead, or behind by days, can only be the clock.
        }
        return Math.abs(offset) > toleranceMillis ? -offset : 0;
    }

    /** Returns whether the clock is known to be off. */
    boolean isOff() {
        ClockState state = estimate.state();
        return state == ClockState.SKEWED || state == ClockState.UNSET;
    }

    void count(ClockAction action, long rows, long octets) {
        cells.add(ROWS + action.ordinal(), rows);
        cells.add(OCTETS + action.ordinal(), octets);
    }

    /** Counts rows that are held back from now on. */
    void hold(long rows, long octets) {
        count(ClockAction.HELD, rows, octets);
        cells.add(HELD_ROWS, rows);
        cells.add(HELD_OCTETS, octets);
    }

    /** Counts rows that are held back no longer. */
    void letGo(long rows, long octets) {
        cells.add(HELD_ROWS, -rows);
        cells.add(HELD_OCTETS, -octets);
    }

    long heldRows() {
        return cells.value(HELD_ROWS);
    }

    /** Returns whether the state is another one than was told, and it is time to tell again. */
    boolean isToBeTold(long nowMillis, long pauseMillis) {
        ClockState state = estimate.state();
        if (state == ClockState.LEARNING) {
            return false;
        }
        boolean isNews = state.ordinal() != told().ordinal() || estimate.jumps() != cells.value(TOLD_JUMPS);
        return isNews && (cells.value(TOLD_AT) == 0 || nowMillis - cells.value(TOLD_AT) >= pauseMillis);
    }

    /** Notes what is told now, and returns whether it is worth an event: that a clock turned out to be good is not. */
    boolean tell(long nowMillis) {
        boolean isFirst = told() == ClockState.LEARNING;
        ClockState state = estimate.state();
        set(TOLD_STATE, state.ordinal());
        set(TOLD_JUMPS, estimate.jumps());
        if (isFirst && state == ClockState.GOOD) {
            return false;
        }
        set(TOLD_AT, nowMillis);
        return true;
    }

    private ClockState told() {
        return STATES[(int) cells.value(TOLD_STATE)];
    }

    /** Returns what is known; a cause is sought only if this host's own clock can be relied on. */
    ExporterSkew skew(boolean isHostSound) {
        boolean isLearning = estimate.state() == ClockState.LEARNING;
        return new ExporterSkew(
                exporter,
                estimate.state(),
                Instant.ofEpochMilli(estimate.sinceMillis()),
                isLearning ? 0 : estimate.offsetMillis(),
                estimate.spreadMillis(),
                estimate.resolutionMillis(),
                POLICIES[(int) cells.value(POLICY)],
                isHostSound ? LikelyCause.of(estimate) : "",
                estimate.jumps(),
                Instant.ofEpochMilli(estimate.seenAtMillis()),
                cells.value(HELD_ROWS),
                cells.value(HELD_OCTETS),
                byAction(ROWS),
                byAction(OCTETS));
    }

    private Map<ClockAction, Long> byAction(int first) {
        Map<ClockAction, Long> values = new EnumMap<>(ClockAction.class);
        for (int action = 0; action < ClockAction.count(); action++) {
            values.put(ClockAction.of(action), cells.value(first + action));
        }
        return values;
    }

    /** Returns what a row moved, scaled by sampling; 0 if that exceeds 64 bits, as accounting counts it. */
    static long octets(FlowBatch batch, int row) {
        long octets = batch.octets(row);
        int rate = batch.samplingRate(row);
        return rate == 1 ? octets : octets < 0 || Math.multiplyHigh(octets, rate) != 0 ? 0 : octets * rate;
    }

    private void set(int cell, long value) {
        cells.add(cell, value - cells.value(cell));
    }
}
