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
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.lookup.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            Object value = attribute.getDefaultValue();
            String text = value instanceof String[] list ? String.join(", ", list) : String.valueOf(value);
            defaults.put(attribute.getName().replace('_', '.'), text);
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void refusesTimesOutOfBounds() {
        assertRefused("future.tolerance.seconds", "-1", "0..86400");
        assertRefused("age.max.hours", "0", "1..876000");
        assertRefused("duration.max.hours", "577", "1..576");
        assertRefused("skew.tolerance.seconds", "0", "1..3600");
        assertRefused("quarantine.max.rows", "-1", "0..10000000");
        ClockGuardSettings shipped = ClockGuardSettings.of(config(Map.of()), Map.of());
        assertThat(shipped.futureToleranceMillis()).isEqualTo(30_000);
        assertThat(shipped.ageMaxMillis()).isEqualTo(86_400_000);
        assertThat(shipped.durationMaxMillis()).isEqualTo(691_200_000);
        assertThat(shipped.policies()).isEqualTo(ExporterPolicies.NONE);
        assertThat(shipped.ntp().servers()).isEmpty();
    }

    @Test
    void refusesWordsThatItDoesNotKnow() {
        assertWordRefused("age.action", "age_action", "drop", "discard, arrival or count");
        assertWordRefused("duration.action", "duration_action", "drop", "end, cut or discard");
        assertWordRefused("reversed.action", "reversed_action", "drop", "end, swap or discard");
        assertWordRefused("missing.action", "missing_action", "drop", "arrival or discard");
    }

    @Test
    void readsPoliciesOfExportersTheLongestPrefixFirst() {
        ExporterPolicies policies = settings(
                        "exporter_policies", "10.0.0.0/8=correct, 10.1.0.1=Arrival,2001:db8::/32=discard")
                .policies();

        assertThat(policies.policy(exporter("10.9.9.9"))).contains(ClockPolicy.CORRECT);
        assertThat(policies.policy(exporter("10.1.0.1"))).contains(ClockPolicy.ARRIVAL);
        assertThat(policies.policy(exporter("2001:db8::5"))).contains(ClockPolicy.DISCARD);
        assertThat(policies.policy(exporter("192.0.2.1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "10.0.0.1=",
                "10.0.0.1=trust",
                "10.0.0.300=correct",
                "10.0.0.1/8=correct",
                "10.0.0.1=correct, 10.0.0.1=arrival"
            })
    void refusesPoliciesThatSayNothing(String text) {
        assertThatThrownBy(() -> settings("exporter_policies", text))
                .hasMessageContaining("component=org.flowtally.clockguard, key=exporter.policies, value=" + text);
    }

    @Test
    void readsTimeServers() {
        assertThat(settings("ntp_servers", "ntp.example.net, 192.0.2.1:1123 [2001:db8::1]:123 2001:db8::2")
                        .ntp()
                        .servers())
                .extracting(server -> server.getHostString() + " " + server.getPort())
                .containsExactly("ntp.example.net 123", "192.0.2.1 1123", "2001:db8::1 123", "2001:db8::2 123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b:0", "host:70000", "host:", ":123", "[2001:db8::1", "-host", "a/b"})
    void refusesTimeServersThatAreNone(String text) {
        assertThatThrownBy(() -> settings("ntp_servers", text)).hasMessageContaining("key=ntp.servers");
    }

    private static ClockGuardSettings settings(String attribute, String text) {
        return ClockGuardSettings.of(
                config(Map.of(attribute, new String[] {text})), Map.of(attribute.replace('_', '.'), text));
    }

    private static Exporter exporter(String text) {
        Address address = Address.parse(text);
        return new Exporter("site", "", address.high(), address.low(), 5, 0);
    }

    private static void assertWordRefused(String key, String attribute, String value, String allowed) {
        assertThatThrownBy(() -> ClockGuardSettings.of(config(Map.of(attribute, value)), Map.of(key, value)))
                .hasMessageContaining(
                        "component=org.flowtally.clockguard, key=%s, value=%s, allowed=%s", key, value, allowed);
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
