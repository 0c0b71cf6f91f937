// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of storage.
 *
 * @param url the JDBC URL, without account
 * @param user the database user
 * @param passwordFile the file with the password
 * @param poolSize connections for look-ups
 * @param connectTimeout how long opening a connection may take
 * @param statementTimeout how long a statement may take
 * @param applyInterval the least time between two transactions that apply pages
 * @param drainTime how long an orderly stop applies waiting pages
 * @param statusInterval the time between two writes of the status tables
 * @param timeZone the operator's time zone
 */
record StorageSettings(
        String url,
        String user,
        Path passwordFile,
        int poolSize,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration applyInterval,
        Duration drainTime,
        Duration statusInterval,
        ZoneId timeZone) {
    static final String PID = "org.flowtally.storage";

    private static final String SCHEME = "jdbc:mariadb://";

    static StorageSettings of(StorageConfig config, Map<String, ?> given, Path etcFolder) {
        ConfigurationValues values = new ConfigurationValues(PID, StorageConfig.class, given);
        String url = config.url().strip();
        String options = url.toLowerCase(Locale.ROOT);
        if (!options.startsWith(SCHEME) || url.indexOf('/', SCHEME.length()) < 0) {
            throw values.refused("url", SCHEME + "host:port/database");
        }
        if (options.contains("password=") || options.contains("user=")) {
            // Not shown: it may hold the password.
            throw new ConfigurationRejected(
                    PID, "url", SCHEME + "…", "no account in the URL: use user and password.file");
        }
        if (config.user().isBlank()) {
            throw values.refused("user", "a database user");
        }
        if (config.password_file().isBlank()) {
            throw values.refused("password.file", "the name of a file");
        }
        return new StorageSettings(
                url,
                config.user().strip(),
                etcFolder.resolve(config.password_file().strip()),
                values.number("pool.size", config::pool_size, 1, 64),
                Duration.ofSeconds(values.number("connect.timeout.seconds", config::connect_timeout_seconds, 1, 300)),
                Duration.ofSeconds(
                        values.number("statement.timeout.seconds", config::statement_timeout_seconds, 1, 3600)),
                Duration.ofMillis(values.number("apply.interval.millis", config::apply_interval_millis, 0, 60_000)),
                Duration.ofSeconds(values.number("drain.seconds", config::drain_seconds, 0, 3600)),
                Duration.ofSeconds(values.number("status.interval.seconds", config::status_interval_seconds, 1, 3600)),
                timeZone(config, values));
    }

    private static ZoneId timeZone(StorageConfig config, ConfigurationValues values) {
        try {
            return ZoneId.of(config.time_zone().strip());
        } catch (DateTimeException unknown) {
            throw values.refused("time.zone", "a time zone such as UTC or Europe/Prague");
        }
    }
}
