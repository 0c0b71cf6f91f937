// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import java.util.Collection;
import java.util.function.IntPredicate;

/**
 * An immutable map from prefixes to ints that answers with the value of the longest prefix an address lies in.
 *
 * <p>Safe for use by any number of threads; replaced as a whole. A look-up allocates nothing.
 */
public final class PrefixTable {
    /** The answer for an address that lies in no prefix. */
    public static final int NOT_FOUND = -1;

    private static final int IPV4_BITS = 32;
    private static final long U32 = 0xFFFF_FFFFL;
    private static final PrefixTable EMPTY = builder().build();

    private final Ipv4Trie ipv4;
    private final Ipv6Index ipv6;

    private PrefixTable(Ipv4Trie ipv4, Ipv6Index ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** Returns the table without prefixes. */
    public static PrefixTable empty() {
        return EMPTY;
    }

    /** Returns a table that tells what lies in some of the prefixes: the value of each is 0. */
    public static PrefixTable of(Collection<Prefix> prefixes) {
        Builder builder = builder();
        prefixes.forEach(prefix -> builder.put(prefix, 0));
        return builder.build();
    }

    /** Returns a builder without prefixes. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the value of the longest prefix that the address lies in, or {@link #NOT_FOUND}. */
    public int find(long high, long low) {
        return Address.isIpv4(high, low) ? findIpv4((int) low) : ipv6.find(high, low);
    }

    /** Returns the value of the longest prefix that an IPv4 address in network order lies in, or {@link #NOT_FOUND}. */
    public int findIpv4(int address) {
        return ipv4.find(address);
    }

    /**
     * Finds the first addresses of a list.
     *
     * @param lows the addresses, in the lower 32 bits
     * @param values where the values go
     * @param open room for as many positions
     */
    void findIpv4(long[] lows, int[] values, int[] open, int count) {
        ipv4.find(lows, values, open, count);
    }

    /**
     * Returns the last address of a block around an IPv4 address, in network order, all of whose addresses have the same
     * value: who goes from block to block sees every value in a range. Neighbouring blocks may have the same value too.
     */
    public int blockEndIpv4(int address) {
        return ipv4.blockEnd(address);
    }

    /** Tells whether the address lies in any prefix. */
    public boolean contains(long high, long low) {
        return find(high, low) != NOT_FOUND;
    }

    /**
     * Tells whether the values of all addresses of an IPv4 prefix are as wanted; false for any IPv6 prefix.
     *
     * @param high the upper half of an address in it
     * @param low the lower half of an address in it
     * @param writtenLength its length as it is written behind the slash
     * @param wanted is asked of values, {@link #NOT_FOUND} included
     */
    public boolean allMatch(long high, long low, int writtenLength, IntPredicate wanted) {
        if (!Address.isIpv4(high, low) || writtenLength > IPV4_BITS) {
            return false;
        }
        int hostBits = (int) (U32 >>> writtenLength);
        int address = (int) low & ~hostBits;
        int last = (int) low | hostBits;
        while (wanted.test(findIpv4(address))) {
            int end = blockEndIpv4(address);
            if (Integer.compareUnsigned(end, last) >= 0) {
                return true;
            }
            address = end + 1;
        }
        return false;
    }

    /** Returns the number of different prefixes. */
    public int size() {
        return ipv4.size() + ipv6.size();
    }

    /** Returns the octets of the arrays behind this table. */
    public long memoryOctets() {
        return ipv4.memoryOctets() + ipv6.memoryOctets();
    }

    /** The prefixes of a table to be; of the same prefix put twice the later value counts. Owned by one thread. */
    public static final class Builder {
        private final Ipv4Trie.Builder ipv4 = new Ipv4Trie.Builder();
        private final Ipv6Index.Builder ipv6 = new Ipv6Index.Builder();

        private Builder() {}

        /** Adds a prefix with a value of 0 or more. */
        public Builder put(Prefix prefix, int value) {
            if (value < 0) {
                throw new IllegalArgumentException("a value is 0 or more: prefix=" + prefix + ", value=" + value);
            }
            if (prefix.isIpv4()) {
                ipv4.put((int) prefix.low(), prefix.writtenLength(), value);
            } else {
                ipv6.put(prefix.high(), prefix.low(), prefix.length(), value);
            }
            return this;
        }

        /** Returns the table of all prefixes put so far. */
        public PrefixTable build() {
            return new PrefixTable(ipv4.build(), ipv6.build());
        }
    }
}
