// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of what concerns all endpoints.
 *
 * @param refusedSenders how many refused senders are remembered
 * @param exporterPreference exporters that see the same flows, the preferred first
 * @param duplicateGapMillis for how long after the end of what was counted a flow stays with its exporter
 * @param duplicateFlows of how many flows it is remembered who counts them
 */
record PolicySettings(
        int refusedSenders, List<Prefix> exporterPreference, long duplicateGapMillis, int duplicateFlows) {
    static final String PID = "org.flowtally.policy";

    private static final int MOST_PREFERRED = 1000;

    /** Copies the list, so that the record is immutable. */
    PolicySettings {
        exporterPreference = List.copyOf(exporterPreference);
    }

    /** Reads what was given, and warns of keys that nobody reads. */
    static PolicySettings of(PolicyConfig config, Map<String, ?> given) {
        return of(new ConfigurationValues(PID, PolicyConfig.class, given), config);
    }

    /** Reads what was given to the admission too, which warns of keys that nobody reads. */
    static PolicySettings ofStage(PolicyConfig config, Map<String, ?> given) {
        return of(new ConfigurationValues(PID, given), config);
    }

    private static PolicySettings of(ConfigurationValues values, PolicyConfig config) {
        List<Prefix> preference = PrefixWords.read(PID, "exporter.preference", config.exporter_preference());
        if (preference.size() > MOST_PREFERRED) {
            throw values.refused("exporter.preference", "at most " + MOST_PREFERRED + " exporters");
        }
        return new PolicySettings(
                values.number("refused.senders", config::refused_senders, 1, 65_536),
                preference,
                TimeUnit.SECONDS.toMillis(
                        values.number("duplicate.gap.seconds", config::duplicate_gap_seconds, 1, 86_400)),
                values.number("duplicate.flows", config::duplicate_flows, 1024, 67_108_864));
    }
}
