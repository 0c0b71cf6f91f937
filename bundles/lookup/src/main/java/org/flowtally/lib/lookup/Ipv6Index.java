// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import java.util.Arrays;

/**
 * The IPv6 half of a {@link PrefixTable}: one hash table per prefix length, probed from the longest to the shortest.
 *
 * <p>Operators use few lengths, but every flow also has a foreign side. So the first 32 bits, an operator's allocation,
 * are looked up first: they name the lengths that occur below them, and a foreign address is done after one probe of a
 * small table. Prefixes shorter than 32 bits are probed last.
 */
final class Ipv6Index {
    private static final int STEM_BITS = 32;
    private static final int ADDRESS_BITS = 128;

    private final HashedPrefixes stems; // First 32 bits → position in probes.
    private final byte[] probes; // For each stem the number of tables and the tables, longest first.
    private final HashedPrefixes[] tables; // Longest first.
    private final int firstShort;
    private final int size;

    private Ipv6Index(HashedPrefixes stems, byte[] probes, HashedPrefixes[] tables, int firstShort, int size) {
        this.stems = stems;
        this.probes = probes;
        this.tables = tables;
        this.firstShort = firstShort;
        this.size = size;
    }

    int find(long high, long low) {
        int probe = stems.find(high, low);
        if (probe >= 0) {
            int last = probe + probes[probe];
            while (probe < last) {
                int value = tables[probes[++probe]].find(high, low);
                if (value >= 0) {
                    return value;
                }
            }
        }
        for (int table = firstShort; table < tables.length; table++) {
            int value = tables[table].find(high, low);
            if (value >= 0) {
                return value;
            }
        }
        return PrefixTable.NOT_FOUND;
    }

    int size() {
        return size;
    }

    long memoryOctets() {
        long octets = stems.memoryOctets() + probes.length;
        for (HashedPrefixes table : tables) {
            octets += table.memoryOctets();
        }
        return octets;
    }

    /** The prefixes of an index to be, in the order they came. */
    static final class Builder {
        private long[] highs = new long[16];
        private long[] lows = new long[16];
        private byte[] hostBits = new byte[16]; // 128 - length + MIN_VALUE: the longest prefix is the smallest number.
        private int[] values = new int[16];
        private int count;

        void put(long high, long low, int length, int value) {
            if (count == values.length) {
                int capacity = Math.multiplyExact(count, 2);
                highs = Arrays.copyOf(highs, capacity);
                lows = Arrays.copyOf(lows, capacity);
                hostBits = Arrays.copyOf(hostBits, capacity);
                values = Arrays.copyOf(values, capacity);
            }
            highs[count] = high;
            lows[count] = low;
            hostBits[count] = (byte) (ADDRESS_BITS - length + Byte.MIN_VALUE);
            values[count] = value;
            count++;
        }

        private int lengthOf(int position) {
            return ADDRESS_BITS - (hostBits[position] - Byte.MIN_VALUE);
        }

        Ipv6Index build() {
            int[] perLength = new int[ADDRESS_BITS + 1];
            for (int i = 0; i < count; i++) {
                perLength[lengthOf(i)]++;
            }
            int[] tableOfLength = new int[ADDRESS_BITS + 1];
            HashedPrefixes[] tables = new HashedPrefixes[ADDRESS_BITS + 1];
            int used = 0;
            int firstShort = 0;
            for (int length = ADDRESS_BITS; length >= 0; length--) {
                if (perLength[length] > 0) {
                    tableOfLength[length] = used;
                    tables[used++] = new HashedPrefixes(length, perLength[length]);
                }
                if (length == STEM_BITS) {
                    firstShort = used;
                }
            }
            int size = 0;
            for (int i = 0; i < count; i++) {
                size += tables[tableOfLength[lengthOf(i)]].put(highs[i], lows[i], values[i]) ? 1 : 0;
            }
            return stemmed(Arrays.copyOf(tables, used), tableOfLength, firstShort, size);
        }

        private Ipv6Index stemmed(HashedPrefixes[] tables, int[] tableOfLength, int firstShort, int size) {
            long[] pairs = new long[count]; // Stem and table, sortable.
            int pairCount = 0;
            for (int i = 0; i < count; i++) {
                if (lengthOf(i) >= STEM_BITS) {
                    pairs[pairCount++] = (highs[i] >>> STEM_BITS) << 8 | tableOfLength[lengthOf(i)];
                }
            }
            Arrays.sort(pairs, 0, pairCount);
            int stemCount = 0;
            for (int i = 0; i < pairCount; i++) {
                stemCount += i == 0 || pairs[i] >>> 8 != pairs[i - 1] >>> 8 ? 1 : 0;
            }
            HashedPrefixes stems = new HashedPrefixes(STEM_BITS, stemCount);
            byte[] probes = new byte[Math.addExact(pairCount, stemCount)];
            int end = 0;
            int stem = 0;
            for (int i = 0; i < pairCount; i++) {
                if (i == 0 || pairs[i] >>> 8 != pairs[i - 1] >>> 8) {
                    stem = end++;
                    stems.put(pairs[i] >>> 8 << STEM_BITS, 0, stem);
                } else if (pairs[i] == pairs[i - 1]) {
                    continue;
                }
                probes[stem]++;
                probes[end++] = (byte) pairs[i];
            }
            return new Ipv6Index(stems, Arrays.copyOf(probes, end), tables, firstShort, size);
        }
    }
}
