// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

import java.util.Iterator;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Takes the content of the table {@code ip_assignment}; called by the housekeeping route, off the data path. */
@ProviderType
public interface AssignmentLoader {
    /** The statement whose rows {@link #load} takes; times come as text {@code yyyy-MM-dd HH:mm:ss[.f]} in UTC. */
    String statement();

    /**
     * Replaces the assignments by these rows, from the next batch on. Rows that cannot be used are skipped, counted and
     * named in the status. If the iterator throws, the assignments in force stay and the exception goes on to the caller.
     */
    AssignmentStatus load(Iterator<Map<String, Object>> rows);

    /** Notes that the table could not be read at all; the assignments in force stay. */
    void failed(String reason);

    /** Returns what is in force. */
    AssignmentStatus status();
}
