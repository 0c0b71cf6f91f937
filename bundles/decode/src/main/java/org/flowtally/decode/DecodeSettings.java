// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.time.Duration;
import java.util.Map;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of the version switch.
 *
 * @param mostExporters how many exporters are remembered
 * @param idle the silence after which an exporter makes room for a new one
 * @param decoderWait how long datagrams wait for a decoder that is being replaced
 */
record DecodeSettings(int mostExporters, Duration idle, Duration decoderWait) {
    static final String PID = "org.flowtally.decode";

    static DecodeSettings of(DecodeConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, given);
        return new DecodeSettings(
                values.number("exporters.max", config::exporters_max, 1, 1_000_000),
                Duration.ofMinutes(values.number("exporters.idle.minutes", config::exporters_idle_minutes, 1, 525_600)),
                Duration.ofSeconds(values.number("decoder.wait.seconds", config::decoder_wait_seconds, 0, 3600)));
    }
}
