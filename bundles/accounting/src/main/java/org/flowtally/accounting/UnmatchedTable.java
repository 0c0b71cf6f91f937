// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Arrays;

/**
 * Usage of home addresses that nobody held, by realm, address and bucket. When it is full, the address {@code ::} of each
 * realm and bucket takes what belongs to further addresses, so that nothing is lost but the detail. Owned by the thread that
 * owns the ledger it belongs to.
 */
final class UnmatchedTable {
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;
    private static final long ODD = 0xC2B2_AE3D_27D4_EB4FL;
    private static final int REALM_SHIFT = 32;
    private static final int FEWEST_SLOTS = 1024;
    private static final int ABSENT = -1;

    private final EntryTable entries = new EntryTable();
    private int[] index = new int[FEWEST_SLOTS]; // Entry number + 1; 0 is an empty slot. At most half full.

    EntryTable entries() {
        return entries;
    }

    void clear() {
        if (entries.size() > 0) {
            entries.clear();
            Arrays.fill(index, 0);
        }
    }

    static int realm(long key2) {
        return (int) (key2 >>> REALM_SHIFT);
    }

    static long bucket(long key2) {
        return key2 & 0xFFFF_FFFFL;
    }

    /** Returns the entry of an address, made if the table then has no more than {@code bound}, else that of {@code ::}. */
    int entry(int realm, long high, long low, long bucket, int bound) {
        long key2 = ((long) realm << REALM_SHIFT) | bucket;
        int entry = find(high, low, key2, bound);
        return entry == ABSENT ? find(0, 0, key2, Integer.MAX_VALUE) : entry;
    }

    void absorb(UnmatchedTable other) {
        EntryTable from = other.entries;
        for (int entry = 0; entry < from.size(); entry++) {
            int to = find(from.key0(entry), from.key1(entry), from.key2(entry), Integer.MAX_VALUE);
            entries.absorb(to, from, entry);
        }
    }

    private int find(long high, long low, long key2, int bound) {
        int mask = index.length - 1;
        int slot = slot(high, low, key2);
        for (int found = index[slot]; found != 0; found = index[slot]) {
            int entry = found - 1;
            if (entries.key1(entry) == low && entries.key0(entry) == high && entries.key2(entry) == key2) {
                return entry;
            }
            slot = (slot + 1) & mask;
        }
        return entries.size() < bound ? insert(high, low, key2, slot) : ABSENT;
    }

    private int insert(long high, long low, long key2, int slot) {
        int entry = entries.append(high, low, key2);
        index[slot] = entry + 1;
        if (2 * entries.size() > index.length) {
            grow();
        }
        return entry;
    }

    private void grow() {
        index = new int[2 * index.length];
        int mask = index.length - 1;
        for (int entry = 0; entry < entries.size(); entry++) {
            int slot = slot(entries.key0(entry), entries.key1(entry), entries.key2(entry));
            while (index[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            index[slot] = entry + 1;
        }
    }

    private int slot(long high, long low, long key2) {
        long mixed = (((high * ODD) ^ low) * GOLDEN_RATIO) ^ key2;
        mixed = (mixed ^ (mixed >>> 32)) * ODD;
        return (int) (mixed >>> 32) & (index.length - 1);
    }
}
