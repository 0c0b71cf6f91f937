// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The usage tables in the database. Safe to call from any thread. */
@ProviderType
public interface UsageTables {
    /**
     * Returns the hourly usage that answers a question, summed over collectors.
     *
     * @throws IllegalStateException if the database does not answer; the message says why
     */
    List<UsageTotal> usage(UsageQuery query);

    /** Returns what is known of the tables and of the pages on their way into them. */
    StorageStatus status();
}
