// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.Test;

class PolicySettingsTest {
    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", PolicySettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : PolicyConfig.class.getDeclaredMethods()) {
            Object value = attribute.getDefaultValue();
            String text = value instanceof String[] list ? String.join(", ", list) : String.valueOf(value);
            defaults.put(attribute.getName().replace('_', '.'), text);
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void refusesARoomOutOfBounds() {
        assertThatThrownBy(() -> PolicySettings.of(config(Map.of()), Map.of("refused.senders", "0")))
                .hasMessageContaining("component=org.flowtally.policy, key=refused.senders, value=0, allowed=1..65536");
        assertThat(PolicySettings.of(config(Map.of()), Map.of()))
                .isEqualTo(new PolicySettings(1024, List.of(), 120_000, 262_144));
    }

    @Test
    void readsTheOrderOfPreference() {
        PolicySettings settings = PolicySettings.of(
                config(Map.of("exporter_preference", new String[] {"192.0.2.1, 2001:db8::/64"})), Map.of());

        assertThat(settings.exporterPreference())
                .containsExactly(Prefix.parse("192.0.2.1/32"), Prefix.parse("2001:db8::/64"));
        assertThatThrownBy(() -> PolicySettings.of(
                        config(Map.of("exporter_preference", new String[] {"192.0.2.1/24"})), Map.of()))
                .hasMessageContaining("key=exporter.preference, value=192.0.2.1/24")
                .hasMessageContaining("host bits");
    }

    static PolicyConfig config(Map<String, Object> values) {
        return (PolicyConfig) Proxy.newProxyInstance(
                PolicyConfig.class.getClassLoader(),
                new Class<?>[] {PolicyConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
