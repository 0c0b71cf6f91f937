// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

/**
 * The prefixes of one length: an open hash table, half full at most, with key and value side by side.
 *
 * <pre>
 *  length up to 64   | high | value + 1 |
 *  longer            | high | low | value + 1 |        a last word of 0 marks a free cell
 * </pre>
 */
final class HashedPrefixes {
    private static final long HIGH_FACTOR = 0x9e3779b97f4a7c15L;
    private static final long LOW_FACTOR = 0xc2b2ae3d27d4eb4fL;
    private static final long MIX_FACTOR = 0xd6e8feb86659fd93L;
    private static final int MOST_PREFIXES = 1 << 27;

    private final long highMask;
    private final long lowMask;
    private final int stride;
    private final int slotMask;
    private final int shift;
    private final long[] cells;

    HashedPrefixes(int length, int capacity) {
        if (capacity > MOST_PREFIXES) {
            throw new IllegalStateException("too many prefixes of one length: length=%d, prefixes=%d, allowed=%d"
                    .formatted(length, capacity, MOST_PREFIXES));
        }
        highMask = Prefix.highMask(length);
        lowMask = Prefix.lowMask(length);
        stride = length <= 64 ? 2 : 3;
        int slots = Math.max(2, Integer.highestOneBit(Math.max(1, capacity * 2 - 1)) * 2);
        slotMask = slots - 1;
        shift = Long.numberOfLeadingZeros(slotMask);
        cells = new long[Math.multiplyExact(slots, stride)];
    }

    /** Sets the value of a prefix and tells whether the prefix is new. */
    boolean put(long high, long low, int value) {
        int cell = cellOf(high, low);
        boolean isNew = cells[cell + stride - 1] == 0;
        cells[cell] = high;
        if (stride == 3) {
            cells[cell + 1] = low;
        }
        cells[cell + stride - 1] = value + 1L;
        return isNew;
    }

    int find(long high, long low) {
        return (int) cells[cellOf(high & highMask, low & lowMask) + stride - 1] - 1;
    }

    /** Returns the cell that holds the key, or the free one where it would stand. */
    private int cellOf(long high, long low) {
        long mixed = high * HIGH_FACTOR + low * LOW_FACTOR;
        mixed = (mixed ^ mixed >>> 32) * MIX_FACTOR;
        int slot = (int) (mixed >>> shift);
        while (true) {
            int cell = slot * stride;
            if (cells[cell + stride - 1] == 0 || (cells[cell] == high && (stride == 2 || cells[cell + 1] == low))) {
                return cell;
            }
            slot = slot + 1 & slotMask;
        }
    }

    long memoryOctets() {
        return 8L * cells.length;
    }
}
