// SPDX-License-Identifier: Apache-2.0
package org.flowtally.retention;

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

class RetentionSettingsTest {
    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", RetentionSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : RetentionConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void refusesToKeepNothing() {
        assertThatThrownBy(() -> RetentionSettings.of(config(), Map.of("event.keep.days", "0")))
                .hasMessageContaining(
                        "component=org.flowtally.retention, key=event.keep.days, value=0, allowed=1..36500");
        assertThat(RetentionSettings.of(config(), Map.of())).isEqualTo(new RetentionSettings(190, 30, 190, 90));
    }

    static RetentionConfig config() {
        return (RetentionConfig) Proxy.newProxyInstance(
                RetentionConfig.class.getClassLoader(),
                new Class<?>[] {RetentionConfig.class},
                (proxy, method, arguments) -> method.getDefaultValue());
    }
}
