// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.List;
import org.flowtally.api.endpoint.InterfaceRange;

/** A set of SNMP indexes for look-ups: a bit for each small one, ranges for the others. Immutable. */
final class InterfaceSet {
    private static final int SMALL = 1 << 16;

    private final long[] bits;
    private final long[] first;
    private final long[] last;

    InterfaceSet(List<InterfaceRange> ranges) {
        bits = new long[ranges.isEmpty() ? 0 : SMALL / Long.SIZE];
        first = new long[ranges.size()];
        last = new long[ranges.size()];
        for (int range = 0; range < first.length; range++) {
            first[range] = ranges.get(range).first();
            last[range] = ranges.get(range).last();
            for (long index = first[range]; index <= Math.min(last[range], SMALL - 1); index++) {
                bits[(int) index >>> 6] |= 1L << (index & 63);
            }
        }
    }

    boolean isEmpty() {
        return first.length == 0;
    }

    /** Returns whether an index, unsigned, is in the set. */
    boolean contains(int index) {
        int word = index >>> 6;
        if (word < bits.length) {
            return (bits[word] & (1L << index)) != 0;
        }
        long unsigned = Integer.toUnsignedLong(index);
        for (int range = 0; range < first.length; range++) {
            if (unsigned >= first[range] && unsigned <= last[range]) {
                return true;
            }
        }
        return false;
    }
}
