// SPDX-License-Identifier: Apache-2.0
package org.flowtally.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;

class PartitionRetentionTest {
    private static final String PARTITIONS = "SELECT partition_name FROM information_schema.partitions"
            + " WHERE table_schema = DATABASE() AND table_name = 'ledger_usage_hourly' ORDER BY partition_ordinal_position";
    private static final RetentionSettings KEEP = new RetentionSettings(3, 4, 5, 6);
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    private static MariaDbServer server;

    private Database database;
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");

    @BeforeAll
    static void startServer() {
        server = MariaDbServer.launch();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /** The schema is that of storage; only its file is used, not its classes. */
    @BeforeEach
    void createTables() throws IOException {
        database = server.createDatabase();
        Path folder = Path.of(
                System.getProperty("root.folder"), "bundles/storage/src/main/resources/org/flowtally/storage/schema");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                for (String statement :
                        Files.readString(file).replaceAll("(?m)^--.*$", "").split(";\n", -1)) {
                    if (!statement.isBlank()) {
                        database.execute(statement);
                    }
                }
            }
        }
        for (int age = 6; age >= -1; age--) {
            LocalDate day = TODAY.minusDays(age);
            database.execute(
                    "ALTER TABLE ledger_usage_hourly ADD PARTITION (PARTITION p"
                            + day.toString().replace("-", "") + " VALUES LESS THAN ('" + day.plusDays(1) + "'))",
                    "INSERT INTO ledger_usage_hourly (bucket_start, collector_id, account_id, bytes_in, stamp_inserted,"
                            + " stamp_updated) VALUES ('" + day + " 00:00:00', 'c', 'a', 1, NOW(), NOW()),"
                            + " ('" + day + " 23:00:00', 'c', 'a', 1, NOW(), NOW())");
        }
    }

    @Test
    void dropsWholeDaysThatAreOldAndNoHourThatIsToBeKept() {
        var report = retention().run();

        assertThat(report).first().asString().startsWith("table=ledger_usage_hourly, keepDays=3, partitions=p_first, ");
        assertThat(database.rows(PARTITIONS))
                .containsExactly("p20261117", "p20261118", "p20261119", "p20261120", "p20261121");
        assertThat(database.rows("SELECT MIN(bucket_start), COUNT(*) FROM ledger_usage_hourly"))
                .containsExactly("2026-11-17 00:00:00|10");
        assertThat(retention().run()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger_exporter_hourly", "ledger_exporter_verdict_hourly"})
    void dropsWhatExportersSentAfterTheirDays(String table) {
        database.execute("ALTER TABLE " + table + " ADD PARTITION (PARTITION p20261110 VALUES LESS THAN ('2026-11-11'),"
                + " PARTITION p20261120 VALUES LESS THAN ('2026-11-21'))");

        assertThat(retention().run()).contains("table=" + table + ", keepDays=5, partitions=p_first, p20261110");

        assertThat(retention().run()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ledger_unmatched_hourly, 4", "netflow_event, 6"})
    void dropsEachTableAfterDaysOfItsOwn(String table, int keepDays) {
        database.execute("ALTER TABLE " + table + " ADD PARTITION (PARTITION p20261110 VALUES LESS THAN ('2026-11-11'),"
                + " PARTITION p20261120 VALUES LESS THAN ('2026-11-21'))");

        assertThat(retention().run())
                .contains("table=" + table + ", keepDays=" + keepDays + ", partitions=p_first, p20261110");
    }

    @Test
    void keepsTheLastPartitionHoweverOldItIs() {
        now = Instant.parse("2036-01-01T00:00:00Z");

        retention().run();

        assertThat(database.rows(PARTITIONS)).containsExactly("p20261121");
        assertThat(database.rows("SELECT partition_name FROM information_schema.partitions WHERE table_schema ="
                        + " DATABASE() AND table_name = 'netflow_event'"))
                .containsExactly("p_first");
    }

    @Test
    void forgetsRunsAndExportersThatAreLongGone() {
        for (String day : new String[] {"2026-11-01", "2026-11-19"}) {
            database.execute(
                    "INSERT INTO applied_page VALUES ('c', UNIX_TIMESTAMP('" + day + "'), 1, 9, '" + day + "', '" + day
                            + "')",
                    "INSERT INTO exporter_status (collector_id, endpoint, exporter, version, domain, since, last_seen,"
                            + " stamp_updated) VALUES ('c', '" + day + "', '10.0.0.1', 5, 0, '" + day + "', '" + day
                            + "', NOW())");
        }

        assertThat(retention().run())
                .contains("table=applied_page, keepDays=3, rows=1", "table=exporter_status, keepDays=5, rows=1");

        assertThat(database.rows("SELECT DATE(applied_at) FROM applied_page")).containsExactly("2026-11-19");
        assertThat(database.rows("SELECT endpoint FROM exporter_status")).containsExactly("2026-11-19");
    }

    @Test
    void leavesTheWorkToTheCollectorThatIsAtIt() throws SQLException {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute("DO GET_LOCK(CONCAT('flowtally.retention.', MD5(DATABASE())), 0)");

            assertThat(retention().run()).containsExactly("another collector is at it");
        }
        assertThat(database.number("SELECT COUNT(*) FROM ledger_usage_hourly")).isEqualTo(16);
    }

    @Test
    void givesWayToALongReaderAndMakesUpForItTheNextTime() throws SQLException {
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT COUNT(*) FROM ledger_usage_hourly");

            assertThatThrownBy(() -> retention().run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("retention failed");
        }

        assertThat(retention().run()).isNotEmpty();
    }

    private PartitionRetention retention() {
        try {
            MariaDbDataSource source = new MariaDbDataSource(database.jdbcUrl());
            source.setUser(database.user());
            source.setPassword(database.password());
            return new PartitionRetention(source, InstantSource.fixed(now), KEEP);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
