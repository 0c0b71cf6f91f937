// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.flowtally.api.config.ConfigurationRejected;
import org.slf4j.Logger;

/**
 * The refusals in whose place an earlier configuration is in force, so that an operator need not find them in the log. One
 * per component; it is forgotten when the component is given another one, see {@link ConfigurationValues}.
 */
public final class Refusals {
    private static final Map<String, ConfigurationRejected> BY_COMPONENT = new ConcurrentSkipListMap<>();

    private Refusals() {}

    /** Notes and logs that a component goes on with what it had. */
    public static void note(ConfigurationRejected refused, Logger log) {
        BY_COMPONENT.put(refused.component(), refused);
        log.warn("{}, the configuration in force stays", refused.getMessage());
    }

    /** Forgets what a component refused: it is given something else, or is gone. */
    public static void forget(String component) {
        BY_COMPONENT.remove(component);
    }

    /** Returns the refusals by component. */
    public static List<ConfigurationRejected> all() {
        return List.copyOf(BY_COMPONENT.values());
    }
}
