// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.time.Instant;
import java.util.Optional;

/**
 * What storage says of itself.
 *
 * @param state whether pages are being applied
 * @param message why not, and what to do; empty if all is well
 * @param schemaVersion the version of the schema in the database; 0 if not known yet
 * @param pagesApplied pages applied since start
 * @param pagesWaiting pages on disk
 * @param octetsWaiting octets of pages on disk
 * @param octetsBound how many octets of pages there may be
 * @param pagesDamaged pages put aside because they could not be read or applied
 * @param lastApplied when a page was applied last
 */
public record StorageStatus(
        State state,
        String message,
        int schemaVersion,
        long pagesApplied,
        long pagesWaiting,
        long octetsWaiting,
        long octetsBound,
        long pagesDamaged,
        Optional<Instant> lastApplied) {
    /** Whether pages are being applied. */
    public enum State {
        /** Not connected yet. */
        STARTING,
        /** The schema is current and pages are applied. */
        READY,
        /** The database does not answer; pages wait. */
        DATABASE_AWAY,
        /** The database refuses us: password, rights, or another collector with our id; pages wait. */
        REFUSED
    }
}
