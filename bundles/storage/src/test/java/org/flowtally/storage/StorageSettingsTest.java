// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.flowtally.api.config.ConfigurationRejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageSettingsTest {
    private static final Path ETC = Path.of("/opt/karaf/etc");

    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", StorageSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : StorageConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void takesARelativePasswordFileFromEtcAndAnAbsoluteOneAsItIs() {
        assertThat(settings(Map.of()).passwordFile()).isEqualTo(ETC.resolve("org.flowtally.storage.password"));
        assertThat(settings(Map.of("password.file", "/run/secret")).passwordFile())
                .isEqualTo(Path.of("/run/secret"));
        assertThat(settings(Map.of()).applyInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "url, jdbc:mysql://host/db, jdbc:mariadb://host:port/database",
        "url, jdbc:mariadb://host, jdbc:mariadb://host:port/database",
        "user, '', a database user",
        "password.file, ' ', the name of a file",
        "pool.size, 0, 1..64",
        "pool.size, four, 1..64",
        "connect.timeout.seconds, 301, 1..300",
        "statement.timeout.seconds, 0, 1..3600",
        "apply.interval.millis, 60001, 0..60000",
        "drain.seconds, -1, 0..3600",
        "status.interval.seconds, 0, 1..3600",
        "time.zone, Prague, a time zone such as UTC or Europe/Prague"
    })
    void refusesAWrongValueByNameAndSaysWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(ConfigurationRejected.class)
                .hasMessageContaining("component=org.flowtally.storage, key=" + key)
                .hasMessageContaining("allowed=" + allowed);
    }

    @Test
    void refusesAPasswordInTheUrlWithoutShowingIt() {
        assertThatThrownBy(() -> settings(Map.of("url", "jdbc:mariadb://host/db?user=a&password=hidden")))
                .hasMessageContaining("use user and password.file")
                .hasMessageNotContaining("hidden");
    }

    private static StorageSettings settings(Map<String, String> given) {
        return StorageSettings.of(config(given), given, ETC);
    }

    /** Returns a configuration as the container makes it of texts; a text that is no number throws when asked for. */
    static StorageConfig config(Map<String, String> given) {
        Map<String, String> values = new HashMap<>(given);
        return (StorageConfig) Proxy.newProxyInstance(
                StorageConfig.class.getClassLoader(),
                new Class<?>[] {StorageConfig.class},
                (proxy, method, arguments) -> {
                    String text = values.get(method.getName().replace('_', '.'));
                    if (text == null) {
                        return method.getDefaultValue();
                    }
                    return method.getReturnType() == int.class ? (Object) Integer.valueOf(text) : text;
                });
    }
}
