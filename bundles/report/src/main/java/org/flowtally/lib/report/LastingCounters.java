// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counters that outlive the bundle that writes them. They belong to this library, which is not swapped with a stage: the
 * stage's successor goes on where it stopped, and sums that must agree across stages still agree after a swap. At most one
 * owner of a name writes at a time, which the lane's batch boundary sees to.
 */
public final class LastingCounters {
    private static final Map<String, CounterArray> ARRAYS = new ConcurrentHashMap<>();

    private LastingCounters() {}

    /** Forgets the counters of a name: what they counted is gone for good. */
    public static void forget(String name) {
        ARRAYS.remove(name);
    }

    /**
     * Returns the counters of a name, made at zero when first asked for.
     *
     * @param name the owner and what is counted, such as {@code accounting.rows}
     * @param size how many there are; if it differs from before, counting starts again
     */
    public static CounterArray of(String name, int size) {
        return ARRAYS.compute(name, (key, kept) -> kept != null && kept.size() == size ? kept : new CounterArray(size));
    }
}
