// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Arrays;

/**
 * Counters in dense entries of eight longs, one cache line each:
 *
 * <pre>
 *  0        1        2        3          4           5            6             7
 * +--------+--------+--------+----------+-----------+------------+-------------+-----------------+
 * |  key   |  key   |  key   | octetsIn | octetsOut | packetsIn  | packetsOut  | flows | quality |
 * +--------+--------+--------+----------+-----------+------------+-------------+-----------------+
 *                                                                               56 bits  8 bits
 * </pre>
 *
 * An entry keeps its number while the table grows. Owned by the thread that owns the ledger it belongs to.
 */
final class EntryTable {
    /** The direction towards the subscriber. */
    static final int IN = 0;
    /** The direction from the subscriber: {@link #IN} and it are 0 and 1, so that a sign bit can choose. */
    static final int OUT = 1;

    private static final int ENTRY_LONGS = 8;
    private static final int OCTETS = 3;
    private static final int PACKETS = 5;
    private static final int FLOWS_AND_QUALITY = 7;
    private static final int QUALITY_BITS = 16;
    private static final int QUALITY_MASK = (1 << QUALITY_BITS) - 1;
    // An array begins with a header of 16 octets: entries that begin 48 octets later do not straddle cache lines.
    private static final int FIRST = 6;
    private static final int FEWEST_ENTRIES = 256;

    private long[] cells = new long[FIRST + FEWEST_ENTRIES * ENTRY_LONGS];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Appends an entry with all counters at zero. */
    int append(long key0, long key1, long key2) {
        int at = FIRST + size * ENTRY_LONGS;
        if (at == cells.length) {
            cells = Arrays.copyOf(cells, FIRST + 2 * size * ENTRY_LONGS);
        }
        cells[at] = key0;
        cells[at + 1] = key1;
        cells[at + 2] = key2;
        Arrays.fill(cells, at + OCTETS, at + ENTRY_LONGS, 0);
        return size++;
    }

    long key0(int entry) {
        return cells[FIRST + entry * ENTRY_LONGS];
    }

    long key1(int entry) {
        return cells[FIRST + entry * ENTRY_LONGS + 1];
    }

    long key2(int entry) {
        return cells[FIRST + entry * ENTRY_LONGS + 2];
    }

    long octets(int entry, int direction) {
        return cells[FIRST + entry * ENTRY_LONGS + OCTETS + direction];
    }

    long packets(int entry, int direction) {
        return cells[FIRST + entry * ENTRY_LONGS + PACKETS + direction];
    }

    long flows(int entry) {
        return cells[FIRST + entry * ENTRY_LONGS + FLOWS_AND_QUALITY] >>> QUALITY_BITS;
    }

    int quality(int entry) {
        return (int) cells[FIRST + entry * ENTRY_LONGS + FLOWS_AND_QUALITY] & QUALITY_MASK;
    }

    /** Returns whether nothing was ever credited to an entry: it was made for a row that was then refused. */
    boolean isBlank(int entry) {
        int at = FIRST + entry * ENTRY_LONGS;
        return (cells[at + OCTETS]
                        | cells[at + OCTETS + 1]
                        | cells[at + PACKETS]
                        | cells[at + PACKETS + 1]
                        | cells[at + FLOWS_AND_QUALITY])
                == 0;
    }

    /** Returns whether an entry can take so much more without exceeding unsigned 64 bits. */
    boolean fits(int entry, int direction, long octets, long packets) {
        int at = FIRST + entry * ENTRY_LONGS + direction;
        return Long.compareUnsigned(octets, ~cells[at + OCTETS]) <= 0
                && Long.compareUnsigned(packets, ~cells[at + PACKETS]) <= 0;
    }

    /** Adds to an entry what one row, or a part of it, moved in one direction. */
    void credit(int entry, int direction, long octets, long packets, int flows, int quality) {
        int at = FIRST + entry * ENTRY_LONGS + direction;
        cells[at + OCTETS] += octets;
        cells[at + PACKETS] += packets;
        int tail = at - direction + FLOWS_AND_QUALITY;
        cells[tail] = (cells[tail] + ((long) flows << QUALITY_BITS)) | quality;
    }

    /** Adds a whole entry of another table; a counter that exceeds unsigned 64 bits stays at its largest value. */
    void absorb(int entry, EntryTable other, int otherEntry) {
        int to = FIRST + entry * ENTRY_LONGS;
        int from = FIRST + otherEntry * ENTRY_LONGS;
        for (int counter = OCTETS; counter < FLOWS_AND_QUALITY; counter++) {
            long sum = cells[to + counter] + other.cells[from + counter];
            cells[to + counter] = Long.compareUnsigned(sum, cells[to + counter]) < 0 ? -1L : sum;
        }
        long added = other.cells[from + FLOWS_AND_QUALITY];
        long flows = added & ~(long) QUALITY_MASK;
        cells[to + FLOWS_AND_QUALITY] = (cells[to + FLOWS_AND_QUALITY] + flows) | (added & QUALITY_MASK);
    }
}
