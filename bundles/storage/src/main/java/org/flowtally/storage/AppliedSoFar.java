// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.flowtally.lib.report.LastingState;

/**
 * What was applied since the collector started: a change of the configuration makes all else anew, and a swap of this bundle
 * too.
 */
final class AppliedSoFar {
    private final AtomicLong pages;
    private final AtomicLong lastMillis;

    /** Counts on where others stopped. */
    AppliedSoFar(AtomicLong pages, AtomicLong lastMillis) {
        this.pages = pages;
        this.lastMillis = lastMillis;
    }

    /** Returns the one of this process. */
    static AppliedSoFar lasting() {
        return new AppliedSoFar(
                LastingState.of("storage.pagesApplied", AtomicLong.class, AtomicLong::new),
                LastingState.of("storage.lastApplied", AtomicLong.class, AtomicLong::new));
    }

    void add(int applied, long atMillis) {
        pages.addAndGet(applied);
        lastMillis.set(atMillis);
    }

    long pages() {
        return pages.get();
    }

    Optional<Instant> last() {
        long millis = lastMillis.get();
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
