// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The end of what policy no longer wants kept; called by the housekeeping route. */
@ProviderType
public interface Retention {
    /**
     * Drops every partition that lies wholly before the time to keep.
     *
     * @return what was dropped, one line each
     * @throws IllegalStateException if the database does not answer; the next run makes up for it
     */
    List<String> run();
}
