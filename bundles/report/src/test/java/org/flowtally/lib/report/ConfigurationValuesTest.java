// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.flowtally.api.config.ConfigurationRejected;
import org.junit.jupiter.api.Test;

class ConfigurationValuesTest {
    private static final int DEFAULT = 7;

    @Test
    void readsTextAndTakesTheTypedValueOtherwise() {
        assertThat(number(Map.of("limit", " 5 "))).isEqualTo(5);
        assertThat(number(Map.of())).isEqualTo(DEFAULT);
        assertThat(flag("false")).isFalse();
        assertThat(flag(" true")).isTrue();
        assertThat(flag("TRUE")).isTrue();
    }

    @Test
    void namesComponentKeyValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> number(Map.of("limit", "70000")))
                .isInstanceOf(ConfigurationRejected.class)
                .hasMessage("configuration refused: component=a.b, key=limit, value=70000, allowed=1..9");
        assertThatThrownBy(() -> number(Map.of("limit", "many"))).hasMessageContaining("value=many, allowed=1..9");
        assertThatThrownBy(() -> number(Map.of("limit", ""))).hasMessageContaining("value=, allowed=1..9");
        assertThatThrownBy(() -> flag("yes")).hasMessageContaining("key=on, value=yes, allowed=true or false");
    }

    @Test
    void namesKeysThatNobodyReads() {
        Map<String, Object> given = Map.of(
                "hand.off",
                "1",
                "hand.of",
                "2",
                "service.pid",
                "x",
                "component.name",
                "x",
                "osgi.ds.satisfying",
                "x",
                "stage.name",
                "x",
                "clockGuard.target",
                "x",
                "source.cardinality.minimum",
                1);

        assertThat(ConfigurationValues.unknownKeys(Keys.class, given)).containsExactly("hand.of");
    }

    @Test
    void refusesAFileWhoseFirstKeyAByteOrderMarkHides() {
        String mark = "\u00EF\u00BB\u00BF"; // UTF-8, read as Latin-1 by the container.

        assertThatThrownBy(() -> number(Map.of(mark + "limit", "5", "other", "x")))
                .isInstanceOf(ConfigurationRejected.class)
                .hasMessageContaining("component=a.b, key=limit, value=5, allowed=a file without a byte order mark");
        assertThat(number(Map.of(mark + "#", "a comment comes first", "limit", "5")))
                .isEqualTo(5);
    }

    @SuppressWarnings({"MemberName", "UnusedMethod"}) // An underscore stands for the dot of the key.
    private @interface Keys {
        int hand_off() default 1;
    }

    private static int number(Map<String, ?> given) {
        return new ConfigurationValues("a.b", given).number("limit", () -> DEFAULT, 1, 9);
    }

    private static boolean flag(String text) {
        return new ConfigurationValues("a.b", Map.of("on", text)).flag("on", () -> true);
    }
}
