// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * State that outlives the bundle that works with it, as {@link LastingCounters} do: a stage's successor goes on with what its
 * predecessor learned or held. Only types of the platform, of {@code api} and of libraries belong in here, since those of
 * the bundle itself are others after a swap. At most one owner of a name writes at a time, which the lane's batch boundary
 * sees to.
 */
public final class LastingState {
    private static final Map<String, Object> STATES = new ConcurrentHashMap<>();

    private LastingState() {}

    /**
     * Returns the state of a name, made when first asked for.
     *
     * @param name the owner and what it is, such as {@code clock-guard.held}
     * @param type what it is; if what was kept is something else, state starts again
     */
    public static <T> T of(String name, Class<T> type, Supplier<T> fresh) {
        return type.cast(STATES.compute(name, (key, kept) -> type.isInstance(kept) ? kept : fresh.get()));
    }
}
