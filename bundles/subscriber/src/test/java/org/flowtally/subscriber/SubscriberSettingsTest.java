// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.Test;

class SubscriberSettingsTest {
    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", SubscriberSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : SubscriberConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void readsHomeNetworksInAnyOrder() {
        SubscriberSettings settings =
                SubscriberSettings.of(config(Map.of("home_networks", "fc00::/7,10.0.0.0/8 , 10.0.0.0/8,")), Map.of());

        assertThat(settings.homeNetworks()).containsExactly(Prefix.parse("10.0.0.0/8"), Prefix.parse("fc00::/7"));
        assertThat(settings.historyDays()).isEqualTo(400);
    }

    @Test
    void namesTheHomeNetworkThatIsNone() {
        assertThatThrownBy(() ->
                        SubscriberSettings.of(config(Map.of("home_networks", "10.0.0.0/8, 192.0.2.1/24")), Map.of()))
                .isInstanceOf(ConfigurationRejected.class)
                .hasMessageContaining("component=org.flowtally.subscriber, key=home.networks, value=192.0.2.1/24")
                .hasMessageContaining("probably 192.0.2.0/24 is meant");
    }

    @Test
    void refusesAHistoryOutOfBounds() {
        assertThatThrownBy(() -> SubscriberSettings.of(config(Map.of()), Map.of("history.days", "1")))
                .hasMessageContaining("key=history.days, value=1, allowed=2..36500");
    }

    static SubscriberConfig config(Map<String, Object> values) {
        return (SubscriberConfig) Proxy.newProxyInstance(
                SubscriberConfig.class.getClassLoader(),
                new Class<?>[] {SubscriberConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
