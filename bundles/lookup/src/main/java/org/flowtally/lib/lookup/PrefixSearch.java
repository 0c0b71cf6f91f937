// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

/**
 * A look-up of many addresses at once. A single look-up waits for memory, and the processor guesses wrong what comes of it; of
 * many at once the waits overlap, level by level of the table, and only those go on that the level before left open.
 *
 * <pre>{@code
 * search.address(0, high, low);
 * search.address(1, high, low);
 * search.find(table, 2);
 * int value = search.value(0);
 * }</pre>
 *
 * Reused for as many tables as there are; allocates nothing. Owned by one thread.
 */
public final class PrefixSearch {
    /** How many addresses can be looked up at once: enough to keep memory busy, few enough to stay in the first cache. */
    public static final int CAPACITY = 256;

    private final long[] highs = new long[CAPACITY];
    private final long[] lows = new long[CAPACITY];
    private final int[] values = new int[CAPACITY];
    private final int[] open = new int[CAPACITY];

    /** Sets the address to look up at a position, 0 to {@link #CAPACITY} - 1. */
    public void address(int position, long high, long low) {
        highs[position] = high;
        lows[position] = low;
    }

    /** Looks up the addresses at the first {@code count} positions. */
    public void find(PrefixTable table, int count) {
        // One loop for each step: together they are slower.
        table.findIpv4(lows, values, open, count); // Whatever it finds for the others is overwritten.
        if (!areAllIpv4(count)) {
            for (int position = 0; position < count; position++) {
                if (!Address.isIpv4(highs[position], lows[position])) {
                    values[position] = table.find(highs[position], lows[position]);
                }
            }
        }
    }

    private boolean areAllIpv4(int count) {
        long others = 0;
        for (int position = 0; position < count; position++) {
            others |= highs[position] | ((lows[position] >>> 32) ^ Address.IPV4_MARK);
        }
        return others == 0;
    }

    /** Returns the value of the longest prefix that the address at a position lies in, or {@link PrefixTable#NOT_FOUND}. */
    public int value(int position) {
        return values[position];
    }
}
