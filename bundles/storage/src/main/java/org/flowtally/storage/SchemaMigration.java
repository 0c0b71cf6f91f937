// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbered statements that bring the schema from nothing to what this release needs. Collectors that start together take
 * turns; an interrupted migration is repeated, which every statement allows.
 */
final class SchemaMigration {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigration.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The resources in order; the number of a migration is its place, from 1. */
    static final List<String> MIGRATIONS =
            List.of("001-usage.sql", "002-exporter-clock.sql", "003-exporter-verdict.sql");

    private static final String VERSION_TABLE = """
            CREATE TABLE IF NOT EXISTS schema_version (
              version INT UNSIGNED NOT NULL PRIMARY KEY,
              name VARCHAR(100) NOT NULL,
              applied_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin""";

    private SchemaMigration() {}

    /** Returns the version that this release needs. */
    static int current() {
        return MIGRATIONS.size();
    }

    /** Brings the schema up to date and returns its version. */
    static int migrate(Connection connection) throws SQLException, DatabaseRefusal {
        int timeoutMillis = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0); // A migration takes what it takes.
        try (DatabaseLock lock = DatabaseLock.take(connection, "schema", PATIENCE)
                        .orElseThrow(() -> new DatabaseRefusal(
                                "another collector has been migrating the schema for a minute; wait for its end"));
                Statement statement = connection.createStatement()) {
            statement.execute(VERSION_TABLE);
            int version = version(statement);
            if (version > current()) {
                throw new DatabaseRefusal(
                        "schema is newer than this release: schemaVersion=%d, supported=%d, lock=%s; update Flowtally"
                                .formatted(version, current(), lock.name()));
            }
            for (int next = version + 1; next <= current(); next++) {
                apply(statement, next);
            }
            return current();
        } finally {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, timeoutMillis);
            }
        }
    }

    /** Returns the statements of a resource: each ends with a semicolon at the end of a line. */
    static List<String> statements(String resource) {
        return Stream.of(text(resource)
                        .lines()
                        .filter(line -> !line.startsWith("--"))
                        .reduce("", (text, line) -> text + line + "\n")
                        .split(";\n"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static void apply(Statement statement, int version) throws SQLException {
        String name = MIGRATIONS.get(version - 1);
        for (String sql : statements(name)) {
            statement.execute(sql);
        }
        try (PreparedStatement insert = statement
                .getConnection()
                .prepareStatement("INSERT IGNORE INTO schema_version VALUES (?, ?, UTC_TIMESTAMP())")) {
            insert.setInt(1, version);
            insert.setString(2, name);
            insert.execute();
        }
        LOG.info("schema migrated: schemaVersion={}, name={}", version, name);
    }

    private static String text(String resource) {
        try (InputStream octets = SchemaMigration.class.getResourceAsStream("schema/" + resource)) {
            if (octets == null) {
                throw new IllegalStateException("resource missing: name=" + resource);
            }
            return new String(octets.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
