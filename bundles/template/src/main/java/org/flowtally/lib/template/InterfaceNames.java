// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The names of interfaces that an exporter told in options. Bounded; one writer. */
final class InterfaceNames {
    /** Interfaces of one exporter and domain remembered at most. */
    static final int MOST = 4096;
    /** Octets of a name or description kept at most. */
    static final int MOST_OCTETS = 255;

    private static final int OCTETS_PER_NAME = 128;

    private final Map<Long, InterfaceName> byIndex = new HashMap<>(0);
    private final IntPredicate room;

    /** Makes an empty table that takes room for each name, and gives some back for a shorter one. */
    InterfaceNames(IntPredicate room) {
        this.room = room;
    }

    /**
     * Remembers what was told of an interface, if there is room.
     *
     * @return whether it is new
     */
    boolean tell(long index, byte[] record, int nameAt, int nameOctets, int descriptionAt, int descriptionOctets) {
        int named = Math.min(MOST_OCTETS, nameOctets);
        int described = Math.min(MOST_OCTETS, descriptionOctets);
        InterfaceName known = byIndex.get(index);
        if (known != null
                && Arrays.equals(known.name(), 0, known.name().length, record, nameAt, nameAt + named)
                && Arrays.equals(
                        known.description(),
                        0,
                        known.description().length,
                        record,
                        descriptionAt,
                        descriptionAt + described)) {
            return false;
        }
        return put(new InterfaceName(
                index,
                Arrays.copyOfRange(record, nameAt, nameAt + named),
                Arrays.copyOfRange(record, descriptionAt, descriptionAt + described)));
    }

    /** Takes back what was kept; tells whether there was room. */
    boolean put(InterfaceName told) {
        InterfaceName known = byIndex.get(told.index());
        int cost = cost(told) - (known == null ? 0 : cost(known));
        if ((known == null && byIndex.size() >= MOST) || !room.test(cost)) {
            return false;
        }
        byIndex.put(told.index(), told);
        return true;
    }

    private static int cost(InterfaceName told) {
        return OCTETS_PER_NAME + told.name().length + told.description().length;
    }

    /** Returns every name, to be kept; never changed. */
    List<InterfaceName> all() {
        return List.copyOf(byIndex.values());
    }
}
