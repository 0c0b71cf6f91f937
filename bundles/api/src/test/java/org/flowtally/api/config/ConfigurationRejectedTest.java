// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigurationRejectedTest {
    @Test
    void speaksToAnOperatorAndHasNoStackTrace() {
        ConfigurationRejected refused = new ConfigurationRejected("a.b", "port", 70_000, "1..65535");

        assertThat(refused)
                .hasMessage("configuration refused: component=a.b, key=port, value=70000, allowed=1..65535")
                .hasNoCause();
        assertThat(refused.getStackTrace()).isEmpty();
    }
}
