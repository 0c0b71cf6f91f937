// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.EnumMap;
import java.util.Map;

/**
 * A counter for each constant of an enum, with one writer and any number of readers, as {@link CounterArray} describes.
 *
 * @param <E> the enum
 */
@SuppressWarnings("EnumOrdinal") // The ordinal never leaves this object.
public final class EnumCounters<E extends Enum<E>> {
    private final Class<E> type;
    private final CounterArray cells;

    /** Creates counters at zero, one for each constant. */
    public EnumCounters(Class<E> type) {
        this.type = type;
        this.cells = new CounterArray(type.getEnumConstants().length);
    }

    /** Adds one; only the writer calls it. */
    public void increment(E constant) {
        cells.add(constant.ordinal(), 1);
    }

    /** Adds an amount; only the writer calls it. */
    public void add(E constant, long amount) {
        cells.add(constant.ordinal(), amount);
    }

    /** Returns the value as far as the writer has published it. */
    public long value(E constant) {
        return cells.value(constant.ordinal());
    }

    /** Returns the sum over all constants; exact when the writer rests. */
    public long total() {
        return cells.total();
    }

    /** Returns the values of all constants, zeros included, in the order of the enum. */
    public Map<E, Long> values() {
        Map<E, Long> values = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            values.put(constant, value(constant));
        }
        return values;
    }
}
