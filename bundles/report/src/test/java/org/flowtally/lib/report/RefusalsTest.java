// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.flowtally.api.config.ConfigurationRejected;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class RefusalsTest {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalsTest.class);
    private static final String COMPONENT = "org.flowtally.tested";

    private final LastGood<Integer> lastGood = new LastGood<>(LOG);

    @AfterEach
    void forgets() {
        Refusals.forget(COMPONENT);
    }

    @Test
    void tellsOfARefusalUntilTheComponentIsGivenSomethingElse() {
        lastGood.or(() -> port("2055"));

        assertThat(lastGood.or(() -> port("many"))).isEqualTo(2055);
        assertThat(refused())
                .containsExactly("configuration refused: component=%s, key=port, value=many, allowed=1..65535"
                        .formatted(COMPONENT));

        assertThat(lastGood.or(() -> port("2056"))).isEqualTo(2056);
        assertThat(refused()).isEmpty();
    }

    @Test
    void tellsOfTheLastRefusalAlone() {
        lastGood.or(() -> port("2055"));
        lastGood.or(() -> port("many"));
        lastGood.or(() -> port("few"));

        assertThat(refused()).singleElement().asString().contains("value=few");
    }

    @Test
    void leavesRefusalsWithoutAnEarlierConfigurationToThoseWhoDidNotStart() {
        assertThatThrownBy(() -> lastGood.or(() -> port("many"))).isInstanceOf(ConfigurationRejected.class);

        assertThat(refused()).isEmpty();
    }

    private static int port(String given) {
        return new ConfigurationValues(COMPONENT, Map.of("port", given)).number("port", () -> 2055, 1, 65_535);
    }

    private static List<String> refused() {
        return Refusals.all().stream()
                .filter(each -> each.component().equals(COMPONENT))
                .map(ConfigurationRejected::getMessage)
                .toList();
    }
}
