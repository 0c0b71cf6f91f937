// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.flowtally.itests.container.ExpectedUsage.Assignment;
import org.flowtally.itests.contract.capture.Capture;
import org.flowtally.itests.contract.capture.CapturedDatagram;
import org.flowtally.itests.instance.CfgFile;
import org.flowtally.itests.instance.KarafInstance;
import org.flowtally.itests.sender.ExportVersion;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.SelfSigned;
import org.flowtally.itests.sender.TemplatedRouter;
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
        // All of the same hours; others were sent by a clock of another day, or count more than IP packets.
        for (Capture capture : List.of(Capture.SOFTFLOWD_V1, Capture.SOFTFLOWD_V5, Capture.SOFTFLOWD_V5_SAMPLED)) {
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

    @Test
    @Order(8)
    void takesIpfixOverTcpFromAnEndpointMadeAtTheShell() throws IOException {
        long rows = collector.rowsApplied();
        int port = freeTcpPort();
        assertThat(collector
                        .karaf()
                        .shell("flowtally:endpoint-create flows " + port
                                + " transport=tcp bind.address=127.0.0.1 allowed.subnets=127.0.40.0/24"))
                .contains("org.flowtally.endpoint-flows.cfg")
                .contains("allowed.subnets = 127.0.40.0/24")
                .contains("in force");
        // Karaf writes a file back right after it has taken it: it is empty for a moment.
        Collector.await(
                "file",
                () -> collector
                        .karaf()
                        .cfg("org.flowtally.endpoint-flows.cfg")
                        .lines()
                        .containsAll(List.of("port = " + port, "transport = tcp")));

        TemplatedRouter exporter = new TemplatedRouter(ExportVersion.IPFIX, "127.0.40.1", 7, now - 10_000_000);
        try (Socket connection = connection(exporter.address(), port)) {
            sendInPieces(connection, exporter.templates(now), 1);
            sendInPieces(connection, joined(exporter.export(now, flows(5)), exporter.export(now, flows(6))), 7);
            collector.awaitRows(rows + 11);

            // A change of policy leaves the connection as it is: refused while it is not allowed, taken again
            // afterwards.
            assertThat(collector.karaf().shell("flowtally:endpoint-deny flows 127.0.40.0/24"))
                    .contains("in force");
            sendInPieces(connection, exporter.export(now, flows(3)), 100);
            Collector.await(
                    "refused",
                    () -> collector.karaf().shell("flowtally:refused").contains("127.0.40.1"));
            assertThat(collector.karaf().shell("flowtally:endpoint-allow flows 127.0.40.1"))
                    .contains("in force");
            sendInPieces(connection, exporter.export(now, flows(4)), 100);
            collector.awaitRows(rows + 15);
        }

        JsonNode connections = endpoint("flows").path("connections");
        assertThat(connections.path("accepted").asLong()).isEqualTo(1);
        assertThat(connections.path("malformed").asLong()).isZero();
        assertThat(collector.database().number("SELECT SUM(`rows`) FROM exporter_hourly WHERE endpoint = 'flows'"))
                .isEqualTo(15);
        try (Socket stranger = connection("127.0.41.1", port)) {
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        }
        Collector.await(
                "stranger", () -> collector.karaf().shell("flowtally:refused").contains("127.0.41.1"));
        Collector.await(
                "event of the stranger",
                () -> collector
                                .database()
                                .number("SELECT COUNT(*) FROM netflow_event WHERE kind = 'refused'"
                                        + " AND subject = 'exporter=127.0.41.1, endpoint=flows'"
                                        + " AND message LIKE '%flowtally:endpoint-allow flows 127.0.41.1'")
                        == 1);
        assertThat(collector.karaf().shell("flowtally:endpoint-remove flows")).contains("in force");
        assertThat(collector.karaf().cfg("org.flowtally.endpoint-flows.cfg").path())
                .doesNotExist();
    }

    @Test
    @Order(9)
    void takesIpfixUnderTlsAndAsksTheExporterWhoItIs() throws Exception {
        long rows = collector.rowsApplied();
        int port = freeTcpPort();
        Path folder = Files.createTempDirectory(Path.of("target"), "tls-");
        SelfSigned own = SelfSigned.make(folder, "collector");
        SelfSigned router = SelfSigned.make(folder, "router");
        assertThat(collector
                        .karaf()
                        .shell("flowtally:endpoint-create secure %d transport=tls allowed.subnets=127.0.42.0/24"
                                        .formatted(port)
                                + " bind.address=127.0.0.1 tls.certificate.file=%s tls.key.file=%s"
                                        .formatted(
                                                own.certificate().toAbsolutePath(),
                                                own.key().toAbsolutePath())
                                + " tls.trust.file="
                                + router.certificate().toAbsolutePath()))
                .contains("in force");

        TemplatedRouter exporter = new TemplatedRouter(ExportVersion.IPFIX, "127.0.42.1", 7, now - 10_000_000);
        try (Socket plain = connection(exporter.address(), port);
                Socket secured = router.connect(own, plain)) {
            sendInPieces(secured, exporter.templates(now), 50);
            sendInPieces(secured, exporter.export(now, flows(9)), 33);
            collector.awaitRows(rows + 9);
        }
        try (Socket plain = connection(exporter.address(), port)) {
            plain.getOutputStream().write(exporter.export(now, flows(2)));
            assertThat(isClosed(plain)).isTrue();
        }

        assertThat(endpoint("secure").path("connections").path("notSecured").asLong())
                .isEqualTo(1);
        assertThat(collector.karaf().shell("config:list \"(service.pid=org.flowtally.endpoint*)\""))
                .contains("collector-key.pem")
                .doesNotContain("PRIVATE KEY");
        assertThat(collector.karaf().log()).doesNotContain("PRIVATE KEY");
        assertThat(collector.karaf().shell("flowtally:endpoint-remove secure")).contains("in force");
    }

    @Test
    @Order(10)
    void takesAListOfAHundredThousandPrefixesFromAFile() throws IOException {
        Path etc = collector.karaf().cfg("routers.txt").path();
        StringBuilder list = new StringBuilder("# Generated.\n127.0.0.0/8\n");
        for (int number = 0; number < 100_000; number++) {
            list.append("10.%d.%d.%d/32%n".formatted(number >> 16, number >> 8 & 0xFF, number & 0xFF));
        }
        Files.writeString(etc, list);
        int port = KarafInstance.freeUdpPort();
        assertThat(collector
                        .karaf()
                        .shell("flowtally:endpoint-create listed " + port
                                + " bind.address=127.0.0.1 allowed.subnets.file=routers.txt"))
                .contains("in force");
        String inode = Collector.socketInode(port).orElseThrow();
        JsonNode listed = endpoint("listed").path("endpoint");
        assertThat(listed.path("allowedSubnetsCount").asInt()).isEqualTo(100_001);
        assertThat(listed.has("allowedSubnets")).as("told only when asked for").isFalse();
        long rows = collector.rowsApplied();
        sendGood(router, port, 3);
        collector.awaitRows(rows + 3);

        Files.writeString(etc, "127.0.20.2/32\n10.0.0.0/33\n");
        Collector.await("refusal of the list", () -> mentions("routers.txt:2", "10.0.0.0/33"));
        sendGood(new V5Router(router.address(), 0, 9, now - 10_000_000), port, 4);
        collector.awaitRows(rows + 7);

        Files.writeString(etc, "127.0.20.2/32\n");
        Collector.await(
                "next list",
                () -> endpoint("listed").path("endpoint").path("allowedSubnets").size() == 1);
        sendGood(new V5Router("127.0.20.2", 0, 9, now - 10_000_000), port, 5);
        collector.awaitRows(rows + 12);
        assertThat(Collector.socketInode(port)).contains(inode);
        assertThat(collector.karaf().shell("flowtally:endpoint-remove listed")).contains("in force");
    }

    @Test
    @Order(10)
    void takesThoseAloneThatAFileNamesWhereTheCfgFileHasNoList() throws IOException {
        Files.writeString(collector.karaf().cfg("sites.txt").path(), "127.0.20.2/32\n");
        int port = KarafInstance.freeUdpPort();
        collector
                .karaf()
                .cfg("org.flowtally.endpoint-sites.cfg")
                .write(List.of("bind.address = 127.0.0.1", "port = " + port, "allowed.subnets.file = sites.txt"));
        Collector.await("socket of sites", () -> Collector.socketInode(port).isPresent());

        assertThat(endpoint("sites").path("endpoint").path("allowedSubnets"))
                .hasSize(1)
                .hasToString("[\"127.0.20.2/32\"]");
        assertThat(collector.karaf().shell("flowtally:endpoint-allow sites 127.0.20.3"))
                .contains("in force");
        assertThat(endpoint("sites").path("endpoint").path("allowedSubnets")).hasSize(2);
        assertThat(collector.karaf().shell("flowtally:endpoint-remove sites")).contains("in force");
    }

    @Test
    @Order(11)
    void letsViewersReadAndOnlyManagersChange() {
        List<String> viewer = List.of("ssh", "viewer");
        List<String> manager = List.of("ssh", "manager");
        int port = KarafInstance.freeUdpPort();
        String create = "flowtally:endpoint-create guarded " + port + " bind.address=127.0.0.1";
        List<String> changes = List.of(
                create,
                "endpoint-create guarded " + port,
                "flowtally:endpoint-set default port 1",
                "flowtally:endpoint-allow default 0.0.0.0/0",
                "flowtally:endpoint-deny default 127.0.0.0/8",
                "flowtally:endpoint-whitelist-add default 10.0.0.0/8",
                "flowtally:endpoint-whitelist-remove default 10.0.0.0/8",
                "flowtally:endpoint-remove default",
                "flowtally:decoder-disable v5",
                "flowtally:decoder-enable v5",
                "flowtally:subscribers-reload");
        List<String> before =
                collector.karaf().cfg("org.flowtally.endpoint-default.cfg").lines();

        for (String reading : List.of(
                "status",
                "endpoints",
                "exporters",
                "templates",
                "clocks",
                "decoders",
                "verdicts",
                "usage",
                "policy",
                "refused")) {
            assertThat(collector.karaf().shellAs(viewer, "flowtally:" + reading + " --json"))
                    .as(reading)
                    .matches("(?s)[\\[{].*");
            assertThat(collector.karaf().shellAs(List.of("ssh"), "flowtally:" + reading + " --json"))
                    .as(reading)
                    .contains("Command not found");
        }
        for (String change : changes) {
            assertThat(collector.karaf().shellAs(viewer, change)).as(change).contains("Command not found");
        }

        assertThat(collector.karaf().cfg("org.flowtally.endpoint-default.cfg").lines())
                .isEqualTo(before);
        assertThat(Collector.socketInode(port)).isEmpty();
        assertThat(collector.karaf().shellAs(manager, create)).contains("in force");
        assertThat(Collector.socketInode(port)).isPresent();
        assertThat(collector.karaf().shellAs(List.of("ssh", "admin"), "flowtally:endpoint-remove guarded"))
                .contains("in force");
        assertThat(collector.karaf().shellAs(manager, "flowtally:status")).contains("ready: yes");

        collector.karaf().cfg("org.apache.karaf.command.acl.flowtally.cfg").set("subscribers-reload", "viewer");
        Collector.await(
                "roles taken",
                () -> collector
                        .karaf()
                        .shellAs(viewer, "flowtally:subscribers-reload")
                        .contains("DATABASE"));
    }

    @Test
    @Order(12)
    void printsIntoThePipeThatACommandStandsIn() {
        assertThat(collector.karaf().shell("flowtally:status --wait 5 | grep --color never ready"))
                .isEqualToIgnoringNewLines("ready: yes");
        assertThat(collector.karaf().shell("flowtally:endpoint-allow default 127.0.0.0/8 | grep --color never force"))
                .isEqualToIgnoringNewLines("in force");
        assertThat(collector.karaf().shell("flowtally:status --json | grep --color never ready"))
                .contains("\"ready\":true");
        for (String command : List.of(
                "clocks",
                "decoders",
                "endpoints",
                "exporters",
                "exporters --advise",
                "exporters --interfaces",
                "policy",
                "refused",
                "status",
                "subscribers-reload",
                "templates",
                "usage",
                "verdicts")) {
            for (String form : List.of(command, command + " --json")) {
                assertThat(collector.karaf().shell("flowtally:" + form))
                        .as(form)
                        .isNotBlank();
                assertThat(collector.karaf().shell("flowtally:" + form + " | grep said-by-none"))
                        .as(form)
                        .isBlank();
            }
        }
    }

    @Test
    @Order(13)
    void keepsTheListsOfEndpointsWhenTheConfigurationOfThePolicyChanges() {
        String preparations = services("endpoint.EndpointPreparation");
        String admission = services("policy.DatagramAdmission");

        collector.karaf().cfg("org.flowtally.policy.cfg").set("refused.senders", 99);

        Collector.await(
                "configuration taken",
                () -> !services("policy.DatagramAdmission").equals(admission)
                        && services("policy.DatagramAdmission").contains("refused.senders = 99"));
        assertThat(services("endpoint.EndpointPreparation")).isEqualTo(preparations);
        assertThat(preparations).contains("AllowedSenders", "PolicyFiles");
    }

    @Test
    @Order(14)
    void warnsOnceOfAKeyThatNobodyReads() {
        collector.karaf().cfg("org.flowtally.policy.cfg").set("refused.sendres", 7);
        Collector.await(
                "configuration taken by both that read it",
                () -> services("policy.DatagramAdmission").contains("refused.sendres = 7")
                        && services("flow.FlowStage").contains("refused.sendres = 7"));

        assertThat(collector.karaf().log().lines().filter(line -> line.contains("keys=[refused.sendres]")))
                .hasSize(1);
    }

    private String services(String type) {
        return collector.karaf().shell("service:list org.flowtally.api." + type);
    }

    private static Socket connection(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void sendInPieces(Socket to, byte[] octets, int pieceOctets) throws IOException {
        for (int from = 0; from < octets.length; from += pieceOctets) {
            to.getOutputStream().write(octets, from, Math.min(pieceOctets, octets.length - from));
            to.getOutputStream().flush();
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // The alert of TLS comes before the end.
            }
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
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
