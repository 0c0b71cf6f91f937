// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaMigrationTest {
    private static MariaDbServer server;

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
    void makesTheSchemaFromNothingAndLeavesItAloneAfterwards() throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(SchemaMigration.migrate(connection)).isEqualTo(SchemaMigration.current());
            database.execute("INSERT INTO ip_assignment (prefix, account_id) VALUES ('10.0.0.0/24', 'a')");

            assertThat(SchemaMigration.migrate(connection)).isEqualTo(SchemaMigration.current());
        }

        assertThat(database.rows(
                        "SELECT realm, prefix, account_id, service_id, valid_from, valid_to FROM ip_assignment"))
                .containsExactly("|10.0.0.0/24|a||1970-01-01 00:00:00.000|NULL");
        assertThat(database.number("SELECT COUNT(*) FROM schema_version")).isEqualTo(SchemaMigration.current());
    }

    @Test
    void repeatsAMigrationThatWasInterruptedAfterAnyStatement() throws Exception {
        List<String> statements = SchemaMigration.MIGRATIONS.stream()
                .flatMap(resource -> SchemaMigration.statements(resource).stream())
                .toList();
        for (int done = 1; done <= statements.size(); done++) {
            Database fresh = server.createDatabase();
            fresh.execute(statements.subList(0, done).toArray(String[]::new));

            try (Connection connection = fresh.connect()) {
                assertThat(SchemaMigration.migrate(connection)).isEqualTo(SchemaMigration.current());
            }
        }
    }

    @Test
    void bringsTheFirstSchemaUpToDateWithWhatStandsInItsTables() throws Exception {
        database.execute(SchemaMigration.statements("001-usage.sql").toArray(String[]::new));
        database.execute(
                "CREATE TABLE schema_version (version INT UNSIGNED PRIMARY KEY, name VARCHAR(100), applied_at DATETIME)",
                "INSERT INTO schema_version VALUES (1, '001-usage.sql', NOW())",
                "INSERT INTO exporter_status (collector_id, endpoint, exporter, version, domain, since, last_seen, lost,"
                        + " stamp_updated) VALUES ('c', 'e', '10.0.0.1', 5, 0, NOW(), NOW(), 7, NOW())");

        try (Connection connection = database.connect()) {
            SchemaMigration.migrate(connection);
        }

        assertThat(database.rows("SELECT version, name FROM schema_version ORDER BY version"))
                .startsWith("1|001-usage.sql", "2|002-exporter-clock.sql")
                .hasSize(SchemaMigration.current());
        assertThat(database.rows(
                        "SELECT exporter, lost, clock_state, clock_since, clock_offset_millis FROM exporter_status"))
                .containsExactly("10.0.0.1|7||NULL|NULL");
    }

    @Test
    void letsCollectorsThatStartTogetherTakeTurns() throws Exception {
        ExecutorService collectors = Executors.newFixedThreadPool(6);
        try {
            List<Future<Integer>> versions = new ArrayList<>();
            for (int collector = 0; collector < 6; collector++) {
                versions.add(collectors.submit(() -> {
                    try (Connection connection = database.connect()) {
                        return SchemaMigration.migrate(connection);
                    }
                }));
            }
            for (Future<Integer> version : versions) {
                assertThat(version.get()).isEqualTo(SchemaMigration.current());
            }
        } finally {
            collectors.shutdownNow();
        }
    }

    @Test
    void refusesASchemaThatIsNewerThanThisRelease() throws Exception {
        try (Connection connection = database.connect()) {
            SchemaMigration.migrate(connection);
            database.execute("INSERT INTO schema_version VALUES (999, 'of the future', NOW())");

            assertThatThrownBy(() -> SchemaMigration.migrate(connection))
                    .isInstanceOf(DatabaseRefusal.class)
                    .hasMessageContaining("schemaVersion=999")
                    .hasMessageContaining("update Flowtally");
        }
    }
}
