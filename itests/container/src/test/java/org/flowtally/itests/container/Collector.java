// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.flowtally.itests.instance.KarafInstance;

/** A whole collector for one test class: database server, an empty database, the assembly unpacked with one endpoint. */
final class Collector implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MariaDbServer server;
    private final Database database;
    private final KarafInstance karaf;
    private final int port = KarafInstance.freeUdpPort();

    /** Prepares everything and starts nothing but the database server. */
    Collector() {
        server = MariaDbServer.launch("--innodb-flush-log-at-trx-commit=2");
        database = server.createDatabase();
        karaf = KarafInstance.unpack(Path.of(System.getProperty("assembly.archive")), freshFolder());
        karaf.use(database);
        // Tests wait for the tables: fresher costs the database more, and nothing else.
        karaf.cfg("org.flowtally.storage.cfg").set("apply.interval.millis", 300).set("status.interval.seconds", 1);
        karaf.cfg("org.flowtally.endpoint-default.cfg")
                .set("bind.address", "127.0.0.1")
                .set("port", port)
                .set("allowed.subnets", "127.0.0.0/8");
        karaf.cfg("org.flowtally.subscriber.cfg").set("home.networks", "10.0.0.0/8, 100.64.0.0/10");
    }

    MariaDbServer server() {
        return server;
    }

    Database database() {
        return database;
    }

    KarafInstance karaf() {
        return karaf;
    }

    /** Returns the port of the endpoint {@code default}. */
    int port() {
        return port;
    }

    /** Waits until datagrams are taken and pages applied. */
    void awaitReady() {
        await("ready", () -> karaf.shell("flowtally:status").matches("(?s).*ready: *yes.*"));
    }

    /** Waits until so many rows are in the tables, and shows that it stays at them. */
    void awaitRows(long rows) {
        Awaitility.await("rows in the tables")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(rowsApplied()).isEqualTo(rows));
    }

    long rowsApplied() {
        return database.number("SELECT COALESCE(SUM(`rows`), 0) FROM exporter_hourly");
    }

    /** Returns what a command of ours prints with {@code --json}. */
    JsonNode json(String command) {
        String printed = karaf.shell("flowtally:" + command + " --json");
        try {
            return JSON.readTree(printed);
        } catch (JsonProcessingException failure) {
            throw new AssertionError("not JSON: command=" + command + ", printed=" + printed, failure);
        }
    }

    /** Returns an object's numbers by name. */
    static Map<String, Long> numbers(JsonNode object) {
        Map<String, Long> numbers = new TreeMap<>();
        object.properties()
                .forEach(property ->
                        numbers.put(property.getKey(), property.getValue().asLong()));
        return numbers;
    }

    /** Returns the sum of an object's numbers. */
    static long sum(JsonNode object) {
        return numbers(object).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Loads the assignments, now. */
    void reloadSubscribers() {
        karaf.shell("flowtally:subscribers-reload");
    }

    /** Returns the inode of the socket that listens on a UDP port; it is another one for every other socket. */
    static Optional<String> socketInode(int port) {
        return Stream.of("/proc/net/udp", "/proc/net/udp6")
                .flatMap(table -> lines(Path.of(table)))
                .map(line -> line.trim().split("\\s+", -1))
                .filter(columns -> columns[1].endsWith(":%04X".formatted(port)))
                .map(columns -> columns[9])
                .findFirst();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("sockets not read", failure);
        }
    }

    static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(condition);
    }

    static List<String> sorted(List<String> rows) {
        return rows.stream().sorted().toList();
    }

    @Override
    public void close() {
        karaf.close();
        server.close();
    }

    private static Path freshFolder() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "karaf-")
                    .resolve("home");
        } catch (IOException failure) {
            throw new UncheckedIOException("no folder", failure);
        }
    }
}
