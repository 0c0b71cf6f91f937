// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.InterfaceRange;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.endpoint.Transport;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.PrefixFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointSettingsTest {
    private static final String FILE = "org.flowtally.endpoint-edge.cfg";
    private static final TlsFiles NO_TLS = new TlsFiles(FILE, Optional.empty(), Optional.empty(), Optional.empty());

    @Test
    void hasTheDefaultsThatTheShippedFileShows() throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(
                System.getProperty("root.folder"),
                "features/src/main/resources/etc",
                EndpointFile.PID + "-default.cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }

        Map<String, Object> defaults = new TreeMap<>();
        for (var attribute : EndpointConfig.class.getDeclaredMethods()) {
            Object value = attribute.getDefaultValue();
            String text = value instanceof String[] list ? String.join(", ", list) : String.valueOf(value);
            defaults.put(attribute.getName().replace('_', '.'), text);
        }

        assertThat(shipped).containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void takesExportersFromLoopbackAndPrivateAddressesByDefault() {
        EndpointSettings settings = TestConfig.of(FILE).settings();

        assertThat(settings)
                .isEqualTo(new EndpointSettings(
                        FILE,
                        new Endpoint(
                                "edge",
                                "0.0.0.0",
                                2055,
                                Set.of(1, 5, 7, 8, 9, 10),
                                prefixes("127.0.0.0/8 ::1/128 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"),
                                false,
                                List.of(),
                                "",
                                4_194_304,
                                SamplingMode.APPLY,
                                1,
                                ClockPolicy.DISCARD,
                                Counting.ALL,
                                Transport.UDP,
                                ExporterKey.ADDRESS,
                                0),
                        1_000,
                        new ConnectionSettings(256, 8, 3_600, NO_TLS),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void readsEveryKey() {
        EndpointSettings settings = TestConfig.of(FILE)
                .with("name", "north-1")
                .with("bind.address", "2001:DB8:0::1")
                .with("port", "9995")
                .with("versions", "5,  9 10")
                .with("allowed.subnets", "192.0.2.0/24, 2001:db8::/32,198.51.100.7")
                .with("whitelist.mode", "true")
                .with("whitelist.subnets", "203.0.113.0/24")
                .with("realm", "site-2")
                .with("receive.buffer.octets", "8388608")
                .with("read.pause.micros", "0")
                .with("sampling.mode", "FORCE")
                .with("sampling.rate", "512")
                .with("clock.policy", "Quarantine")
                .with("counting.rule", "interfaces-in-out")
                .with("counting.interfaces", "3, 100-4294967295")
                .with("metering.version", "8.11")
                .with("match.address", "post-nat")
                .with("exporter.key", "address-port")
                .with("exporter.datagrams.per.second", "2000")
                .with("connections.max", "16")
                .with("connections.per.address.max", "2")
                .with("connection.idle.seconds", "60")
                .with("tls.certificate.file", "collector.pem")
                .with("tls.key.file", "/run/key.pem")
                .with("tls.trust.file", "authorities.pem")
                .with("allowed.subnets.file", "allowed.txt")
                .with("whitelist.subnets.file", "lists/white.txt")
                .settings();

        assertThat(settings)
                .isEqualTo(new EndpointSettings(
                        FILE,
                        new Endpoint(
                                "north-1",
                                "2001:db8::1",
                                9995,
                                Set.of(5, 9, 10),
                                prefixes("192.0.2.0/24 2001:db8::/32 198.51.100.7/32"),
                                true,
                                prefixes("203.0.113.0/24"),
                                "site-2",
                                8_388_608,
                                SamplingMode.FORCE,
                                512,
                                ClockPolicy.QUARANTINE,
                                new Counting(
                                        CountingRule.INTERFACES_IN_OUT,
                                        List.of(new InterfaceRange(3, 3), new InterfaceRange(100, 4_294_967_295L)),
                                        8,
                                        11,
                                        MatchAddress.POST_NAT),
                                Transport.UDP,
                                ExporterKey.ADDRESS_AND_PORT,
                                2_000),
                        0,
                        new ConnectionSettings(
                                16,
                                2,
                                60,
                                new TlsFiles(
                                        FILE,
                                        Optional.of(beside("collector.pem")),
                                        Optional.of(Path.of("/run/key.pem")),
                                        Optional.of(beside("authorities.pem")))),
                        Optional.of(new PrefixFile("allowed.subnets.file", beside("allowed.txt"))),
                        Optional.of(new PrefixFile("whitelist.subnets.file", beside("lists/white.txt")))));
    }

    @Test
    void takesIpfixAloneOverConnections() {
        assertThat(TestConfig.of(FILE).with("transport", "tcp").settings().endpoint())
                .extracting(Endpoint::transport, Endpoint::versions)
                .containsExactly(Transport.TCP, Set.of(10));
    }

    @Test
    void takesNobodyByDefaultWhereAFileSaysWhoMaySend() {
        EndpointSettings settings =
                TestConfig.of(FILE).with("allowed.subnets.file", "allowed.txt").settings();

        assertThat(settings.endpoint().allowedSubnets()).isEmpty();
    }

    @Test
    void listensToNobodyIfTheListIsEmpty() {
        assertThat(TestConfig.of(FILE)
                        .with("allowed.subnets", "")
                        .settings()
                        .endpoint()
                        .allowedSubnets())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    name                  | a b               | 1..64 letters, digits, dots, hyphens and underscores
                    bind.address          | localhost         | an IPv4 address such as 192.0.2.1
                    bind.address          | 300.0.0.1         | 0..255
                    port                  | 70000             | allowed=1..65535
                    port                  | 0                 | allowed=1..65535
                    port                  | abc               | allowed=1..65535
                    versions              | 5, 65536          | value=65536, allowed=1..65535
                    versions              | 0                 | value=0, allowed=1..65535
                    versions              | v9                | value=v9
                    versions              | ,                 | at least one of
                    allowed.subnets       | 10.0.0.0/8, 10/8  | value=10/8
                    allowed.subnets       | 10.0.0.1/8        | probably 10.0.0.0/8 is meant
                    allowed.subnets       | 10.0.0.0/33       | 0..32
                    whitelist.mode        | on                | allowed=true or false
                    whitelist.mode        | true              | at least one prefix, here or in whitelist.subnets.file
                    whitelist.subnets     | ::1/129           | 0..128
                    realm                 | a/b               | 1..64 letters
                    receive.buffer.octets | 10                | allowed=65536..1073741824
                    read.pause.micros     | -1                | allowed=0..20000
                    sampling.mode         | scale             | allowed=apply, ignore or force
                    sampling.rate         | 0                 | allowed=1..16777215
                    transport             | sctp              | allowed=udp, tcp or tls
                    exporter.key          | port              | allowed=address or address-port
                    exporter.datagrams.per.second | -1        | allowed=0..10000000
                    connections.max       | 0                 | allowed=1..65536
                    connections.per.address.max | many        | allowed=1..65536
                    connection.idle.seconds | 0               | allowed=1..604800
                    clock.policy          | trust             | allowed=discard, correct, arrival or quarantine
                    counting.rule         | both              | allowed=all, none, ingress, egress, interfaces or
                    counting.rule         | interfaces        | at least one index while counting.rule=interfaces
                    counting.interfaces   | 7-3               | ranges such as 100-199
                    counting.interfaces   | 4294967296        | SNMP indexes 0..4294967295
                    counting.interfaces   | eth0              | SNMP indexes 0..4294967295
                    metering.version      | 6                 | any, 1, 5, 7, 8, 9, 10
                    metering.version      | 8.15              | 8.1 to 8.14
                    match.address         | nat               | allowed=original, post-nat or either
                    """)
    void refusesAWrongValueByFileKeyAndWhatIsAllowed(String key, String value, String allowed) {
        TestConfig config = TestConfig.of(FILE).with(key, value);

        assertThatThrownBy(() -> config.settings().with(Attachments.NONE))
                .hasMessageStartingWith("configuration refused: component=" + FILE + ", key=")
                .hasMessageContaining(allowed);
    }

    @Test
    void refusesConnectionsWithoutIpfix() {
        assertThatThrownBy(TestConfig.of(FILE).with("transport", "tls").with("versions", "9")::settings)
                .hasMessageContaining("key=versions, value=[9], allowed=10 among them");
    }

    @Test
    void isNamedByThePidIfThereIsNoFile() {
        EndpointSettings settings =
                TestConfig.of(FILE).without("felix.fileinstall.filename").settings();

        assertThat(settings.file()).isEqualTo("org.flowtally.endpoint~edge");
        assertThat(settings.endpoint().name()).isEqualTo("edge");
    }

    @Test
    void namesKeysThatNobodyReads() {
        Map<String, Object> properties = TestConfig.of(FILE)
                .with("prot", "2055")
                .with("allowed.subnet", "10.0.0.0/8")
                .with("port", "2055")
                .with("org.apache.karaf.features.configKey", "x")
                .with("component.name", "x")
                .with("osgi.ds.satisfying.condition.target", "x")
                .properties();

        assertThat(EndpointFile.unknownKeys(properties)).containsExactly("allowed.subnet", "prot");
    }

    @Test
    void keepsTheSocketUnlessAddressPortOrBufferChange() {
        EndpointSettings before = TestConfig.of(FILE).settings();

        assertThat(before.hasSameSocket(TestConfig.of(FILE)
                        .with("allowed.subnets", "10.0.0.0/8")
                        .with("versions", "5")
                        .with("realm", "x")
                        .with("read.pause.micros", "5")
                        .settings()))
                .isTrue();
        assertThat(before.hasSameSocket(TestConfig.of(FILE).with("port", "2056").settings()))
                .isFalse();
        assertThat(before.hasSameSocket(
                        TestConfig.of(FILE).with("transport", "tcp").settings()))
                .isFalse();
        assertThat(before.hasSameSocket(
                        TestConfig.of(FILE).with("bind.address", "::").settings()))
                .isFalse();
        assertThat(before.hasSameSocket(TestConfig.of(FILE)
                        .with("receive.buffer.octets", "100000")
                        .settings()))
                .isFalse();
    }

    private static Path beside(String name) {
        return Path.of("target", "test-etc").toAbsolutePath().resolve(name);
    }

    private static List<Prefix> prefixes(String texts) {
        return Stream.of(texts.split(" ", -1)).map(Prefix::parse).collect(Collectors.toList());
    }
}
