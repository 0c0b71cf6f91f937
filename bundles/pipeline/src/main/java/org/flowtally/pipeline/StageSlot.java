// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The place of one stage on the lane. Services come and go by any thread; the lane sees one and the same stage from the
 * beginning of a batch to its end, and waits at the {@link BatchBoundary} while there is none.
 *
 * @param <T> the stage
 */
final class StageSlot<T> {
    private final String name;
    private final BatchBoundary boundary;
    private @Nullable T bound;
    private @Nullable T pinned;

    /** Made by {@link BatchBoundary#slot}. */
    StageSlot(String name, BatchBoundary boundary) {
        this.name = name;
        this.boundary = boundary;
    }

    String name() {
        return name;
    }

    /** Puts a stage in place, from the next batch on; one that was there before is replaced. */
    void bind(T stage) {
        boundary.change(() -> bound = stage);
    }

    /** Takes a stage away and returns when no batch uses it any more. */
    void unbind(T stage) {
        boundary.change(() -> {
            if (bound == stage) {
                bound = null;
            }
        });
        boundary.awaitEndOfBatch(name);
    }

    /** Returns the stage of the batch under way. Called by the lane, between entering and leaving. */
    T stage() {
        return Objects.requireNonNull(pinned, name);
    }

    /** Under the boundary's lock. */
    boolean isEmpty() {
        return bound == null;
    }

    /** Under the boundary's lock. */
    void pin() {
        pinned = bound;
    }

    /** Under the boundary's lock. */
    void unpin() {
        pinned = null;
    }
}
