// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import java.util.Arrays;

/**
 * What stands before an {@link Ipv4Trie} whose values are small: an octet for each block of addresses, so that one read answers
 * for most addresses, and the trie is asked only where a block has more than one value.
 */
final class Ipv4Front {
    /** The answer for an address in a block of several values. */
    static final int MIXED = 0xfe;

    /** The front that knows nothing. */
    static final Ipv4Front NONE = new Ipv4Front(new byte[] {(byte) (MIXED + 1), (byte) (MIXED + 1)}, 1);

    private static final int ADDRESS_BITS = 32;
    private static final int LEAST_BITS = 18; // 256 kB.
    private static final int MOST_BITS = 22; // 4 MB.
    private static final int BLOCKS_PER_PREFIX_BITS = 4;

    private final byte[] blocks; // Values plus 1.
    private final int shift;

    private Ipv4Front(byte[] blocks, int bits) {
        this.blocks = blocks;
        shift = ADDRESS_BITS - bits;
    }

    /** Returns the front of a trie to be in which nothing lies yet, or the one that knows nothing if a value is too large. */
    static Ipv4Front of(int prefixes, int mostValue) {
        if (mostValue >= MIXED) {
            return NONE;
        }
        int wanted = ADDRESS_BITS - Integer.numberOfLeadingZeros(prefixes) + BLOCKS_PER_PREFIX_BITS;
        int bits = Math.max(LEAST_BITS, Math.min(wanted, MOST_BITS));
        return new Ipv4Front(new byte[1 << bits], bits);
    }

    /** Paints a prefix, over those around it, which are painted before. */
    void paint(int address, int length, int value) {
        if (this == NONE) {
            return;
        }
        int bits = ADDRESS_BITS - shift;
        int block = address >>> shift;
        byte painted = (byte) (value + 1);
        if (length <= bits) {
            Arrays.fill(blocks, block, block + (1 << (bits - length)), painted);
        } else if (blocks[block] != painted) {
            blocks[block] = (byte) (MIXED + 1);
        }
    }

    /** Returns the value of an address, {@link PrefixTable#NOT_FOUND}, or {@link #MIXED}. */
    int find(int address) {
        return (blocks[address >>> shift] & 0xff) - 1;
    }

    /** Finds the first addresses of a list, writes the positions of those that stay open, and returns how many those are. */
    int find(long[] lows, int[] values, int[] open, int count) {
        int left = 0;
        for (int position = 0; position < count; position++) {
            int value = find((int) lows[position]);
            values[position] = value;
            open[left] = position;
            left += value == MIXED ? 1 : 0;
        }
        return left;
    }

    long memoryOctets() {
        return blocks.length;
    }
}
