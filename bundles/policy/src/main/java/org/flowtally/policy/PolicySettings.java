// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Map;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of the admission.
 *
 * @param refusedSenders how many refused senders are remembered
 */
record PolicySettings(int refusedSenders) {
    static final String PID = "org.flowtally.policy";

    static PolicySettings of(PolicyConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, given);
        return new PolicySettings(values.number("refused.senders", config::refused_senders, 1, 65_536));
    }
}
