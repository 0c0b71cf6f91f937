// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.flowtally.api.config.ConfigurationRejected;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LastGoodTest {
    private final LastGood<String> lastGood = new LastGood<>(LoggerFactory.getLogger(LastGoodTest.class));

    @Test
    void staysWithTheLastGoodOne() {
        assertThat(lastGood.or(() -> "one")).isEqualTo("one");
        assertThat(lastGood.or(() -> "two")).isEqualTo("two");

        assertThat(lastGood.or(LastGoodTest::refused)).isEqualTo("two");

        assertThat(lastGood.or(() -> "three")).isEqualTo("three");
    }

    @Test
    void refusesWhereThereWasNoGoodOneYet() {
        assertThatThrownBy(() -> lastGood.or(LastGoodTest::refused)).hasMessageContaining("key=port, value=70000");

        assertThat(lastGood.or(() -> "mended")).isEqualTo("mended");
    }

    private static String refused() {
        throw new ConfigurationRejected("a.b", "port", 70_000, "1..65535");
    }
}
