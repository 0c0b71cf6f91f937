// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Arrays;

/**
 * Usage by subscriber, bucket and traffic class: an index with open addressing over dense entries. Owned by the thread that
 * owns the ledger it belongs to.
 *
 * <pre>
 *  63                    33 32                  8 7      0
 * +------------------------+---------------------+--------+
 * |     subscriber id      |    bucket number    | class  |
 * +------------------------+---------------------+--------+
 * </pre>
 */
final class UsageTable {
    /** What {@link #entry} returns when the table is full. */
    static final int FULL = -1;
    /** The largest bucket number that a key can hold. */
    static final long LAST_BUCKET = (1L << 25) - 1;
    /** Ordinary traffic; further classes are numbered by {@link ClassTimes}. */
    static final int ORDINARY = 0;

    /** How many bits of a key tell the class. */
    static final int CLASS_BITS = 8;

    private static final int SUBSCRIBER_SHIFT = 33;
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;
    private static final int FEWEST_SLOTS = 1024;

    private final EntryTable entries = new EntryTable();
    private int[] index = new int[FEWEST_SLOTS]; // Entry number + 1; 0 is an empty slot. At most half full.
    private int shift = Long.numberOfLeadingZeros(FEWEST_SLOTS - 1L);

    EntryTable entries() {
        return entries;
    }

    void clear() {
        if (entries.size() > 0) {
            entries.clear();
            Arrays.fill(index, 0);
        }
    }

    static long key(int subscriber, long bucket, int trafficClass) {
        return ((long) subscriber << SUBSCRIBER_SHIFT) | (bucket << CLASS_BITS) | trafficClass;
    }

    static int subscriber(long key) {
        return (int) (key >>> SUBSCRIBER_SHIFT);
    }

    static long bucket(long key) {
        return (key >>> CLASS_BITS) & LAST_BUCKET;
    }

    static int trafficClass(long key) {
        return (int) key & ((1 << CLASS_BITS) - 1);
    }

    /** Returns the entry of a key, made if missing and if the table then has no more than {@code bound}, else {@link #FULL}. */
    int entry(long key, int bound) {
        int mask = index.length - 1;
        int slot = slot(key);
        for (int found = index[slot]; found != 0; found = index[slot]) {
            if (entries.key0(found - 1) == key) {
                return found - 1;
            }
            slot = (slot + 1) & mask;
        }
        return entries.size() < bound ? insert(key, slot) : FULL;
    }

    void absorb(UsageTable other) {
        for (int entry = 0; entry < other.entries.size(); entry++) {
            entries.absorb(entry(other.entries.key0(entry), Integer.MAX_VALUE), other.entries, entry);
        }
    }

    private int insert(long key, int slot) {
        int entry = entries.append(key, 0, 0);
        index[slot] = entry + 1;
        if (2 * entries.size() > index.length) {
            grow();
        }
        return entry;
    }

    private void grow() {
        index = new int[2 * index.length];
        shift--;
        int mask = index.length - 1;
        for (int entry = 0; entry < entries.size(); entry++) {
            int slot = slot(entries.key0(entry));
            while (index[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            index[slot] = entry + 1;
        }
    }

    private int slot(long key) {
        return (int) ((key * GOLDEN_RATIO) >>> shift);
    }
}
