// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * The hour of a daily job: due once at the start, because the host may sleep every night, and then at the first look after
 * the time of day. A run that failed stays due.
 */
final class DailyRun {
    private final InstantSource clock;
    private LocalTime time;
    private Instant doneAt = Instant.MIN;

    DailyRun(InstantSource clock, LocalTime time) {
        this.clock = clock;
        this.time = time;
    }

    synchronized void time(LocalTime newTime) {
        time = newTime;
    }

    synchronized boolean isDue() {
        return doneAt.isBefore(latest());
    }

    synchronized void done() {
        doneAt = clock.instant();
    }

    /** Returns the latest moment that it should have run at. */
    private Instant latest() {
        Instant now = clock.instant();
        Instant today = LocalDate.ofInstant(now, ZoneOffset.UTC).atTime(time).toInstant(ZoneOffset.UTC);
        return today.isAfter(now) ? today.minusSeconds(24 * 60 * 60) : today;
    }
}
