// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.flowtally.lib.template.TemplateLimits;
import org.junit.jupiter.api.Test;

class DecodeSettingsTest {
    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", DecodeSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : DecodeConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void readsEveryKey() {
        assertThat(DecodeSettings.of(
                        config(),
                        Map.of(
                                "exporters.max", "5",
                                "exporters.idle.minutes", "6",
                                "decoder.wait.seconds", "7",
                                "templates.max", "8",
                                "template.fields.max", "9",
                                "template.lifetime.minutes", "10",
                                "held.octets.max", "11",
                                "held.seconds", "12",
                                "templates.total.mebibytes", "13")))
                .isEqualTo(new DecodeSettings(
                        5,
                        Duration.ofMinutes(6),
                        Duration.ofSeconds(7),
                        new TemplateLimits(8, 9, 600_000, 11, 12_000, 13 << 20)));
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        assertThatThrownBy(() -> DecodeSettings.of(config(), Map.of("exporters.max", "0")))
                .hasMessageContaining("component=org.flowtally.decode, key=exporters.max, value=0, allowed=1..1000000");
        assertThatThrownBy(() -> DecodeSettings.of(config(), Map.of("exporters.idle.minutes", "0")))
                .hasMessageContaining("key=exporters.idle.minutes, value=0, allowed=1..525600");
        assertThatThrownBy(() -> DecodeSettings.of(config(), Map.of("decoder.wait.seconds", "3601")))
                .hasMessageContaining("key=decoder.wait.seconds, value=3601, allowed=0..3600");
    }

    static DecodeConfig config() {
        return (DecodeConfig) Proxy.newProxyInstance(
                DecodeConfig.class.getClassLoader(),
                new Class<?>[] {DecodeConfig.class},
                (proxy, method, arguments) -> method.getDefaultValue());
    }
}
