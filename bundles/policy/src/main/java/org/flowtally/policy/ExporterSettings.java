// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Map;
import org.flowtally.lib.report.CfgFile;
import org.flowtally.lib.report.ConfigurationValues;
import org.flowtally.lib.report.CountingKeys;

/** Reads what counts of single exporters from the content of a cfg file. */
final class ExporterSettings {
    /** The factory PID. */
    static final String PID = "org.flowtally.exporter";

    private ExporterSettings() {}

    /**
     * Reads and checks a file.
     *
     * @throws org.flowtally.api.config.ConfigurationRejected if a value is wrong
     */
    static CountedExporters.Rule read(ExporterConfig config, Map<String, Object> properties) {
        CfgFile file = CfgFile.of(PID, properties);
        ConfigurationValues values = new ConfigurationValues(file.name(), ExporterConfig.class, properties);
        return new CountedExporters.Rule(
                file.name(),
                PrefixWords.read(file.name(), "addresses", config.addresses()),
                config.endpoint().strip(),
                CountingKeys.read(
                        values,
                        config.counting_rule(),
                        config.counting_interfaces(),
                        config.metering_version(),
                        config.match_address()));
    }
}
