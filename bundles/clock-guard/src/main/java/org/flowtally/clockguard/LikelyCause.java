// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.flowtally.api.clock.ClockState;

/** What probably is wrong with a clock, as far as its error tells. */
final class LikelyCause {
    private static final long MINUTE = 60_000;
    private static final long QUARTER = 15 * MINUTE;
    private static final long FARTHEST_ZONE = 14 * 60 * MINUTE;
    private static final long SLACK = 30_000;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final long RECENT = 60 * MINUTE;
    private static final long PER_MILLION = 1_000_000;
    private static final long LEAST_DRIFT = 2;
    private static final long MOST_DRIFT = 500;

    private LikelyCause() {}

    /** Returns the likely cause of an error, or an empty text if none shows or there is no error. */
    static String of(ClockEstimate estimate) {
        ClockState state = estimate.state();
        if (state == ClockState.UNSET) {
            return unset(estimate);
        }
        if (state == ClockState.JUMPED) {
            return hasRestarted(estimate) ? "uptime reset: the exporter restarted" : "the clock was set";
        }
        if (state != ClockState.SKEWED) {
            return "";
        }
        String zone = zone(estimate.offsetMillis());
        if (!zone.isEmpty()) {
            return zone;
        }
        String drift = drift(estimate);
        if (!drift.isEmpty()) {
            return drift;
        }
        return hasRestarted(estimate) ? "uptime reset: the exporter restarted, not set by NTP since" : "";
    }

    private static String unset(ClockEstimate estimate) {
        long zero =
                estimate.bootMillis() == 0 ? estimate.seenAtMillis() + estimate.offsetMillis() : estimate.bootMillis();
        return "no NTP since boot: the clock counts from %s"
                .formatted(Instant.ofEpochMilli(zero + 10 * MINUTE)
                        .atOffset(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.DAYS)
                        .toLocalDate());
    }

    /** Local time taken for UTC is off by whole hours in most places, by quarters in some. */
    private static String zone(long offsetMillis) {
        long quarters = Math.round((double) offsetMillis / QUARTER);
        if (quarters == 0
                || Math.abs(offsetMillis) > FARTHEST_ZONE + SLACK
                || Math.abs(offsetMillis - quarters * QUARTER) > SLACK) {
            return "";
        }
        long minutes = Math.abs(quarters) * QUARTER / MINUTE;
        return "time zone: %s%d:%02d hours".formatted(quarters < 0 ? "-" : "+", minutes / 60, minutes % 60);
    }

    /** An error that a crystal gathers since the boot: some parts in a million of the uptime. */
    private static String drift(ClockEstimate estimate) {
        long uptime = estimate.uptimeMillis();
        if (estimate.bootMillis() == 0 || uptime < DAY || Math.abs(estimate.offsetMillis()) > DAY) {
            return "";
        }
        long partsPerMillion = estimate.offsetMillis() * PER_MILLION / uptime;
        return Math.abs(partsPerMillion) < LEAST_DRIFT || Math.abs(partsPerMillion) > MOST_DRIFT
                ? ""
                : "no NTP since boot: drifts by %+d ppm".formatted(partsPerMillion);
    }

    private static boolean hasRestarted(ClockEstimate estimate) {
        return estimate.restartedAtMillis() != 0 && estimate.seenAtMillis() - estimate.restartedAtMillis() < RECENT;
    }
}
