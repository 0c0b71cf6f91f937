// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.status;

import org.osgi.annotation.versioning.ProviderType;

/** What the pipeline says of the way between sockets and ledger. Safe to call from any thread. */
@ProviderType
public interface PipelineStatus {
    /** Returns the state of the lane, now. */
    LaneStatus lane();
}
