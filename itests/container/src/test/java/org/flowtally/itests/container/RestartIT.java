// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

/** What routers send while Karaf is away is told as lost after a clean stop and not made up after a crash; what a crash loses is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartIT {
    private static final long BOOT = Clock.systemUTC().millis() - 3_600_000;

    private final V5Router steady = new V5Router("127.0.97.1", 0, 1, BOOT);
    private final V5Router restarting = new V5Router("127.0.97.2", 0, 2, BOOT);
    private final V5Router silent = new V5Router("127.0.97.3", 0, 3, BOOT);
    private final V5Router held = new V5Router("127.0.97.4", 0, 4, BOOT);
    private Collector collector;
    private long rows;

    @BeforeAll
    void boot() {
        collector = new Collector();
        collector.karaf().cfg("org.flowtally.clockguard.cfg").set("exporter.policies", held.address() + "=quarantine");
        start();
        for (V5Router router : List.of(steady, restarting, silent)) {
            send(router, 30);
            send(router, 20);
        }
        collector.awaitRows(rows);
    }

    @AfterAll
    void end() {
        collector.close();
    }

    @Test
    @Order(1)
    void countsWhatRoutersSentWhileItWasAway() {
        collector.karaf().stop();
        send(steady, 30);
        send(steady, 12);
        rows -= 42;
        restarting.reboot(Clock.systemUTC().millis() - 10_000);
        restarting.lose(5_000);
        start();

        send(steady, 30);
        send(restarting, 30);
        collector.awaitRows(rows);

        assertThat(lost()).isEqualTo(Map.of(steady.address(), 42L, restarting.address(), 0L));
        assertThat(exporter(restarting.address()).path("restarts").asLong()).isEqualTo(1);
        assertThat(lostInTables()).isEqualTo(42);
        Collector.await(
                "event",
                () ->
                        collector
                                .database()
                                .rows("SELECT subject, message FROM netflow_event WHERE kind = 'loss'")
                                .stream()
                                .anyMatch(row -> row.contains("127.0.97.1,") && row.endsWith("lost=42, lostInAll=42")));
    }

    @Test
    @Order(2)
    void remembersOverASecondRestartWhoWasNotHeardInBetween() {
        collector.karaf().stop();
        silent.lose(7);
        start();

        send(silent, 30);
        send(steady, 30);
        collector.awaitRows(rows);

        assertThat(lost()).isEqualTo(Map.of(silent.address(), 7L, steady.address(), 0L));
        assertThat(lostInTables()).isEqualTo(49);
    }

    @Test
    @Order(3)
    void makesUpNoLossAfterACrash() {
        collector.karaf().kill();
        steady.lose(1_000);
        start();

        send(steady, 30);
        collector.awaitRows(rows);

        assertThat(lost()).isEqualTo(Map.of(steady.address(), 0L));
        assertThat(lostInTables()).isEqualTo(49);
    }

    @Test
    @Order(4)
    void tellsWhatACrashLostOfTheQuarantine() {
        Path note = collector.karaf().home().resolve("data/flowtally/clock-guard/held.txt");
        send(held, 25);
        Collector.await("note of what is held", () -> Files.readString(note).contains("\t25\t37500"));

        collector.karaf().kill();
        start();

        Collector.await(
                "event",
                () -> collector
                        .database()
                        .rows("SELECT subject, message FROM netflow_event WHERE kind = 'quarantine-lost'")
                        .contains("exporter=127.0.97.4, endpoint=default, version=5, domain=4|rows=25, octets=37500"));
        assertThat(note).doesNotExist();
    }

    private void start() {
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
    }

    private void send(V5Router router, int flows) {
        long now = Clock.systemUTC().millis();
        List<Flow> sent = new ArrayList<>();
        for (int flow = 0; flow < flows; flow++) {
            sent.add(new Flow("192.0.2.7", "10.9.0." + (flow + 1), 1, 1500, now - 1000, now));
        }
        try (UdpSender sender = new UdpSender(router.address(), "127.0.0.1", collector.port())) {
            sender.send(router.export(now, sent).toOctets());
        }
        rows += flows;
    }

    private Map<String, Long> lost() {
        Map<String, Long> lost = new TreeMap<>();
        collector
                .json("exporters")
                .forEach(each -> lost.put(
                        each.path("exporter").asText(), each.path("lost").asLong()));
        return lost;
    }

    private JsonNode exporter(String address) {
        for (JsonNode each : collector.json("exporters")) {
            if (each.path("exporter").asText().equals(address)) {
                return each;
            }
        }
        throw new AssertionError("not heard: exporter=" + address);
    }

    private long lostInTables() {
        return collector.database().number("SELECT SUM(lost) FROM exporter_hourly");
    }
}
