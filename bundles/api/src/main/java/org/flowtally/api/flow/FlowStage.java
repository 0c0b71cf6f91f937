// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A stage of the data path after decoding. It judges rows, it does not remove them, and writes only the columns it owns.
 * Called by one thread at a time, at batch boundaries swappable.
 */
@ConsumerType
public interface FlowStage {
    /** Judges every row whose verdict is still {@link Verdict#COUNTED}; never throws for what an exporter may send. */
    void apply(FlowBatch batch);

    /**
     * Puts rows that the stage held back into an empty batch, decided; called when the lane ends, until none come. Stages that
     * hold rows back let them go by and by in {@link #apply}, behind the rows of any batch that has room, so the lane
     * sends an empty batch now and then when nothing arrives.
     */
    default void surrender(FlowBatch batch) {}
}
