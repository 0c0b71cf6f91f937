// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.function.BooleanSupplier;

/** The sampling rates that an exporter told in options: by sampler, by interface, and for all the rest. One writer. */
final class SamplingTable {
    /** Samplers and interfaces remembered at most. */
    static final int MOST = 4096;

    private static final int FIRST_SLOTS = 16;
    private static final long SAMPLER = 1L << 40;
    private static final long INTERFACE = 1L << 41;
    private static final long SYSTEM = 1L << 42;
    private static final long VACANT = 0;

    private final BooleanSupplier room;
    private long[] keys = new long[0];
    private int[] rates = new int[0];
    private int size;
    private boolean hasInterfaces;
    private volatile int common = SamplingFields.UNKNOWN;

    /** Makes an empty table that asks before each entry whether there is room for it. */
    SamplingTable(BooleanSupplier room) {
        this.room = room;
    }

    /** Returns the rate of what no sampler or interface is known for, or {@link SamplingFields#UNKNOWN}. */
    int common() {
        return common;
    }

    boolean hasInterfaces() {
        return hasInterfaces;
    }

    /** Returns a sampler's rate, or {@link SamplingFields#UNKNOWN}. */
    int ofSampler(long id) {
        return find(keyOfSampler(id));
    }

    /** Returns an interface's rate, or {@link SamplingFields#UNKNOWN}. */
    int ofInterface(long id) {
        return find(keyOfInterface(id));
    }

    /** Returns the rate of the whole system, or {@link SamplingFields#UNKNOWN}. */
    int system() {
        return find(SYSTEM);
    }

    /** Returns the rate of a key, or {@link SamplingFields#UNKNOWN}. */
    int rate(long key) {
        return find(key);
    }

    /** Returns the key of a sampler. */
    static long keyOfSampler(long id) {
        return SAMPLER | (id & 0xFFFF_FFFFL);
    }

    /** Returns the key of an interface. */
    static long keyOfInterface(long id) {
        return INTERFACE | (id & 0xFFFF_FFFFL);
    }

    /** Returns the key of the whole system, of all domains of an address. */
    static long keyOfSystem() {
        return SYSTEM;
    }

    /** Remembers the common rate; tells whether it is new. */
    boolean common(int rate) {
        boolean isNew = common != rate;
        if (isNew) {
            common = rate;
        }
        return isNew;
    }

    /** Remembers the rate of a key; tells whether it is new. */
    boolean tell(long key, int rate) {
        hasInterfaces |= (key & INTERFACE) != 0;
        return put(key, rate);
    }

    /** Returns keys and rates in turn, to be kept; {@link #restore} takes them. */
    long[] entries() {
        long[] entries = new long[2 * size];
        int at = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != VACANT) {
                entries[at++] = keys[slot];
                entries[at++] = rates[slot];
            }
        }
        return entries;
    }

    /** Takes a key and its rate back. */
    void restore(long key, int rate) {
        if (key != VACANT) {
            tell(key, rate);
        }
    }

    private int find(long key) {
        if (size == 0) {
            return SamplingFields.UNKNOWN;
        }
        for (int slot = slotOf(key); ; slot = (slot + 1) & (keys.length - 1)) {
            if (keys[slot] == key) {
                return rates[slot];
            }
            if (keys[slot] == VACANT) {
                return SamplingFields.UNKNOWN;
            }
        }
    }

    private boolean put(long key, int rate) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int slot = slotOf(key);
        while (keys[slot] != VACANT && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        if (keys[slot] == key) {
            boolean isNew = rates[slot] != rate;
            rates[slot] = rate;
            return isNew;
        }
        if (size >= MOST || !room.getAsBoolean()) {
            return false;
        }
        keys[slot] = key;
        rates[slot] = rate;
        size++;
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRates = rates;
        keys = new long[Math.max(FIRST_SLOTS, 2 * oldKeys.length)];
        rates = new int[keys.length];
        for (int old = 0; old < oldKeys.length; old++) {
            if (oldKeys[old] != VACANT) {
                int slot = slotOf(oldKeys[old]);
                while (keys[slot] != VACANT) {
                    slot = (slot + 1) & (keys.length - 1);
                }
                keys[slot] = oldKeys[old];
                rates[slot] = oldRates[old];
            }
        }
    }

    private int slotOf(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 40) & (keys.length - 1);
    }
}
