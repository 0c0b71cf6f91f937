// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

import org.osgi.annotation.versioning.ProviderType;

/** The question to time servers for this host's own clock; asked by the housekeeping route. */
@ProviderType
public interface HostClockProbe {
    /** Returns whether it is time to ask. */
    boolean isDue();

    /** Asks every server and takes note of the answers; waits for them a few seconds at most. None is no error. */
    void ask();
}
