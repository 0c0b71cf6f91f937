// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Arrays of numbers that outlive the bundle that uses them, as {@link LastingCounters} do: a stage that must not forget what
 * it saw a minute ago keeps it here, and its successor finds it. At most one owner of a name uses it at a time.
 */
public final class LastingArrays {
    private static final Map<String, long[]> ARRAYS = new ConcurrentHashMap<>();

    private LastingArrays() {}

    /**
     * Returns the array of a name, made of zeros when first asked for.
     *
     * @param name the owner and what it keeps, such as {@code policy.claims}
     * @param length how long it is; if it differs from before, a new one takes the place of the old
     */
    public static long[] of(String name, int length) {
        return ARRAYS.compute(name, (key, kept) -> kept != null && kept.length == length ? kept : new long[length]);
    }

    /** Gives the array of a name free. */
    public static void forget(String name) {
        ARRAYS.remove(name);
    }
}
