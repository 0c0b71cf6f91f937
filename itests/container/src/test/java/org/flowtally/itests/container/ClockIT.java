// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.flowtally.itests.container.ExpectedUsage.Assignment;
import org.flowtally.itests.instance.CfgFile;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.UdpSender;
import org.flowtally.itests.sender.V5Router;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Exporters whose clocks are wrong in different ways, over real sockets, under every policy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClockIT {
    private static final long HOUR = 3_600_000;
    private static final int OCTETS = 1_000;

    private final Map<String, Exporter> exporters = new LinkedHashMap<>();
    private Collector collector;
    private CfgFile endpoint;
    private CfgFile guard;

    /** A router whose clock is ahead by so much, and who sends what one subscriber moved. */
    private static final class Exporter {
        final V5Router router;
        final long aheadMillis;
        final String subscriber;
        final UdpSender sender;
        long rows;

        Exporter(int last, long aheadMillis, int port) {
            this.aheadMillis = aheadMillis;
            this.subscriber = "10.1.0." + last;
            router = new V5Router("127.0.40." + last, 0, 0, Clock.systemUTC().millis() - 7_654_321 + aheadMillis);
            sender = new UdpSender(router.address(), "127.0.0.1", port);
        }

        void send() {
            long now = Clock.systemUTC().millis() + aheadMillis;
            sender.send(router.export(
                            now, List.of(new Flow(subscriber, "203.0.113.1", 1, OCTETS, now - 1_500, now - 1_000)))
                    .toOctets());
            rows++;
        }
    }

    @BeforeAll
    void boot() {
        collector = new Collector();
        endpoint = collector.karaf().cfg("org.flowtally.endpoint-default.cfg");
        guard = collector.karaf().cfg("org.flowtally.clockguard.cfg");
        guard.set("learning.seconds", 2)
                .set(
                        "exporter.policies",
                        "127.0.40.3=correct, 127.0.40.4=quarantine, 127.0.40.5=arrival, 127.0.40.6/32=quarantine");
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        exporters.put("good", new Exporter(1, 0, collector.port()));
        exporters.put("future", new Exporter(2, 10 * 60_000 + 77_000, collector.port()));
        exporters.put("zone", new Exporter(3, 2 * HOUR, collector.port()));
        exporters.put("held", new Exporter(4, -5 * HOUR, collector.port()));
        exporters.put("arrival", new Exporter(5, -3 * HOUR, collector.port()));
        exporters.forEach((account, exporter) -> collector
                .database()
                .execute(new Assignment(exporter.subscriber + "/32", account, "", 0, Long.MAX_VALUE).insert()));
        collector.reloadSubscribers();
    }

    @AfterAll
    void end() {
        exporters.values().forEach(exporter -> exporter.sender.close());
        collector.close();
    }

    @Test
    @Order(1)
    void countsEachFlowInItsHourAsFarAsThePolicyOfItsExporterGoes() {
        long from = Clock.systemUTC().millis() - 1_500;
        Collector.await("clocks known", () -> {
            exporters.values().forEach(Exporter::send);
            return state("good").equals("GOOD")
                    && List.of("future", "zone", "held", "arrival").stream()
                            .allMatch(name -> state(name).equals("SKEWED"));
        });
        exporters.values().forEach(Exporter::send);
        collector.awaitRows(
                exporters.values().stream().mapToLong(exporter -> exporter.rows).sum());
        long to = Clock.systemUTC().millis();

        for (String account : List.of("good", "zone", "held", "arrival")) {
            assertThat(collector.database().number(usage("SUM(bytes_out)", account)))
                    .as(account)
                    .isEqualTo(exporters.get(account).rows * OCTETS);
            assertThat(collector
                            .database()
                            .number(usage("COUNT(DISTINCT bucket_start)", account)
                                    + " AND (bucket_start <= TIMESTAMP '1970-01-01 00:00:00' + INTERVAL %d SECOND OR bucket_start > TIMESTAMP '1970-01-01 00:00:00' + INTERVAL %d SECOND)"
                                            .formatted((from - HOUR) / 1000, to / 1000)))
                    .as("hours that are none of " + account)
                    .isZero();
        }
        assertThat(collector.database().number(usage("COUNT(*)", "future"))).isZero();
        assertThat(collector
                        .database()
                        .number("SELECT SUM(octets_discarded) FROM exporter_hourly WHERE exporter = '"
                                + exporters.get("future").router.address() + "'"))
                .isEqualTo(exporters.get("future").rows * OCTETS);
        assertThat(collector.database().number(usage("BIT_OR(quality)", "good")))
                .isZero();
        assertThat(collector.database().number(usage("BIT_OR(quality)", "zone")))
                .isEqualTo(4);
        assertThat(collector.database().number(usage("BIT_OR(quality)", "held")))
                .isEqualTo(4);
        assertThat(collector.database().number(usage("BIT_OR(quality)", "arrival")))
                .isEqualTo(64);
        assertLawHolds();
    }

    @Test
    @Order(2)
    void saysWhatIsWrongAndWhatWasDoneAboutIt() {
        assertThat(done("future", "FUTURE")).isEqualTo(exporters.get("future").rows * OCTETS);
        assertThat(done("zone", "CORRECTED")).isEqualTo(exporters.get("zone").rows * OCTETS);
        assertThat(done("held", "CORRECTED")).isEqualTo(exporters.get("held").rows * OCTETS);
        assertThat(done("held", "HELD")).isPositive();
        assertThat(done("arrival", "ARRIVAL")).isEqualTo(exporters.get("arrival").rows * OCTETS);
        assertThat(clock("held").path("heldRows").asLong()).isZero();
        assertThat(clock("zone").path("cause").asText()).isEqualTo("time zone: +2:00 hours");
        assertThat(clock("held").path("cause").asText()).isEqualTo("time zone: -5:00 hours");
        assertThat(clock("zone").path("offsetMillis").asLong()).isBetween(2 * HOUR - 2_000, 2 * HOUR + 100);
        assertThat(collector.karaf().shell("flowtally:clocks"))
                .contains(
                        "this host: UNKNOWN", "127.0.40.3", "SKEWED", "correct", "time zone: +2:00 hours", "held back");
        assertThat(collector.karaf().shell("flowtally:status")).contains("4 exporters whose clock is off");
        Collector.await(
                "events",
                () -> collector.database().number("SELECT COUNT(*) FROM netflow_event WHERE kind = 'clock-skew'") == 4);
        assertThat(collector
                        .database()
                        .rows("SELECT message FROM netflow_event WHERE kind = 'clock-skew' AND subject LIKE"
                                + " '%exporter=127.0.40.3,%'")
                        .toString())
                .contains("policy=correct", "time zone: +2:00 hours");
        Collector.await(
                "clocks in the table",
                () -> collector
                        .database()
                        .rows("SELECT exporter, clock_state, clock_policy, clock_cause FROM exporter_status"
                                + " WHERE exporter IN ('127.0.40.1', '127.0.40.3') AND clock_since <= last_seen"
                                + " AND clock_spread_millis IS NOT NULL AND clock_offset_millis BETWEEN"
                                + " IF(clock_state = 'GOOD', -2000, 7198000) AND IF(clock_state = 'GOOD', 100, 7200100)"
                                + " ORDER BY exporter")
                        .equals(List.of(
                                "127.0.40.1|GOOD|discard|", "127.0.40.3|SKEWED|correct|time zone: +2:00 hours")));
    }

    @Test
    @Order(3)
    void changesThePolicyUnderLoadAndLosesNoDatagram() throws InterruptedException {
        String inode = Collector.socketInode(collector.port()).orElseThrow();
        Exporter future = exporters.get("future");
        long rowsBefore = collector.rowsApplied();
        long sentBefore = future.rows;
        AtomicBoolean stopped = new AtomicBoolean();
        Thread load = new Thread(() -> {
            while (!stopped.get()) {
                for (int each = 0; each < 20; each++) {
                    future.send();
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        });
        load.start();

        for (String policy : List.of("correct", "arrival", "quarantine", "discard")) {
            endpoint.set("clock.policy", policy);
            Collector.await(
                    "policy " + policy,
                    () -> clock("future").path("policy").asText().equals(policy));
        }
        endpoint.set("clock.policy", "trust");
        Collector.await(
                "refusal", () -> collector.karaf().shell("flowtally:endpoints").contains("clock.policy"));
        assertThat(clock("future").path("policy").asText()).isEqualTo("discard");
        endpoint.set("clock.policy", "discard");
        stopped.set(true);
        load.join();

        collector.awaitRows(rowsBefore + future.rows - sentBefore);
        assertThat(Collector.socketInode(collector.port())).contains(inode);
        assertThat(done("future", "CORRECTED")).isPositive();
        assertThat(done("future", "ARRIVAL")).isPositive();
        for (JsonNode exporter : collector.json("exporters")) {
            assertThat(exporter.path("lost").asLong()).isZero();
        }
        assertThat(collector.json("status").path("lane").path("datagramsLost").asLong())
                .isZero();
        assertLawHolds();
    }

    @Test
    @Order(4)
    void keepsWhatItHoldsAndLearnedOverASwapOfTheGuard() {
        Exporter swapped = new Exporter(6, -4 * HOUR, collector.port());
        exporters.put("swapped", swapped);
        long rowsBefore = collector.rowsApplied();
        // Within a window, so that nothing is learned and they are held.
        swapped.send();
        swapped.send();
        swapped.send();
        Collector.await("rows held", () -> clock("swapped").path("heldRows").asLong() == swapped.rows);

        collector.karaf().shell("bundle:restart org.flowtally.clock-guard");
        Collector.await("the guard is back", () -> collector.json("clocks").has("exporters"));

        assertThat(clock("swapped").path("heldRows").asLong()).isEqualTo(swapped.rows);
        assertThat(state("zone")).isEqualTo("SKEWED");
        assertThat(verdict("QUARANTINED")).isEqualTo(swapped.rows);
        assertLawHolds();
        guard.set("quarantine.max.seconds", 1);
        collector.awaitRows(rowsBefore + swapped.rows);
        assertThat(clock("swapped").path("heldRows").asLong()).isZero();
        assertThat(verdict("QUARANTINED")).isZero();
        assertLawHolds();
    }

    @Test
    @Order(5)
    void findsThisHostOffByItsTimeServerAndWarns() throws SocketException {
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Thread answers = new Thread(() -> serveTime(server, -HOUR));
            answers.start();
            guard.set("ntp.servers", "127.0.0.1:" + server.getLocalPort()).set("ntp.interval.seconds", 1);

            Collector.await(
                    "the host is off",
                    () -> collector
                            .json("clocks")
                            .path("host")
                            .path("state")
                            .asText()
                            .equals("DRIFTING"));

            assertThat(collector
                            .json("clocks")
                            .path("host")
                            .path("offsetMillis")
                            .asLong())
                    .isBetween(HOUR - 2_000, HOUR + 2_000);
            assertThat(collector.karaf().shell("flowtally:status"))
                    .contains("this host's clock is off by")
                    .contains("ready: yes");
            Collector.await(
                    "event",
                    () -> collector.database().number("SELECT COUNT(*) FROM netflow_event WHERE kind = 'host-clock'")
                            == 1);
        }
        guard.set("ntp.servers", "");
        Collector.await(
                "nothing known",
                () -> collector
                        .json("clocks")
                        .path("host")
                        .path("state")
                        .asText()
                        .equals("UNKNOWN"));
    }

    /** Answers as a server at stratum 2 whose clock is ahead of this host's. */
    private static void serveTime(DatagramSocket socket, long aheadMillis) {
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(new byte[512], 512);
                socket.receive(question);
                long millis = Clock.systemUTC().millis() + aheadMillis;
                long time = (millis / 1000 + 2_208_988_800L) << 32 | (millis % 1000 << 32) / 1000;
                ByteBuffer answer = ByteBuffer.allocate(48);
                answer.put((byte) 0x24).put((byte) 2);
                answer.putLong(24, ByteBuffer.wrap(question.getData()).getLong(40));
                answer.putLong(32, time).putLong(40, time);
                socket.send(new DatagramPacket(answer.array(), 48, question.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void assertLawHolds() {
        JsonNode verdicts = collector.json("verdicts");
        assertThat(Collector.sum(verdicts.path("rows")))
                .isEqualTo(verdicts.path("rowsDecoded").asLong());
    }

    private long verdict(String name) {
        return collector.json("verdicts").path("rows").path(name).asLong();
    }

    private long done(String name, String action) {
        return clock(name).path("octets").path(action).asLong();
    }

    private String state(String name) {
        return clock(name).path("state").asText();
    }

    private JsonNode clock(String name) {
        String address = exporters.get(name).router.address();
        for (JsonNode exporter : collector.json("clocks").path("exporters")) {
            if (exporter.path("exporter").asText().equals(address)) {
                return exporter;
            }
        }
        throw new AssertionError("no clock of " + address);
    }

    private static String usage(String what, String account) {
        return "SELECT COALESCE(" + what + ", 0) FROM usage_hourly WHERE account_id = '" + account + "'";
    }
}
