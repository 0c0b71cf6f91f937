// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.flowtally.itests.sender.Load;
import org.flowtally.itests.sender.Population;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The database is away, from the start and in the middle, for long, and behind a wrong password: pages wait, nothing is lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageIT {
    private final ExpectedLoad expected = new ExpectedLoad(new Population(4_000));
    private int engine;
    private Collector collector;

    @BeforeAll
    void boot() {
        collector = new Collector();
        // The smallest bound there is, so that it is reached within seconds.
        collector.karaf().cfg("org.flowtally.accounting.cfg").set("pages.max.mebibytes", 1);
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        expected.assign(collector);
        send(200, 2);
        expected.compare(collector);
        collector.karaf().stop();
    }

    @AfterAll
    void end() {
        collector.close();
    }

    @Test
    @Order(1)
    void takesFlowsWhileTheDatabaseIsAwayFromTheStart() {
        collector.server().stop();
        collector.karaf().start("-Xmx512m");
        Collector.await(
                "open sockets", () -> Collector.socketInode(collector.port()).isPresent());
        Collector.await("shell", () -> state().equals("DATABASE_AWAY"));

        send(200, 2);
        assertThat(collector.karaf().shell("flowtally:status")).containsPattern("ready: *no");
        collector.server().start();

        expected.compare(collector);
        collector.awaitReady();
    }

    @Test
    @Order(2)
    void appliesPagesInOrderAfterTheDatabaseWasKilled() {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(500, 8));
        pause(1500);
        collector.server().kill();
        Collector.await("outage noticed", () -> state().equals("DATABASE_AWAY"));
        Collector.await("pages waiting", () -> waitingPages() > 1);
        collector.server().start();
        sending.join();

        expected.compare(collector);
        assertThat(collector
                        .database()
                        .number("SELECT COUNT(*) FROM (SELECT 1 FROM applied_page GROUP BY run_id"
                                + " HAVING COUNT(*) > 1 OR MIN(first_sequence) > 1) AS runs_with_gaps"))
                .isZero();
    }

    @Test
    @Order(3)
    void swapsStorageWhileTheDatabaseIsKilled() {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(500, 8));
        pause(500);
        collector.server().kill();
        pause(1000);
        collector.karaf().shell("bundle:stop org.flowtally.storage");
        collector.karaf().shell("bundle:update org.flowtally.storage");
        collector.karaf().shell("bundle:start org.flowtally.storage");
        Collector.await("outage noticed", () -> state().equals("DATABASE_AWAY"));
        collector.server().start();
        sending.join();

        expected.compare(collector);
    }

    @Test
    @Order(4)
    void keepsUsageInMemoryWhenTheDiskForPagesIsFull() {
        collector.server().stop();
        send(2_000, 12);
        Collector.await(
                "bound noticed",
                () -> collector.karaf().shell("flowtally:status").matches("(?s).*(full|bound).*"));
        send(500, 3);
        collector.server().start();

        expected.compare(collector);
    }

    @Test
    @Order(5)
    void saysThatThePasswordIsWrongAndGoesOnWithTheRightOne() throws Exception {
        Path right = collector.database().passwordFile();
        Path wrong = Files.writeString(right.resolveSibling("wrong.password"), "not-it\n");
        Files.setPosixFilePermissions(wrong, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        collector.karaf().cfg("org.flowtally.storage.cfg").set("password.file", wrong);
        Collector.await("refusal", () -> state().equals("REFUSED"));
        assertThat(collector.karaf().shell("flowtally:status"))
                .contains(collector.database().user())
                .doesNotContain("not-it");

        send(200, 2);
        collector.karaf().cfg("org.flowtally.storage.cfg").set("password.file", right);

        expected.compare(collector);
        collector.awaitReady();
        assertThat(collector.karaf().log()).doesNotContain(collector.database().password());
    }

    private String state() {
        return collector.json("status").path("storage").path("state").asText();
    }

    private long waitingPages() {
        return collector.json("status").path("storage").path("pagesWaiting").asLong();
    }

    private void send(int datagramsPerSecond, int seconds) {
        Load.Shape shape = new Load.Shape(3, 25, expected.population(), ++engine, engine);
        try (Load load = new Load(shape, collector.port(), Clock.systemUTC())) {
            load.send(datagramsPerSecond, 5, TimeUnit.SECONDS.toNanos(seconds));
            expected.add(load);
        }
    }

    private static void pause(long millis) {
        Awaitility.await()
                .pollDelay(Duration.ofMillis(millis))
                .atMost(Duration.ofMillis(millis + 5_000))
                .until(() -> true);
    }
}
