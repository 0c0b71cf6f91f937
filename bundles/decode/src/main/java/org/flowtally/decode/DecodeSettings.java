// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.time.Duration;
import java.util.Map;
import org.flowtally.lib.report.ConfigurationValues;
import org.flowtally.lib.template.TemplateLimits;

/**
 * The checked configuration of the version switch.
 *
 * @param mostExporters how many exporters are remembered
 * @param idle the silence after which an exporter makes room for a new one
 * @param decoderWait how long datagrams wait for a decoder that is being replaced
 * @param templates how much is remembered of templates, and what waits for them
 */
record DecodeSettings(int mostExporters, Duration idle, Duration decoderWait, TemplateLimits templates) {
    static final String PID = "org.flowtally.decode";

    /** Takes the usual limits of templates. */
    DecodeSettings(int mostExporters, Duration idle, Duration decoderWait) {
        this(mostExporters, idle, decoderWait, TemplateLimits.USUAL);
    }

    static DecodeSettings of(DecodeConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, given);
        return new DecodeSettings(
                values.number("exporters.max", config::exporters_max, 1, 1_000_000),
                Duration.ofMinutes(values.number("exporters.idle.minutes", config::exporters_idle_minutes, 1, 525_600)),
                Duration.ofSeconds(values.number("decoder.wait.seconds", config::decoder_wait_seconds, 0, 3600)),
                new TemplateLimits(
                        values.number("templates.max", config::templates_max, 1, 65_280),
                        values.number("template.fields.max", config::template_fields_max, 1, 1024),
                        Duration.ofMinutes(values.number(
                                        "template.lifetime.minutes", config::template_lifetime_minutes, 1, 525_600))
                                .toMillis(),
                        values.number("held.octets.max", config::held_octets_max, 0, 1 << 30),
                        Duration.ofSeconds(values.number("held.seconds", config::held_seconds, 0, 86_400))
                                .toMillis(),
                        (long) values.number("templates.total.mebibytes", config::templates_total_mebibytes, 1, 65_536)
                                << 20));
    }
}
