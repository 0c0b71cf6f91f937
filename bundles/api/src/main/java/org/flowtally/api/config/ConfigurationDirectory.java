// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.config;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What components were given and refused. Safe to call from any thread. */
@ProviderType
public interface ConfigurationDirectory {
    /**
     * Returns, by component, the refusals in whose place an earlier configuration is in force. Files of endpoints, of traffic
     * classes and of single exporters are not among them: their own directories tell of them.
     */
    List<ConfigurationRejected> refused();
}
