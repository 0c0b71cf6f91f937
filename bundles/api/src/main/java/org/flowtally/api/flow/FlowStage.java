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
}
