// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

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
import org.junit.jupiter.api.Test;

class ClockGuardSettingsTest {
    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", ClockGuardSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : ClockGuardConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void refusesTimesOutOfBounds() {
        assertRefused("future.tolerance.seconds", "-1", "0..86400");
        assertRefused("age.max.hours", "0", "1..876000");
        assertRefused("duration.max.hours", "577", "1..576");
        assertThat(ClockGuardSettings.of(config(Map.of()), Map.of()))
                .isEqualTo(new ClockGuardSettings(30_000, 86_400_000, 691_200_000));
    }

    private static void assertRefused(String key, String value, String allowed) {
        assertThatThrownBy(() -> ClockGuardSettings.of(config(Map.of()), Map.of(key, value)))
                .hasMessageContaining(
                        "component=org.flowtally.clockguard, key=%s, value=%s, allowed=%s", key, value, allowed);
    }

    static ClockGuardConfig config(Map<String, Object> values) {
        return (ClockGuardConfig) Proxy.newProxyInstance(
                ClockGuardConfig.class.getClassLoader(),
                new Class<?>[] {ClockGuardConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
