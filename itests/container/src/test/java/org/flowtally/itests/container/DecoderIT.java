// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flowtally.itests.container.ExpectedUsage.Assignment;
import org.flowtally.itests.sender.ExportVersion;
import org.flowtally.itests.sender.Load;
import org.flowtally.itests.sender.Population;
import org.flowtally.itests.sender.UdpSender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Decoders that are updated, switched off, uninstalled and added while NetFlow v9 and IPFIX arrive. The routers send their
 * templates once, before the first flow, and never again, whatever happens to the collector.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DecoderIT {
    private static final int UPDATES = 10;
    private static final int ROUTERS = 3;
    private static final int DOMAINS = 2;
    private static final int RECORDS = 20;
    private static final int DATAGRAMS_PER_SECOND = 500;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String DECODE_V9 = "org.flowtally.decode-v9";

    private final Population population = new Population(200);
    private Collector collector;
    private Load v9;
    private Load ipfix;
    private String inode = "";

    @BeforeAll
    void boot() {
        collector = new Collector();
        collector.karaf().cfg("org.flowtally.endpoint-default.cfg").set("versions", "9, 10, 99");
        start();
        new ExpectedLoad(population).assign(collector);
        v9 = load(ExportVersion.V9, 1);
        ipfix = load(ExportVersion.IPFIX, 11);
    }

    @AfterAll
    void end() {
        v9.close();
        ipfix.close();
        collector.close();
    }

    @Test
    @Order(1)
    void updatesADecoderTenTimesUnderLoad() {
        underLoad(true, () -> {
            for (int update = 0; update < UPDATES; update++) {
                collector.karaf().shell("bundle:update " + DECODE_V9);
            }
        });

        awaitEveryRow();
        assertThat(state(9)).isEqualTo("ACTIVE");
        assertThat(Collector.socketInode(collector.port())).contains(inode);
    }

    @Test
    @Order(2)
    void waitsForADecoderThatIsReplacedInTheSameMomentAsTheSwitch() {
        underLoad(true, () -> {
            collector.karaf().shell("bundle:stop " + DECODE_V9);
            collector.karaf().shell("bundle:update org.flowtally.decode");
            collector.karaf().shell("bundle:start " + DECODE_V9);
        });

        awaitEveryRow();
        assertThat(datagrams("UNSUPPORTED")).isZero();
        assertThat(decoder(9).path("rows").asLong() + decoder(10).path("rows").asLong())
                .as("counted on by both decoders")
                .isEqualTo(collector.json("verdicts").path("rowsDecoded").asLong());
    }

    @Test
    @Order(3)
    void takesADecoderOutAndBackAsAFeature() {
        underLoad(false, () -> {
            collector.karaf().shell("feature:uninstall flowtally-decode-v9");
            Collector.await("no decoder", () -> state(9).equals("ABSENT"));
            long strays = sendStrays(50);
            Collector.await("UNSUPPORTED", () -> datagrams("UNSUPPORTED") == strays);
            collector.karaf().shell("feature:install flowtally-decode-v9");
            Collector.await("decoder", () -> state(9).equals("ACTIVE"));
        });
        v9.send(100);

        awaitEveryRow();
        assertThat(Collector.socketInode(collector.port())).contains(inode);
    }

    @Test
    @Order(4)
    void countsWhatADecoderThatIsSwitchedOffWouldHaveTaken() {
        underLoad(false, () -> {
            assertThat(collector.karaf().shell("flowtally:decoder-disable v9")).contains("DISABLED");
            long strays = sendStrays(60);
            Collector.await("DECODER_DISABLED", () -> datagrams("DECODER_DISABLED") == strays);
        });

        awaitEveryRow();
        Collector.await(
                "cfg file written",
                () -> collector.karaf().cfg("org.flowtally.decode.cfg").lines().contains("decoders.disabled = 9"));
    }

    @Test
    @Order(5)
    void startsAgainWithWhatItKnew() {
        collector.karaf().stop();
        start();
        assertThat(state(9)).isEqualTo("DISABLED");

        assertThat(collector.karaf().shell("flowtally:decoder-enable v9")).doesNotContain("DISABLED");
        underLoad(true, () -> collector.karaf().shell("bundle:update " + DECODE_V9));

        awaitEveryRow();
        assertThat(collector.json("templates").path("counters").path("RESTORED").asLong())
                .as("one template and its options of each exporter of both versions, and those of strays or not")
                .isGreaterThanOrEqualTo(2L * 2 * ROUTERS * DOMAINS);
    }

    @Test
    @Order(6)
    void takesADecoderOfAThirdParty() {
        collector.database().execute(new Assignment("10.99.0.7/32", "third", "line", 0, Long.MAX_VALUE).insert());
        collector.reloadSubscribers();
        long now = Clock.systemUTC().millis();
        ByteBuffer datagram = ByteBuffer.allocate(16 + 40);
        datagram.putShort((short) 99).putShort((short) 1).putInt((int) (now / 1000));
        datagram.putInt(0).putInt(7);
        datagram.putInt(0xC000_0201).putInt(0x0A63_0007).putLong(1_500_000).putInt(1000);
        datagram.putShort((short) 443).putShort((short) 40_000).put((byte) 6).put(new byte[3]);
        datagram.putInt(0).putLong(now);

        collector.karaf().shell("bundle:install -s file:" + System.getProperty("example.decoder"));
        Collector.await("decoder", () -> state(99).equals("ACTIVE"));
        try (UdpSender sender = new UdpSender("127.0.99.1", "127.0.0.1", collector.port())) {
            sender.send(datagram.array());
        }

        Collector.await(
                "usage",
                () -> collector.database().rows("SELECT account_id, bytes_in FROM usage_hourly").stream()
                        .anyMatch("third|1500000"::equals));
        assertThat(decoder(99).path("bundle").asText()).startsWith("com.example.decode-v99 1.0.0");
        assertThat(decoder(99).path("rows").asLong()).isEqualTo(1);
    }

    @Test
    @Order(7)
    void tellsOfEachExporterWhatItToldAndWhatItShouldChange() {
        int seconds = (int) (Clock.systemUTC().millis() / 1000);
        ByteBuffer datagram = ByteBuffer.allocate(200);
        datagram.putShort((short) 9)
                .putShort((short) 4)
                .putInt(3_600_000)
                .putInt(seconds)
                .putInt(1)
                .putInt(42);
        datagram.putShort((short) 0).putShort((short) 16).putShort((short) 256).putShort((short) 2);
        datagram.putShort((short) 8).putShort((short) 4).putShort((short) 1).putShort((short) 4);
        datagram.putShort((short) 1).putShort((short) 18).putShort((short) 257).putShort((short) 4);
        datagram.putShort((short) 4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putShort((short) 82)
                .putShort((short) 8);
        datagram.putShort((short) 256).putShort((short) 12).putInt(0x0A63_0007).putInt(1500);
        datagram.putShort((short) 257)
                .putShort((short) 16)
                .putInt(12)
                .put("Gi0/0/1".getBytes(UTF_8))
                .put((byte) 0);

        try (UdpSender sender = new UdpSender("127.0.98.1", "127.0.0.1", collector.port())) {
            sender.send(Arrays.copyOf(datagram.array(), datagram.position()));
        }

        Collector.await(
                "advice",
                () -> of("exporters --advise", "127.0.98.1").stream()
                        .anyMatch(advice -> advice.path("topic").asText().equals("MISSING_FIELDS")
                                && advice.path("template").asInt() == 256
                                && advice.path("finding").asText().contains("destination-address")));
        assertThat(of("exporters --interfaces", "127.0.98.1"))
                .singleElement()
                .satisfies(told -> assertThat(told.path("interface").asInt()).isEqualTo(12))
                .satisfies(told -> assertThat(told.path("name").asText()).isEqualTo("Gi0/0/1"));
        assertThat(collector.karaf().shell("flowtally:exporters --advise"))
                .contains("127.0.98.1 (endpoint default, version 9, domain 42)")
                .contains("template 256 lacks destination-address");
        assertThat(collector.karaf().shell("flowtally:templates --exporter 127.0.98.1 --fields"))
                .contains("sourceIPv4Address(8):4, octetDeltaCount(1):4")
                .contains("scope(2):4, interfaceName(82):8");
    }

    private List<JsonNode> of(String command, String exporter) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : collector.json(command)) {
            if (each.path("exporter").asText().equals(exporter)) {
                found.add(each);
            }
        }
        return found;
    }

    private void start() {
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        inode = Collector.socketInode(collector.port()).orElseThrow();
    }

    private Load load(ExportVersion version, int firstDomain) {
        Load.Shape shape = new Load.Shape(ROUTERS, RECORDS, population, 7 + firstDomain, firstDomain)
                .as(version)
                .domains(DOMAINS)
                .templatesEvery(Load.Shape.TEMPLATES_ONCE);
        return new Load(shape, collector.port(), Clock.systemUTC());
    }

    /** Sends until the work is done, and a moment longer. */
    private void underLoad(boolean withV9, Runnable work) {
        AtomicBoolean isDone = new AtomicBoolean();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> send(ipfix, isDone));
        CompletableFuture<Void> second =
                withV9 ? CompletableFuture.runAsync(() -> send(v9, isDone)) : CompletableFuture.completedFuture(null);
        try {
            work.run();
        } finally {
            isDone.set(true);
            CompletableFuture.allOf(first, second).join();
        }
    }

    private static void send(Load load, AtomicBoolean isDone) {
        while (!isDone.get()) {
            load.send(DATAGRAMS_PER_SECOND, 4, SLICE_NANOS);
        }
        load.send(DATAGRAMS_PER_SECOND, 4, SLICE_NANOS);
    }

    /** Sends datagrams of v9 that nobody decodes; returns their number. */
    private long sendStrays(int count) {
        try (Load strays = load(ExportVersion.V9, 21)) {
            strays.send(count);
            return strays.datagrams();
        }
    }

    /** Every record sent is in the tables, in the account of its subscriber; none waited and none was missed. */
    private void awaitEveryRow() {
        ExpectedLoad expected = new ExpectedLoad(population);
        expected.add(v9);
        expected.add(ipfix);
        expected.compare(collector);

        assertThat(datagrams("WAITING_FOR_TEMPLATE")).isZero();
        assertThat(collector.json("templates").path("counters").path("HELD").asLong())
                .isZero();
        for (JsonNode exporter : collector.json("exporters")) {
            assertThat(exporter.path("lost").asLong()).as(exporter.toString()).isZero();
        }
    }

    private long datagrams(String result) {
        return collector.json("verdicts").path("datagrams").path(result).asLong();
    }

    private String state(int version) {
        return decoder(version).path("state").asText();
    }

    private JsonNode decoder(int version) {
        for (JsonNode decoder : collector.json("decoders")) {
            if (decoder.path("version").asInt() == version) {
                return decoder;
            }
        }
        throw new AssertionError("no such decoder: version=" + version);
    }
}
