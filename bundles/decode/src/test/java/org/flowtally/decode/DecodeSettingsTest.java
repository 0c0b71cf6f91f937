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
import java.util.Set;
import java.util.TreeMap;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.template.ExporterLimits;
import org.flowtally.lib.template.PostCounters;
import org.flowtally.lib.template.ReadingRules;
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
            Object value = attribute.getDefaultValue();
            String text = value instanceof String[] list ? String.join(", ", list) : String.valueOf(value);
            defaults.put(attribute.getName().replace('_', '.'), text);
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
                .isEqualTo(settings(new ExporterLimits(5, 8_000, 256, 360_000), 1 << 20, 8 << 20));
    }

    @Test
    void readsTheSharesOfEndpointsAddressesAndExporters() {
        DecodeSettings read = DecodeSettings.of(
                config(),
                Map.of(
                        "exporters.endpoint.max", "14",
                        "exporters.address.max", "15",
                        "templates.exporter.kibibytes", "16",
                        "templates.address.mebibytes", "17"));

        assertThat(read.exporters()).isEqualTo(new ExporterLimits(10_000, 14, 15, 3_600_000));
        assertThat(read.templates())
                .isEqualTo(new TemplateLimits(512, 512, 86_400_000, 262_144, 1_800_000, 16 << 10, 17 << 20, 64 << 20));
    }

    private static DecodeSettings settings(ExporterLimits exporters, long ofExporter, long ofAddress) {
        return new DecodeSettings(
                exporters,
                Duration.ofSeconds(7),
                Set.of(),
                new TemplateLimits(8, 9, 600_000, 11, 12_000, ofExporter, ofAddress, 13 << 20),
                ReadingRules.USUAL);
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

    @Test
    void takesTheVersionsThatAreSwitchedOff() {
        assertThat(DecodeSettings.of(config(" 9,10 "), Map.of()).disabledDecoders())
                .containsExactlyInAnyOrder(9, 10);
        assertThatThrownBy(() -> DecodeSettings.of(config("v9"), Map.of("decoders.disabled", "v9")))
                .hasMessageContaining("key=decoders.disabled, value=v9, allowed=export versions");
        assertThatThrownBy(() -> DecodeSettings.of(config("65536"), Map.of("decoders.disabled", "65536")))
                .hasMessageContaining("value=65536");
    }

    @Test
    void readsWhatPostCountersMeanByTheLongestPrefix() {
        ReadingRules reading = DecodeSettings.of(
                        config(Map.of(
                                "post_counters_reverse", new String[] {"192.0.2.0/24, 2001:db8::/32"},
                                "post_counters_ignore", new String[] {"192.0.2.7"})),
                        Map.of())
                .reading();

        assertThat(meaning(reading, "192.0.2.1")).isEqualTo(PostCounters.REVERSE);
        assertThat(meaning(reading, "192.0.2.7")).isEqualTo(PostCounters.IGNORE);
        assertThat(meaning(reading, "2001:db8::1")).isEqualTo(PostCounters.REVERSE);
        assertThat(meaning(reading, "198.51.100.1")).isEqualTo(PostCounters.SPARE);
    }

    @Test
    void refusesAPrefixWithTwoMeaningsAndFieldsThatDoNotExist() {
        assertThatThrownBy(() -> of("post_counters_reverse", "192.0.2.0/24", "post_counters_instead", "192.0.2.0/24"))
                .hasMessageContaining(
                        "key=post.counters.instead, value=192.0.2.0/24, allowed=a prefix in one list only")
                .hasMessageContaining("post.counters.reverse");
        assertThatThrownBy(() -> of("post_counters_ignore", "192.0.2.1/24"))
                .hasMessageContaining("key=post.counters.ignore, value=192.0.2.1/24");
        assertThatThrownBy(() -> of("base_fields", "source-address, octets, colour"))
                .hasMessageContaining("key=base.fields, value=source-address, octets, colour, allowed=octets");
        assertThatThrownBy(() -> of("base_fields", "source-address, packets")).hasMessageContaining("key=base.fields");
        assertThatThrownBy(() -> of("base_fields", "octets")).hasMessageContaining("key=base.fields");
    }

    private static PostCounters meaning(ReadingRules reading, String exporter) {
        Address address = Address.parse(exporter);
        return reading.postCounters(address.high(), address.low());
    }

    private static DecodeSettings of(String... keysAndTexts) {
        Map<String, Object> values = new TreeMap<>();
        for (int at = 0; at < keysAndTexts.length; at += 2) {
            values.put(keysAndTexts[at], new String[] {keysAndTexts[at + 1]});
        }
        return DecodeSettings.of(config(values), Map.of());
    }

    static DecodeConfig config() {
        return config(Map.of());
    }

    static DecodeConfig config(String disabled) {
        return config(Map.of("decoders_disabled", disabled));
    }

    private static DecodeConfig config(Map<String, Object> values) {
        return (DecodeConfig) Proxy.newProxyInstance(
                DecodeConfig.class.getClassLoader(),
                new Class<?>[] {DecodeConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
