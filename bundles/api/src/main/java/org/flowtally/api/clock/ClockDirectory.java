// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What the clock guard knows. Safe to call from any thread. */
@ProviderType
public interface ClockDirectory {
    /** Returns what is known of this host's own clock. */
    HostClock host();

    /** Returns what is known of every exporter's clock. */
    List<ExporterSkew> exporters();
}
