// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.flowtally.itests.container.ExpectedUsage.Assignment;
import org.flowtally.itests.contract.capture.Capture;
import org.flowtally.itests.contract.capture.CapturedDatagram;
import org.flowtally.itests.instance.CfgFile;
import org.flowtally.itests.instance.KarafInstance;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.UdpSender;
import org.flowtally.itests.sender.V5Datagram;
import org.flowtally.itests.sender.V5Router;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Endpoints that come, change and go with their files, what arrives broken, and what the shell says of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndpointIT {
    private static final int EXPORT_SECONDS = 8;

    private final long now = Clock.systemUTC().millis();
    private final V5Router router = new V5Router("127.0.20.1", 0, 0, now - 10_000_000);
    private final int secondPort = KarafInstance.freeUdpPort();
    private Collector collector;
    private CfgFile second;
    private String defaultInode = "";

    @BeforeAll
    void boot() {
        collector = new Collector();
        second = collector.karaf().cfg("org.flowtally.endpoint-second.cfg");
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        collector.database().execute(new Assignment("10.1.0.0/24", "alpha", "line-1", 0, Long.MAX_VALUE).insert());
        collector.reloadSubscribers();
        defaultInode = Collector.socketInode(collector.port()).orElseThrow();
    }

    @AfterAll
    void end() {
        collector.close();
    }

    @Test
    @Order(1)
    void countsWhatArrivesBrokenAndGoesOn() {
        V5Datagram good = router.export(now, flows(3));
        byte[] octets = good.toOctets();
        try (UdpSender sender = new UdpSender(router.address(), "127.0.0.1", collector.port())) {
            // Cut within the header, within a record, and to nothing.
            sender.send(good.toOctets(10));
            sender.send(good.toOctets(octets.length - 1));
            sender.send(new byte[0]);
            sender.send(new byte[] {5});
            // More announced than there is, less announced than there is, nothing announced, too much announced.
            sender.send(router.export(now, flows(2)).count(3).toOctets());
            sender.send(router.export(now, flows(2)).count(1).toOctets());
            sender.send(router.export(now, flows(1)).count(0).toOctets());
            sender.send(router.export(now, flows(2)).count(31).toOctets());
            sender.send(router.export(now, flows(2)).version(77).toOctets());
            // Large, and larger than what is taken.
            sender.send(good.toOctets(9_000));
            sender.send(good.toOctets(9_217));
            sender.send(good.toOctets(20_000));
        }
        sendGood(router, collector.port(), 4);
        collector.awaitRows(4);

        Map<String, Long> results = results();
        assertThat(results)
                .containsEntry("DECODED", 1L)
                .containsEntry("TRUNCATED", 6L)
                .containsEntry("LENGTH_MISMATCH", 3L)
                .containsEntry("UNSUPPORTED", 1L);
        assertThat(endpoint("default").path("oversized").asLong()).isEqualTo(2);
        assertThat(endpoint("default").path("handlerErrors").asLong()).isZero();
        assertThat(Collector.socketInode(collector.port())).contains(defaultInode);
    }

    @Test
    @Order(2)
    void opensASocketForANewFile() {
        second.write(List.of(
                "bind.address = 127.0.0.1", "port = " + secondPort, "allowed.subnets = 127.0.0.0/8", "realm = "));
        Collector.await("second socket", () -> Collector.socketInode(secondPort).isPresent());

        sendGood(router, secondPort, 5);

        collector.awaitRows(9);
        assertThat(collector.database().number("SELECT SUM(`rows`) FROM exporter_hourly WHERE endpoint = 'second'"))
                .isEqualTo(5);
    }

    @Test
    @Order(3)
    void changesPolicyWithoutTouchingTheSocket() {
        String inode = Collector.socketInode(secondPort).orElseThrow();
        second.set("allowed.subnets", "127.0.20.2/32");
        Collector.await("policy taken", () -> endpoint("second").toString().contains("127.0.20.2/32"));

        sendGood(router, secondPort, 6);
        sendGood(new V5Router("127.0.20.2", 0, 0, now - 10_000_000), secondPort, 7);

        collector.awaitRows(16);
        assertThat(Collector.socketInode(secondPort)).contains(inode);
        assertThat(collector.karaf().shell("flowtally:refused")).contains("127.0.20.1");
        JsonNode refused = collector.json("refused");
        assertThat(refused.path("datagramsRefused").asLong()).isEqualTo(1);
        assertThat(refused.path("senders").path(0).path("sender").asText()).isEqualTo("127.0.20.1");
    }

    @Test
    @Order(4)
    void keepsTheLastGoodConfigurationWhenAFileIsWrong() {
        String inode = Collector.socketInode(secondPort).orElseThrow();
        second.set("port", 70000);
        Collector.await(
                "refusal of the port", () -> mentions("org.flowtally.endpoint-second.cfg", "port", "70000", "65535"));
        second.set("port", secondPort).set("allowed.subnets", "127.0.20.300/32");
        Collector.await(
                "refusal of the prefix",
                () -> mentions("org.flowtally.endpoint-second.cfg", "allowed.subnets", "127.0.20.300/32"));

        sendGood(new V5Router("127.0.20.2", 0, 1, now - 10_000_000), secondPort, 8);

        collector.awaitRows(24);
        assertThat(Collector.socketInode(secondPort)).contains(inode);
    }

    @Test
    @Order(5)
    void movesToAnotherPort() {
        int moved = KarafInstance.freeUdpPort();
        second.set("allowed.subnets", "127.0.20.0/24").set("port", moved);
        Collector.await("moved socket", () -> Collector.socketInode(moved).isPresent());

        sendGood(new V5Router("127.0.20.2", 0, 2, now - 10_000_000), moved, 9);

        collector.awaitRows(33);
        assertThat(Collector.socketInode(secondPort)).isEmpty();
        second.delete();
        Collector.await("socket closed", () -> Collector.socketInode(moved).isEmpty());
        assertThat(Collector.socketInode(collector.port())).contains(defaultInode);
    }

    @Test
    @Order(6)
    void countsWhatARealExporterSentAsNfdumpDoes() {
        collector
                .database()
                .execute(
                        new Assignment("100.64.0.0/22", "home", "", 0, Long.MAX_VALUE).insert(),
                        new Assignment("203.0.113.0/24", "world", "", 0, Long.MAX_VALUE).insert());
        collector.reloadSubscribers();
        long rows = collector.rowsApplied();
        long octets = 0;
        long packets = 0;
        int exporter = 1;
        for (Capture capture : Capture.values()) {
            replay(capture, "127.0.30." + exporter++);
            Capture.Totals totals = capture.seenByNfdump();
            rows += totals.flows();
            octets += totals.octets();
            packets += totals.packets();
        }

        collector.awaitRows(rows);
        assertThat(collector
                        .database()
                        .rows("SELECT SUM(octets_counted), SUM(octets), SUM(lost) FROM exporter_hourly"
                                + " WHERE exporter LIKE '127.0.30.%'"))
                .containsExactly(octets + "|" + octets + "|0");
        assertThat(collector
                        .database()
                        .rows("SELECT SUM(bytes_in), SUM(bytes_out), SUM(packets_in), SUM(packets_out)"
                                + " FROM usage_hourly WHERE account_id IN ('home', 'world')"))
                .containsExactly(octets + "|" + octets + "|" + packets + "|" + packets);
        assertThat(collector
                        .database()
                        .number("SELECT COUNT(DISTINCT bucket_start) FROM usage_hourly" + " WHERE account_id = 'home'"))
                .as("the capture crosses an hour")
                .isEqualTo(2);
    }

    @Test
    @Order(7)
    void answersEveryCommandInTablesAndInJson() {
        for (String command : List.of("status", "endpoints", "exporters", "decoders", "refused", "usage", "verdicts")) {
            assertThat(collector.json(command).isContainerNode()).as(command).isTrue();
            assertThat(collector.karaf().shell("flowtally:" + command))
                    .as(command)
                    .isNotBlank()
                    .doesNotContain("Exception")
                    .doesNotContain("Error executing");
        }
        assertThat(collector.json("usage").toString()).contains("alpha");
        assertThat(collector.karaf().shell("flowtally:subscribers-reload")).doesNotContain("Error");

        JsonNode verdicts = collector.json("verdicts");
        assertThat(verdicts.path("rowsDecoded").asLong()).isEqualTo(collector.rowsApplied());
        assertThat(Collector.sum(verdicts.path("rows"))).isEqualTo(collector.rowsApplied());
    }

    private boolean mentions(String... words) {
        String said = collector.karaf().shell("flowtally:endpoints")
                + collector.karaf().log();
        return said.lines().anyMatch(line -> List.of(words).stream().allMatch(line::contains));
    }

    private JsonNode endpoint(String name) {
        for (JsonNode status : collector.json("endpoints").path("endpoints")) {
            if (status.path("endpoint").path("name").asText().equals(name)) {
                return status;
            }
        }
        throw new AssertionError("no endpoint " + name);
    }

    private Map<String, Long> results() {
        return Collector.numbers(collector.json("verdicts").path("datagrams"));
    }

    /** Sends a capture as if its routers lived today: the export times move by whole hours, all else is as it was. */
    private void replay(Capture capture, String address) {
        List<CapturedDatagram> datagrams = capture.datagrams();
        byte[] last = datagrams.get(datagrams.size() - 1).payload();
        long lastSeconds = Integer.toUnsignedLong(ByteBuffer.wrap(last).getInt(EXPORT_SECONDS));
        long hours = (now / 1000 - lastSeconds) / 3600;
        try (UdpSender sender = new UdpSender(address, "127.0.0.1", collector.port())) {
            for (CapturedDatagram datagram : datagrams) {
                byte[] payload = datagram.payload().clone();
                ByteBuffer header = ByteBuffer.wrap(payload);
                header.putInt(EXPORT_SECONDS, (int) (header.getInt(EXPORT_SECONDS) + hours * 3600));
                sender.send(payload);
            }
        }
    }

    private void sendGood(V5Router from, int port, int count) {
        try (UdpSender sender = new UdpSender(from.address(), "127.0.0.1", port)) {
            sender.send(from.export(now, flows(count)).toOctets());
        }
    }

    private List<Flow> flows(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(number ->
                        new Flow("203.0.113.1", "10.1.0." + number, 10, 1_000 + number, now - 60_000, now - 30_000))
                .toList();
    }
}
