// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The configuration of the pipeline, checked.
 *
 * @param handOffOctets memory for datagrams between the sockets and the working thread
 * @param drain how long a stop may take to work off what was received
 * @param reload how often the assignments are read
 * @param retry how soon a failed reload is tried again
 * @param retentionTime when old partitions are dropped each day, UTC
 */
record PipelineSettings(long handOffOctets, Duration drain, Duration reload, Duration retry, LocalTime retentionTime) {
    /** The PID of the component. */
    static final String PID = "org.flowtally.pipeline";

    static PipelineSettings of(PipelineConfig config, Map<String, Object> properties) {
        ConfigurationValues values = new ConfigurationValues(PID, PipelineConfig.class, properties);
        return new PipelineSettings(
                values.number("hand.off.octets", config::hand_off_octets, 1_048_576, 2_147_483_648L),
                Duration.ofSeconds(values.number("drain.seconds", config::drain_seconds, 0, 600)),
                Duration.ofSeconds(
                        values.number("assignments.reload.seconds", config::assignments_reload_seconds, 1, 86_400)),
                Duration.ofSeconds(
                        values.number("assignments.retry.seconds", config::assignments_retry_seconds, 1, 86_400)),
                timeOfDay(values, config.retention_time()));
    }

    private static LocalTime timeOfDay(ConfigurationValues values, String text) {
        try {
            return LocalTime.parse(text.strip());
        } catch (DateTimeParseException notATime) {
            throw values.refused("retention.time", "HH:mm, 00:00..23:59");
        }
    }
}
