// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of the clock guard.
 *
 * @param futureToleranceMillis how far behind its arrival a flow may end
 * @param ageMaxMillis how long before its arrival a flow may have ended
 * @param durationMaxMillis how long a flow may have lasted; accounting splits up to 24 days exactly
 */
record ClockGuardSettings(long futureToleranceMillis, long ageMaxMillis, long durationMaxMillis) {
    static final String PID = "org.flowtally.clockguard";

    static ClockGuardSettings of(ClockGuardConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, given);
        return new ClockGuardSettings(
                TimeUnit.SECONDS.toMillis(
                        values.number("future.tolerance.seconds", config::future_tolerance_seconds, 0, 86_400)),
                TimeUnit.HOURS.toMillis(values.number("age.max.hours", config::age_max_hours, 1, 876_000)),
                TimeUnit.HOURS.toMillis(values.number("duration.max.hours", config::duration_max_hours, 1, 576)));
    }
}
