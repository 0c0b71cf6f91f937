// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.storage.Collector.HOUR;
import static org.flowtally.storage.Collector.TEN;
import static org.flowtally.storage.Collector.await;
import static org.flowtally.storage.Collector.exporter;
import static org.flowtally.storage.Collector.subscribers;
import static org.flowtally.storage.Collector.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.flowtally.api.usage.StorageStatus.State;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.flowtally.lib.page.PageFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageApplierTest {
    private static final String TOTALS = "SELECT COUNT(*), SUM(bytes_in), SUM(bytes_out) FROM usage_hourly";

    private static MariaDbServer server;

    @TempDir
    private Path folder;

    private Database database;

    @BeforeAll
    static void startServer() {
        server = MariaDbServer.launch();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() {
        database = server.createDatabase();
    }

    @Test
    void addsUpPagesExactlyInEveryTable() {
        try (Collector collector = new Collector("c1", folder, database)) {
            long max = -1; // 2^64 - 1
            collector.append(
                    List.of(
                            new UsageTotal("ž'\\", "line 1", "night", TEN, max, 0, 5, 6, 7, 1),
                            new UsageTotal("b", "", "", TEN + HOUR, 1, 2, 3, 4, 5, 0)),
                    List.of(new UnmatchedTotal("site", 0, 0xffff_0a00_0001L, TEN, 1, 2, 3, 4, 5, 0)),
                    List.of(exporter("site", TEN, 30)));
            collector.append(
                    List.of(
                            new UsageTotal("ž'\\", "line 1", "night", TEN, 0, 9, 0, 0, 1, 4),
                            new UsageTotal("b", "x", "", TEN + 20 * HOUR, 10, 20, 30, 40, 50, 0)),
                    List.of(new UnmatchedTotal("site", 0x2001_0db8L << 32, 1, TEN, 1, 0, 0, 0, 0, 2)),
                    List.of(exporter("site", TEN, 12)));
            collector.start().awaitApplied();

            assertThat(database.rows("SELECT account_id, service_id, bucket_start, traffic_class, bytes_in, bytes_out,"
                            + " packets_in, packets_out, flows, quality FROM usage_hourly ORDER BY 1, 2"))
                    .containsExactly(
                            "b||2026-11-20 11:00:00||1|2|3|4|5|0",
                            "b|x|2026-11-21 06:00:00||10|20|30|40|50|0",
                            "ž'\\|line 1|2026-11-20 10:00:00|night|18446744073709551615|9|5|6|8|5");
            assertThat(database.rows("SELECT * FROM data_usages ORDER BY 1, 2"))
                    .containsExactly(
                            "b|2026-11-20 12:00:00|1|2",
                            "b|2026-11-21 07:00:00|10|20",
                            "ž'\\|2026-11-20 11:00:00|18446744073709551615|9");
            assertThat(database.rows("SELECT realm, address, bucket_start, bytes_in, bytes_out, packets_in,"
                            + " packets_out, flows, quality FROM usage_unmatched ORDER BY 2"))
                    .containsExactly(
                            "site|10.0.0.1|2026-11-20 10:00:00|1|2|3|4|5|0",
                            "site|2001:db8::1|2026-11-20 10:00:00|1|0|0|0|0|2");
            assertThat(database.rows("SELECT exporter, endpoint, realm, version, domain, bucket_start, datagrams,"
                            + " `rows`, lost, octets, octets_counted FROM exporter_hourly"))
                    .containsExactly("10.0.0.1|default|site|5|257|2026-11-20 10:00:00|2|42|4|200|140");
            assertThat(database.rows("SELECT exporter, endpoint, realm, version, domain, bucket_start, verdict, `rows`,"
                            + " octets FROM exporter_verdict_hourly ORDER BY verdict"))
                    .containsExactly(
                            "10.0.0.1|default|site|5|257|2026-11-20 10:00:00|COUNTED|38|140",
                            "10.0.0.1|default|site|5|257|2026-11-20 10:00:00|NO_SUBSCRIBER|2|20",
                            "10.0.0.1|default|site|5|257|2026-11-20 10:00:00|TOO_OLD|2|40");
            assertThat(database.rows("SELECT first_sequence, last_sequence FROM applied_page"))
                    .containsExactly("1|2");
        }
    }

    @Test
    void appliesAPageOnceHoweverOftenItsFileComesBack() throws IOException {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 2));
            collector.append(usage("a", TEN, 10, 20));
            List<PageFile> files = collector.spool().next(9);
            Path aside = Files.createDirectory(folder.resolve("aside"));
            for (PageFile file : files) {
                Files.copy(file.path(), aside.resolve(file.name()));
            }
            collector.start().awaitApplied();

            // As after a crash between commit and deletion, with a new page behind.
            for (PageFile file : files) {
                Files.copy(aside.resolve(file.name()), file.path());
            }
            collector.append(usage("a", TEN, 100, 200));
            collector.spool().rescan();
            collector.awaitApplied();
            Files.copy(aside.resolve(files.get(1).name()), files.get(1).path());
            collector.restart();
            collector.awaitApplied();

            assertThat(database.rows(TOTALS)).containsExactly("1|111|222");
        }
    }

    @Test
    void staysExactWhenTheServerIsKilledInTheMiddle() {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.start();
            for (int page = 1; page <= 60; page++) {
                collector.append(subscribers(200, page), List.of(), List.of());
                if (page == 20) {
                    await().until(() -> collector.status().pagesApplied() > 5);
                    server.kill();
                }
                if (page == 40) {
                    collector.awaitState(State.DATABASE_AWAY);
                    assertThat(collector.status().message()).contains("database does not answer");
                    assertThat(collector.status().pagesWaiting()).isGreaterThan(10);
                    server.start();
                }
                if (page == 50) {
                    collector.awaitState(State.READY);
                    server.kill();
                    server.start();
                }
            }
            collector.awaitApplied();

            assertThat(database.rows(TOTALS))
                    .containsExactly("200|" + 200 * (60 * 61 / 2) + "|" + 60 * (199 * 200 / 2));
            assertThat(database.rows("SELECT first_sequence, last_sequence FROM applied_page"))
                    .containsExactly("1|60");
        }
    }

    @Test
    void startsWithoutADatabaseAndAppliesWhenItComes() {
        server.stop();
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 2));
            collector.start().awaitState(State.DATABASE_AWAY);
            server.start();

            collector.awaitApplied();

            assertThat(collector.status().state()).isEqualTo(State.READY);
            assertThat(collector.status().message()).isEmpty();
            assertThat(database.rows(TOTALS)).containsExactly("1|1|2");
        } finally {
            if (!server.isRunning()) {
                server.start();
            }
        }
    }

    @Test
    void saysThatThePasswordIsWrongAndTakesTheRightOneWithoutARestart() throws IOException {
        Path passwordFile = database.passwordFile();
        Files.writeString(passwordFile, "not-it-at-all\n");
        try (Collector collector =
                new Collector("c1", folder, Collector.settings(database.jdbcUrl(), database.user(), passwordFile))) {
            collector.append(usage("a", TEN, 1, 2));
            collector.start().awaitState(State.REFUSED);

            assertThat(collector.status().message())
                    .contains("user=" + database.user(), "code=1045", "Access denied")
                    .doesNotContain("not-it-at-all");
            Files.writeString(passwordFile, database.password() + "\n");
            collector.awaitApplied();
            assertThat(database.rows(TOTALS)).containsExactly("1|1|2");
        }
    }

    @Test
    void refusesAPasswordFileThatOthersMayReadOrThatIsMissing() throws IOException {
        Path passwordFile = database.passwordFile();
        Files.setPosixFilePermissions(passwordFile, PosixFilePermissions.fromString("rw-r-----"));
        try (Collector collector =
                new Collector("c1", folder, Collector.settings(database.jdbcUrl(), database.user(), passwordFile))) {
            collector.start().awaitState(State.REFUSED);
            assertThat(collector.status().message()).contains("permissions=rw-r-----", "chmod 600");

            Files.delete(passwordFile);
            await().until(() -> collector.status().message().contains("missing"));
            database.passwordFile();
            collector.awaitState(State.READY);
        }
    }

    @Test
    void refusesASecondLivingHolderOfACollectorIdAndLetsItInOnceTheFirstIsGone() {
        try (Collector first = new Collector("same", folder.resolve("1"), database);
                Collector second = new Collector("same", folder.resolve("2"), database)) {
            first.start().awaitState(State.READY);
            second.append(usage("a", TEN, 1, 2));
            second.start().awaitState(State.REFUSED);

            assertThat(second.status().message())
                    .contains("collectorId=same", "127.0.0.1", "collector.id in org.flowtally.accounting.cfg");
            assertThat(database.rows(TOTALS)).containsExactly("0|NULL|NULL");
            first.stop();
            second.awaitApplied();
            assertThat(database.rows(TOTALS)).containsExactly("1|1|2");
        }
    }

    @Test
    void letsCollectorsShareADatabase() {
        try (Collector first = new Collector("c1", folder.resolve("1"), database);
                Collector second = new Collector("c2", folder.resolve("2"), database)) {
            first.start();
            second.start();
            for (int page = 1; page <= 30; page++) {
                first.append(subscribers(100, page), List.of(), List.of(exporter("", TEN, 3)));
                second.append(subscribers(100, page), List.of(), List.of(exporter("", TEN, 3)));
            }
            first.awaitApplied();
            second.awaitApplied();

            assertThat(database.rows(TOTALS))
                    .containsExactly("100|" + 2 * 100 * (30 * 31 / 2) + "|" + 2 * 30 * (99 * 100 / 2));
            assertThat(database.rows("SELECT datagrams, `rows` FROM exporter_hourly"))
                    .containsExactly("60|180");
            assertThat(database.number("SELECT COUNT(*) FROM ledger_usage_hourly"))
                    .isEqualTo(200);
        }
    }

    @Test
    void putsAPageAsideThatTheDatabaseCannotHoldAndGoesOn() {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 2));
            collector.append(usage("x".repeat(300), TEN, 1, 2));
            collector.append(usage("a", TEN, 10, 20));
            collector.start().awaitApplied();

            assertThat(database.rows(TOTALS)).containsExactly("1|11|22");
            assertThat(database.rows("SELECT first_sequence, last_sequence FROM applied_page ORDER BY 1"))
                    .containsExactly("1|1", "3|3");
            assertThat(collector.status().pagesDamaged()).isEqualTo(1);
            assertThat(collector.status().message()).contains("pages were put aside: pages=1");
        }
    }

    @Test
    void appliesAPageMovedBackAfterItsHoleStoodOpen() throws IOException {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 1));
            collector.append(usage("a", TEN, 10, 10));
            collector.append(usage("a", TEN, 100, 100));
            Path aside = collector.spool().putAside(collector.spool().next(2).get(1));
            collector.start().awaitApplied();
            assertThat(database.rows(TOTALS)).containsExactly("1|101|101");

            Files.move(aside, collector.spool().folder().resolve(aside.getFileName()));
            collector.spool().rescan();
            collector.awaitApplied();

            assertThat(database.rows(TOTALS)).containsExactly("1|111|111");
            assertThat(database.rows("SELECT first_sequence, last_sequence FROM applied_page"))
                    .containsExactly("1|3");
        }
    }

    @Test
    void keepsCountersThatWouldExceed64BitsOutOfTheSum() {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, -10, 1)); // 2^64 - 10
            collector.append(usage("a", TEN, 100, 1));
            collector.append(usage("a", TEN, 9, 1));
            collector.start().awaitApplied();

            assertThat(database.rows(TOTALS)).containsExactly("1|18446744073709551615|2");
            assertThat(collector.status().pagesDamaged()).isEqualTo(1);
        }
    }

    @Test
    void putsADamagedFileAsideAndGoesOn() throws IOException {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 2));
            collector.append(usage("a", TEN, 10, 20));
            Files.writeString(collector.spool().next(1).get(0).path(), "overwritten");
            collector.start().awaitApplied();

            assertThat(database.rows(TOTALS)).containsExactly("1|10|20");
            assertThat(collector.status().pagesDamaged()).isEqualTo(1);
        }
    }

    @Test
    void appliesWhatWaitsBeforeItStopsButDoesNotWaitForADatabaseThatIsAway() {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.start().awaitState(State.READY);
            for (int page = 1; page <= 50; page++) {
                collector.append(usage("a", TEN, 1, 0));
            }
            collector.stop();
            assertThat(database.rows(TOTALS)).containsExactly("1|50|0");
            assertThat(database.rows("SELECT is_running FROM collector_status")).containsExactly("0");

            server.stop();
            collector.append(usage("a", TEN, 1, 0));
            collector.restart();
            collector.awaitState(State.DATABASE_AWAY);
            long began = System.nanoTime();
            collector.stop();
            assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
            assertThat(collector.spool().pagesWaiting()).isEqualTo(1);
        } finally {
            if (!server.isRunning()) {
                server.start();
            }
        }
    }

    @Test
    void keepsEachUtcDayInAPartitionOfItsOwn() {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 0), usage("a", TEN + 24 * HOUR, 1, 0));
            collector.start().awaitApplied();
            collector.append(usage("a", TEN + 240 * HOUR, 1, 0), usage("a", TEN - 72 * HOUR, 1, 0));
            collector.awaitApplied();
            collector.append(usage("a", TEN + 24_000 * HOUR, 1, 0));
            collector.awaitApplied();
            collector.append(usage("a", TEN + 300 * HOUR, 1, 0));
            collector.awaitApplied();

            assertThat(
                            database.rows(
                                    "SELECT partition_name FROM information_schema.partitions WHERE table_name ="
                                            + " 'ledger_usage_hourly' AND table_schema = DATABASE() ORDER BY partition_ordinal_position"))
                    .containsExactly(
                            "p_first",
                            "p20261119",
                            "p20261120",
                            "p20261121",
                            "p20261122",
                            "p20261129",
                            "p20261130",
                            "p20261201",
                            "p20261202",
                            "p20261203",
                            "p20290815",
                            "p20290816",
                            "p20290817");
            assertThat(database.number("SELECT COUNT(*) FROM usage_hourly")).isEqualTo(6);
        }
    }

    @Test
    void makesDaysAndMonthsInTheOperatorsTimeZone() {
        StorageSettings utc = Collector.settings(database.jdbcUrl(), database.user(), database.passwordFile());
        StorageSettings prague = Collector.withZone(utc, ZoneId.of("Europe/Prague"));
        try (Collector collector = new Collector("c1", folder, prague)) {
            long summerMidnight = Instant.parse("2026-09-30T22:00:00Z").toEpochMilli();
            long winterMidnight = Instant.parse("2026-10-31T23:00:00Z").toEpochMilli();
            collector.append(
                    usage("a", summerMidnight - HOUR, 1, 0),
                    usage("a", summerMidnight, 2, 0),
                    usage("a", winterMidnight - HOUR, 4, 0),
                    usage("a", winterMidnight, 8, 0));
            collector.start().awaitApplied();

            assertThat(database.rows("SELECT day, bytes_in FROM usage_daily ORDER BY 1"))
                    .containsExactly("2026-09-30|1", "2026-10-01|2", "2026-10-31|4", "2026-11-01|8");
            assertThat(database.rows("SELECT month, bytes_in FROM usage_monthly WHERE account_id = 'a' ORDER BY 1"))
                    .containsExactly("2026-09-01|1", "2026-10-01|6", "2026-11-01|8");
        }
        try (Collector collector = new Collector("c1", folder, utc)) {
            collector.start().awaitState(State.READY);

            assertThat(database.rows("SELECT day, bytes_in FROM usage_daily ORDER BY 1"))
                    .containsExactly("2026-09-30|3", "2026-10-31|12");
        }
    }

    @Test
    void tellsThatTheCollectorLives() {
        try (Collector collector = new Collector("c1", folder, database)) {
            collector.append(usage("a", TEN, 1, 0));
            collector.start().awaitApplied();

            await().untilAsserted(() -> assertThat(
                            database.rows(
                                    "SELECT collector_id, is_running, pages_applied, pages_waiting,"
                                            + " TIMESTAMPDIFF(SECOND, heartbeat_at, UTC_TIMESTAMP(3)) < 5 FROM collector_status"))
                    .containsExactly("c1|1|1|0|1"));
        }
    }
}
