// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the assignments in force.
 *
 * @param source where they came from
 * @param loadedAt when they were loaded; empty if never
 * @param assignments the number of assignments in force
 * @param subscribers the number of different subscribers among them
 * @param conflicts assignments of one prefix whose times overlap
 * @param skipped rows that could not be used
 * @param problems the first few skipped rows and what is wrong with each
 * @param lastFailure why the last reload failed; empty if it did not
 */
public record AssignmentStatus(
        Source source,
        Optional<Instant> loadedAt,
        long assignments,
        long subscribers,
        long conflicts,
        long skipped,
        List<String> problems,
        String lastFailure) {
    /** Where assignments came from. */
    public enum Source {
        /** None were loaded yet. */
        NONE,
        /** The copy kept on disk, because the database has not answered yet. */
        DISK,
        /** The table {@code ip_assignment}. */
        DATABASE
    }
}
