// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of the subscriber match.
 *
 * @param homeNetworks the operator's own prefixes
 * @param historyDays how long an assignment that ended is still looked at
 */
record SubscriberSettings(List<Prefix> homeNetworks, int historyDays) {
    static final String PID = "org.flowtally.subscriber";

    private static final String HOME_NETWORKS = "home.networks";

    static SubscriberSettings of(SubscriberConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, SubscriberConfig.class, given);
        return new SubscriberSettings(
                prefixes(config.home_networks()), values.number("history.days", config::history_days, 2, 36_500));
    }

    private static List<Prefix> prefixes(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .map(SubscriberSettings::prefix)
                .distinct()
                .sorted()
                .toList();
    }

    private static Prefix prefix(String text) {
        try {
            return Prefix.parse(text);
        } catch (MalformedPrefix malformed) {
            throw new ConfigurationRejected(
                    PID, HOME_NETWORKS, text, "prefixes in CIDR form separated by commas; " + malformed.reason());
        }
    }
}
