// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import java.util.Arrays;

/**
 * The IPv4 half of a {@link PrefixTable}: a trie of 16, 8 and 8 bits with all prefixes painted into its leaves, behind an
 * {@link Ipv4Front} where values are small.
 *
 * <p>An entry of 0 or more is a value, -1 is nothing, anything below leads to a node in {@code nodes}:
 *
 * <pre>
 *  1 | packed? | 30 bits: offset in nodes / 4
 *
 *  open node    256 entries
 *  packed node  8 ints: a bit for each of the 256 slots that begins a run of equal entries
 *               2 ints: 8 octets, the number of runs before each of those 8 ints
 *               n ints: one entry per run
 * </pre>
 *
 * A node with few runs is packed: a million single addresses scattered over the whole space take 64 MB instead of 1 GB.
 */
final class Ipv4Trie {
    private static final int NOTHING = PrefixTable.NOT_FOUND;
    private static final int ROOT_SLOTS = 1 << 16;
    private static final int NODE_SLOTS = 1 << 8;
    private static final int PACKED = 1 << 30;
    private static final int OFFSET_MASK = PACKED - 1;
    private static final int OFFSET_UNIT_BITS = 2;
    private static final int RANKS = 8;
    private static final int RUNS = 10;
    private static final int MOST_RUNS_PACKED = 54; // 64 ints, a quarter of an open node.
    private static final int[] EMPTY_ROOT = emptyRoot();

    private final Ipv4Front front;
    private final int[] root;
    private final int[] nodes;
    private final int size;

    private Ipv4Trie(Ipv4Front front, int[] root, int[] nodes, int size) {
        this.front = front;
        this.root = root;
        this.nodes = nodes;
        this.size = size;
    }

    private static int[] emptyRoot() {
        int[] root = new int[ROOT_SLOTS];
        Arrays.fill(root, NOTHING);
        return root;
    }

    int find(int address) {
        int value = front.find(address);
        return value == Ipv4Front.MIXED ? findBehindFront(address) : value;
    }

    private int findBehindFront(int address) {
        int entry = root[address >>> 16];
        if (entry < NOTHING) {
            entry = entryOf(entry, address >>> 8 & 0xff);
            if (entry < NOTHING) {
                entry = entryOf(entry, address & 0xff);
            }
        }
        return entry;
    }

    /**
     * Finds the first addresses of a list, level by level: the reads of a level do not wait for each other.
     *
     * @param lows the addresses, in the lower 32 bits
     * @param values where the values go
     * @param open room for as many positions
     */
    void find(long[] lows, int[] values, int[] open, int count) {
        findBehindFront(lows, values, open, front.find(lows, values, open, count));
    }

    private void findBehindFront(long[] lows, int[] values, int[] open, int count) {
        int left = 0;
        for (int at = 0; at < count; at++) {
            int position = open[at];
            int entry = root[(int) lows[position] >>> 16];
            values[position] = entry;
            open[left] = position;
            left += entry < NOTHING ? 1 : 0;
        }
        left = descend(lows, values, open, left, 8);
        descend(lows, values, open, left, 0);
    }

    private int descend(long[] lows, int[] values, int[] open, int count, int shift) {
        int left = 0;
        for (int at = 0; at < count; at++) {
            int position = open[at];
            int entry = entryOf(values[position], (int) lows[position] >>> shift & 0xff);
            values[position] = entry;
            open[left] = position;
            left += entry < NOTHING ? 1 : 0;
        }
        return left;
    }

    /** Returns the last address that shares the entry which answers for this one. */
    int blockEnd(int address) {
        int entry = root[address >>> 16];
        if (entry >= NOTHING) {
            return address | 0xffff;
        }
        return entryOf(entry, address >>> 8 & 0xff) >= NOTHING ? address | 0xff : address;
    }

    private int entryOf(int node, int slot) {
        int offset = (node & OFFSET_MASK) << OFFSET_UNIT_BITS;
        if ((node & PACKED) == 0) {
            return nodes[offset + slot];
        }
        int word = slot >>> 5;
        int runsUpToSlot = Integer.bitCount(nodes[offset + word] & -1 >>> (31 - (slot & 31)));
        int runsBeforeWord = nodes[offset + RANKS + (word >>> 2)] >>> ((word & 3) << 3) & 0xff;
        return nodes[offset + RUNS - 1 + runsBeforeWord + runsUpToSlot];
    }

    int size() {
        return size;
    }

    long memoryOctets() {
        return front.memoryOctets() + 4L * ((root == EMPTY_ROOT ? 0 : root.length) + nodes.length);
    }

    /** The prefixes of a trie to be, each a sortable key of address, length and position with a value beside it. */
    static final class Builder {
        private static final int POSITION_BITS = 25;
        private static final int LENGTH_BITS = 6;
        private static final int MOST_PREFIXES = 1 << POSITION_BITS;

        private long[] keys = new long[16];
        private int[] values = new int[16];
        private int count;

        private int[] nodes = new int[0];
        private int used;

        void put(int address, int length, int value) {
            if (count == MOST_PREFIXES) {
                throw new IllegalStateException("too many IPv4 prefixes in one table: allowed=" + MOST_PREFIXES);
            }
            if (count == values.length) {
                keys = Arrays.copyOf(keys, count * 2);
                values = Arrays.copyOf(values, count * 2);
            }
            keys[count] = ((address & 0xffffffffL) << LENGTH_BITS | length) << POSITION_BITS | count;
            values[count] = value;
            count++;
        }

        Ipv4Trie build() {
            if (count == 0) {
                return new Ipv4Trie(Ipv4Front.NONE, EMPTY_ROOT, new int[0], 0);
            }
            // Sorted, a prefix stands before everything inside it, and the later of two equal ones last: painting in
            // this order leaves the right value everywhere.
            long[] sorted = Arrays.copyOf(keys, count);
            Arrays.sort(sorted);
            nodes = new int[0];
            used = 0;
            int[] root = emptyRoot();
            paint(sorted, 0, count, root, 16);
            return new Ipv4Trie(front(sorted), root, Arrays.copyOf(nodes, used), distinct(sorted));
        }

        private Ipv4Front front(long[] sorted) {
            int most = 0;
            for (int position = 0; position < count; position++) {
                most = Math.max(most, values[position]);
            }
            Ipv4Front front = Ipv4Front.of(count, most);
            for (long key : sorted) {
                front.paint(addressOf(key), lengthOf(key), values[positionOf(key)]);
            }
            return front;
        }

        private static int addressOf(long key) {
            return (int) (key >>> (POSITION_BITS + LENGTH_BITS));
        }

        /** Paints sorted keys that share the bits before {@code slots}, whose last bit is bit {@code depth}. */
        private void paint(long[] sorted, int from, int to, int[] slots, int depth) {
            int next = from;
            while (next < to) {
                int first = slotOf(sorted[next], slots.length, depth);
                int length = lengthOf(sorted[next]);
                if (length <= depth) {
                    Arrays.fill(slots, first, first + (1 << (depth - length)), values[positionOf(sorted[next])]);
                    next++;
                } else {
                    int end = next + 1;
                    while (end < to && slotOf(sorted[end], slots.length, depth) == first) {
                        end++;
                    }
                    int[] deeper = new int[NODE_SLOTS];
                    Arrays.fill(deeper, slots[first]);
                    paint(sorted, next, end, deeper, depth + 8);
                    slots[first] = store(deeper);
                    next = end;
                }
            }
        }

        private static int slotOf(long key, int slots, int depth) {
            return addressOf(key) >>> (32 - depth) & slots - 1;
        }

        private static int lengthOf(long key) {
            return (int) (key >>> POSITION_BITS) & (1 << LENGTH_BITS) - 1;
        }

        private static int positionOf(long key) {
            return (int) key & MOST_PREFIXES - 1;
        }

        private static int distinct(long[] sorted) {
            int distinct = 1;
            for (int i = 1; i < sorted.length; i++) {
                if (sorted[i] >>> POSITION_BITS != sorted[i - 1] >>> POSITION_BITS) {
                    distinct++;
                }
            }
            return distinct;
        }

        /** Appends a node and returns the entry that leads to it. */
        private int store(int[] slots) {
            int runs = 1;
            for (int slot = 1; slot < NODE_SLOTS; slot++) {
                runs += slots[slot] != slots[slot - 1] ? 1 : 0;
            }
            boolean packed = runs <= MOST_RUNS_PACKED;
            int offset = claim(packed ? RUNS + runs : NODE_SLOTS);
            if (packed) {
                pack(slots, offset);
            } else {
                System.arraycopy(slots, 0, nodes, offset, NODE_SLOTS);
            }
            return Integer.MIN_VALUE | (packed ? PACKED : 0) | offset >>> OFFSET_UNIT_BITS;
        }

        private int claim(int ints) {
            int offset = used;
            used = Math.addExact(offset, ints + 3 & -4);
            if (used > nodes.length) {
                nodes = Arrays.copyOf(
                        nodes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(used, nodes.length * 3L / 2)));
            }
            return offset;
        }

        private void pack(int[] slots, int offset) {
            int runs = 0;
            for (int slot = 0; slot < NODE_SLOTS; slot++) {
                if ((slot & 31) == 0) {
                    int word = slot >>> 5;
                    nodes[offset + RANKS + (word >>> 2)] |= runs << ((word & 3) << 3);
                }
                if (slot == 0 || slots[slot] != slots[slot - 1]) {
                    nodes[offset + (slot >>> 5)] |= 1 << (slot & 31);
                    nodes[offset + RUNS + runs] = slots[slot];
                    runs++;
                }
            }
        }
    }
}
