// SPDX-License-Identifier: Apache-2.0
package org.flowtally.retention;

import java.util.Map;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of retention.
 *
 * @param usageDays days that hourly usage is kept
 * @param unmatchedDays days that unmatched usage is kept
 * @param exporterDays days that exporter hours are kept
 * @param eventDays days that events are kept
 */
record RetentionSettings(int usageDays, int unmatchedDays, int exporterDays, int eventDays) {
    static final String PID = "org.flowtally.retention";

    private static final int MOST_DAYS = 36_500;

    static RetentionSettings of(RetentionConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, RetentionConfig.class, given);
        return new RetentionSettings(
                values.number("usage.hourly.keep.days", config::usage_hourly_keep_days, 1, MOST_DAYS),
                values.number("unmatched.keep.days", config::unmatched_keep_days, 1, MOST_DAYS),
                values.number("exporter.hourly.keep.days", config::exporter_hourly_keep_days, 1, MOST_DAYS),
                values.number("event.keep.days", config::event_keep_days, 1, MOST_DAYS));
    }
}
