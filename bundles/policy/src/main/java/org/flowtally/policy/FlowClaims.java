// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.lib.report.Counter;

/**
 * Who counts a flow that several exporters see. The first to report it claims it, and keeps the claim while it goes on
 * reporting; what others report of it is a duplicate until a given time after the end of what was counted.
 *
 * <p>Bounded: sets of eight claims. In a full set the claim that ended first gives way. A claim is known by 128 bits of hash
 * of its flow. Everything lies in one array of longs, which outlives this class:
 *
 * <pre>
 *  0                1     one set: 24 longs
 * +--------+ - - - - +- - -+-----------------+-----------------+-----------------+
 * |  seed  |         | ... | 8 x first half  | 8 x second half | 8 x claim       |
 * +--------+ - - - - +- - -+-----------------+-----------------+-----------------+
 *
 * claim: end of what was counted, milliseconds since 1970 << 16 | exporter
 * </pre>
 *
 * Owned by the working thread.
 */
final class FlowClaims {
    private static final int WAYS = 8;
    private static final int SET_LONGS = 3 * WAYS;
    private static final int FIRST = 8; // A cache line for the seed, so that sets begin at one.
    private static final int OWNER_BITS = 16;
    private static final long OWNER_MASK = (1L << OWNER_BITS) - 1;
    private static final long LAST_END = Long.MAX_VALUE >>> OWNER_BITS;
    private static final long ODD_1 = 0x9E37_79B9_7F4A_7C15L;
    private static final long ODD_2 = 0xC2B2_AE3D_27D4_EB4FL;

    private final long[] cells;
    private final int setMask;
    private final long gapMillis;
    private final Counter givenUp;
    private long firstHalf;
    private long secondHalf;

    /**
     * Goes on with claims.
     *
     * @param cells {@link #length} longs, all zero or as a predecessor left them
     * @param gapMillis for how long after the end of what was counted a claim holds
     * @param givenUp counts the claims that gave way while they still held
     */
    FlowClaims(long[] cells, long gapMillis, Counter givenUp, long freshSeed) {
        this.cells = cells;
        this.gapMillis = gapMillis;
        this.givenUp = givenUp;
        setMask = (cells.length - FIRST) / SET_LONGS - 1;
        if (cells[0] == 0) {
            cells[0] = freshSeed | 1;
        }
    }

    /** Returns how long an array for so many claims is; their number is rounded up to a power of two. */
    static int length(int claims) {
        int sets = Math.max(1, Integer.highestOneBit(Math.max(1, claims - 1)) * 2 / WAYS);
        return FIRST + sets * SET_LONGS;
    }

    /** Names the flow that {@link #claim} is about. */
    void flow(
            long realm, long fromHigh, long fromLow, long toHigh, long toLow, int fromPort, int toPort, int protocol) {
        long seed = cells[0];
        long rest = ((long) fromPort << 48) | ((long) toPort << 32) | ((long) protocol << 24);
        long one = mix(seed ^ fromHigh, ODD_1);
        one = mix(one ^ fromLow, ODD_1);
        one = mix(one ^ toHigh, ODD_1);
        one = mix(one ^ toLow, ODD_1);
        one = mix(one ^ rest, ODD_1);
        one = mix(one ^ realm, ODD_1);
        long two = mix(~seed ^ realm, ODD_2);
        two = mix(two ^ rest, ODD_2);
        two = mix(two ^ toLow, ODD_2);
        two = mix(two ^ toHigh, ODD_2);
        two = mix(two ^ fromLow, ODD_2);
        two = mix(two ^ fromHigh, ODD_2);
        firstHalf = one == 0 ? 1 : one; // 0 is an empty place.
        secondHalf = two;
    }

    /**
     * Returns whether an exporter's report of the named flow counts, and notes it if so.
     *
     * @param owner the exporter's number, 0..65535
     * @param start the start of what it reports, milliseconds since 1970
     * @param end the end of what it reports
     */
    boolean claim(int owner, long start, long end) {
        int set = FIRST + ((int) (firstHalf >>> Integer.SIZE) & setMask) * SET_LONGS;
        for (int way = set; way < set + WAYS; way++) {
            if (cells[way] == firstHalf && cells[way + WAYS] == secondHalf) {
                return goOn(way + 2 * WAYS, owner, start, end);
            }
        }
        put(victim(set, end), owner, end);
        return true;
    }

    private boolean goOn(int at, int owner, long start, long end) {
        long claim = cells[at];
        long counted = claim >>> OWNER_BITS;
        if ((claim & OWNER_MASK) == owner) {
            cells[at] = pack(owner, Math.max(counted, end));
            return true;
        }
        if (start <= counted + gapMillis) {
            return false;
        }
        cells[at] = pack(owner, end);
        return true;
    }

    /** Returns an empty place, or that of the claim that ended first. */
    private int victim(int set, long now) {
        int oldest = set;
        for (int way = set; way < set + WAYS; way++) {
            if (cells[way] == 0) {
                return way;
            }
            if (cells[way + 2 * WAYS] >>> OWNER_BITS < cells[oldest + 2 * WAYS] >>> OWNER_BITS) {
                oldest = way;
            }
        }
        if ((cells[oldest + 2 * WAYS] >>> OWNER_BITS) + gapMillis >= now) {
            givenUp.increment();
        }
        return oldest;
    }

    private void put(int way, int owner, long end) {
        cells[way] = firstHalf;
        cells[way + WAYS] = secondHalf;
        cells[way + 2 * WAYS] = pack(owner, end);
    }

    private static long pack(int owner, long end) {
        return (Math.max(0, Math.min(end, LAST_END)) << OWNER_BITS) | owner;
    }

    private static long mix(long value, long odd) {
        long mixed = value * odd;
        return (mixed ^ (mixed >>> 32)) * ODD_1;
    }
}
