// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PipelineSettingsTest {
    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"), "features/src/main/resources/etc", PipelineSettings.PID + ".cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : PipelineConfig.class.getDeclaredMethods()) {
            defaults.put(attribute.getName().replace('_', '.'), String.valueOf(attribute.getDefaultValue()));
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void readsTheDefaults() {
        assertThat(PipelineSettings.of(config(Map.of()), Map.of()))
                .isEqualTo(new PipelineSettings(
                        64L << 20,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        LocalTime.of(2, 30)));
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        assertThatThrownBy(() -> PipelineSettings.of(config(Map.of()), Map.of("hand.off.octets", "1000")))
                .hasMessageContaining(
                        "component=org.flowtally.pipeline, key=hand.off.octets, value=1000, allowed=1048576..2147483648");
        assertThatThrownBy(() -> PipelineSettings.of(config(Map.of()), Map.of("drain.seconds", "x")))
                .hasMessageContaining("key=drain.seconds, value=x, allowed=0..600");
        assertThatThrownBy(() -> PipelineSettings.of(config(Map.of()), Map.of("assignments.reload.seconds", "0")))
                .hasMessageContaining("allowed=1..86400");
        assertThatThrownBy(() -> PipelineSettings.of(config(Map.of()), Map.of("assignments.retry.seconds", "0")))
                .hasMessageContaining("allowed=1..86400");
        assertThatThrownBy(() -> PipelineSettings.of(
                        config(Map.of("retention_time", "25:00")), Map.of("retention.time", "25:00")))
                .hasMessageContaining("key=retention.time, value=25:00, allowed=HH:mm, 00:00..23:59");
    }

    @Test
    void isDueOnceAtTheStartAndThenOnceADay() {
        Instant[] now = {Instant.parse("2026-11-20T12:00:00Z")};
        DailyRun run = new DailyRun(() -> now[0], LocalTime.of(2, 30));
        assertThat(run.isDue()).isTrue();

        run.done();
        assertThat(run.isDue()).isFalse();
        now[0] = Instant.parse("2026-11-21T02:29:59Z");
        assertThat(run.isDue()).isFalse();

        now[0] = Instant.parse("2026-11-21T02:30:00Z");
        assertThat(run.isDue()).isTrue();
        run.done();
        assertThat(run.isDue()).isFalse();
        run.time(LocalTime.of(2, 0));
        assertThat(run.isDue()).isFalse();
    }

    private static PipelineConfig config(Map<String, Object> values) {
        return (PipelineConfig) Proxy.newProxyInstance(
                PipelineConfig.class.getClassLoader(),
                new Class<?>[] {PipelineConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
