// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

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

class AccountingSettingsTest {
    static final AccountingSettings DEFAULTS = AccountingSettings.of(config(Map.of()), Map.of());

    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", AccountingSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : AccountingConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void hasHourlyBucketsByDefault() {
        assertThat(DEFAULTS)
                .isEqualTo(new AccountingSettings("collector-1", 3_600_000, 168 * 3_600_000L, 500_000, 4L << 30));
    }

    @Test
    void refusesABucketThatDoesNotDivideADay() {
        assertThatThrownBy(() -> AccountingSettings.of(config(Map.of("bucket_seconds", 7000)), Map.of()))
                .hasMessageContaining("key=bucket.seconds")
                .hasMessageContaining("divisor");
        assertThatThrownBy(() -> AccountingSettings.of(config(Map.of()), Map.of("bucket.seconds", "60")))
                .hasMessageContaining("value=60, allowed=300..86400");
    }

    @Test
    void refusesACollectorIdThatCouldBeMisread() {
        assertThatThrownBy(() ->
                        AccountingSettings.of(config(Map.of("collector_id", "a b")), Map.of("collector.id", "a b")))
                .hasMessageContaining("key=collector.id, value=a b, allowed=1 to 64 letters");
    }

    static AccountingConfig config(Map<String, Object> values) {
        return (AccountingConfig) Proxy.newProxyInstance(
                AccountingConfig.class.getClassLoader(),
                new Class<?>[] {AccountingConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
