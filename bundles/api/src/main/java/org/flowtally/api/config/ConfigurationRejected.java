// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.config;

/**
 * A refusal of one configuration value. The message names component, key, value and what is allowed, so that an operator can
 * mend the file without reading anything else. A running component keeps its last good configuration. It speaks to an operator,
 * not to a programmer, and so has no stack trace.
 */
public final class ConfigurationRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String component;
    private final String key;

    /**
     * Names what was refused.
     *
     * @param component where the value stands: a PID or the name of a cfg file
     * @param key the configuration key
     * @param value the refused value; never a secret
     * @param allowed what is allowed instead, in words or as a range such as {@code 1..65535}
     */
    public ConfigurationRejected(String component, String key, Object value, String allowed) {
        super(
                "configuration refused: component=%s, key=%s, value=%s, allowed=%s"
                        .formatted(component, key, value, allowed),
                null,
                false,
                false);
        this.component = component;
        this.key = key;
    }

    /** Returns where the refused value stands. */
    public String component() {
        return component;
    }

    /** Returns the key of the refused value. */
    public String key() {
        return key;
    }
}
