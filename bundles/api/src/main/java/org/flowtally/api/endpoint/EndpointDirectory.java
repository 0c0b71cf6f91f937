// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The endpoints that are configured, with their state and counters. Safe to call from any thread. */
@ProviderType
public interface EndpointDirectory {
    /** Returns the status of every endpoint, by name. */
    List<EndpointStatus> endpoints();

    /** Returns the configurations that were refused and what is wrong with each. */
    List<RefusedConfiguration> refused();
}
