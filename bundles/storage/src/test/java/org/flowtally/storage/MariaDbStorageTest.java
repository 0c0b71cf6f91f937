// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.flowtally.storage.Collector.HOUR;
import static org.flowtally.storage.Collector.TEN;
import static org.flowtally.storage.Collector.await;
import static org.flowtally.storage.Collector.usage;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.StorageStatus.State;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.flowtally.lib.page.PageSpool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class MariaDbStorageTest {
    private static MariaDbServer server;

    private final Map<DataSource, Dictionary<?, ?>> registered = new ConcurrentHashMap<>();

    @TempDir
    private Path data;

    private Database database;
    private long sequence;

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
    void offersTheDatabaseToOthersWithoutItsSecretAndTakesTheOfferBack() throws Exception {
        MariaDbStorage storage = start(Map.of());

        DataSource offered = registered.keySet().iterator().next();
        try (Connection connection = offered.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT @@time_zone, @@sql_mode")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getString(1)).isEqualTo("+00:00");
            assertThat(result.getString(2)).contains("STRICT_ALL_TABLES");
        }
        assertThat(registered.get(offered).get("osgi.jndi.service.name")).isEqualTo("flowtally");
        assertThat(registered.get(offered) + " " + offered).doesNotContain(database.password());

        storage.deactivate();
        assertThat(registered).isEmpty();
        assertThatThrownBy(offered::getConnection).isInstanceOf(SQLException.class);
    }

    @Test
    void answersQuestionsTheLargestFirst() throws IOException {
        MariaDbStorage storage = start(Map.of());
        long before = storage.status().pagesApplied();
        append(usage("a", TEN, 1, 2), usage("b", TEN, -1, -1), usage("c", TEN, 5, 5), usage("a", TEN + HOUR, 7, 8));
        await().until(() -> storage.status().pagesApplied() == before + 1);
        Instant ten = Instant.ofEpochMilli(TEN);

        List<UsageTotal> all = storage.usage(new UsageQuery("", ten, ten.plusSeconds(3600), 2));
        List<UsageTotal> ofOne = storage.usage(new UsageQuery("a", ten, ten.plusSeconds(7200), 10));

        assertThat(all).containsExactly(usage("b", TEN, -1, -1), usage("c", TEN, 5, 5));
        assertThat(ofOne).containsExactly(usage("a", TEN + HOUR, 7, 8), usage("a", TEN, 1, 2));
        storage.deactivate();
    }

    @Test
    void startsWithTheLastGoodConfigurationWhenTheNextIsRefused() throws IOException {
        start(Map.of("user", "stranger")).deactivate();
        MariaDbStorage again = start(Map.of("pool.size", "1000"));
        await().until(() -> again.status().state() == State.REFUSED);
        append(usage("a", TEN, 1, 2));
        assertThat(again.status().message()).contains("user=stranger");
        again.deactivate();
        assertThat(again.status().pagesWaiting()).isEqualTo(1);
        long before = again.status().pagesApplied();

        MariaDbStorage mended = start(Map.of());
        await().until(() -> mended.status().pagesApplied() == before + 1);

        assertThat(mended.status().schemaVersion()).isEqualTo(SchemaMigration.current());
        assertThat(mended.status().pagesWaiting()).isZero();
        assertThat(mended.status().lastApplied()).isPresent();
        assertThat(registered).hasSize(1);
        mended.deactivate();
    }

    @Test
    void countsOnWhenItsConfigurationChanges() throws IOException {
        MariaDbStorage storage = start(Map.of());
        long before = storage.status().pagesApplied();
        append(usage("a", TEN, 1, 2));
        await().until(() -> storage.status().pagesApplied() == before + 1);
        storage.deactivate();
        String startedAt = startedAt();

        MariaDbStorage changed = start(Map.of("pool.size", "3"));
        assertThat(changed.status().pagesApplied()).isEqualTo(before + 1);
        assertThat(changed.status().lastApplied())
                .isPresent()
                .isEqualTo(storage.status().lastApplied());
        append(usage("a", TEN, 1, 2));
        await().until(() -> changed.status().pagesApplied() == before + 2);
        changed.deactivate();

        assertThat(database.rows("SELECT pages_applied FROM collector_status"))
                .containsExactly(String.valueOf(before + 2));
        assertThat(startedAt()).isEqualTo(startedAt);
    }

    private String startedAt() {
        return database.rows("SELECT started_at FROM collector_status").get(0);
    }

    private void append(UsageTotal... usage) throws IOException {
        PageSpool.in(data.resolve("pages"))
                .append(new UsagePage(
                        new PageId("c1", TEN << 20, ++sequence), TEN, List.of(usage), List.of(), List.of()));
    }

    private MariaDbStorage start(Map<String, String> changes) throws IOException {
        Map<String, String> given = given(changes);
        return new MariaDbStorage(bundleContext(), StorageSettingsTest.config(given), given);
    }

    private Map<String, String> given(Map<String, String> changes) {
        Map<String, String> given = new HashMap<>(Map.of(
                "url",
                database.jdbcUrl(),
                "user",
                database.user(),
                "password.file",
                database.passwordFile().toString(),
                "apply.interval.millis",
                "0"));
        given.putAll(changes);
        return given;
    }

    private BundleContext bundleContext() {
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getProperty")) {
                        return arguments[0].equals("flowtally.data") ? data.toString() : null;
                    }
                    DataSource service = (DataSource) arguments[1];
                    registered.put(service, (Dictionary<?, ?>) arguments[2]);
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {ServiceRegistration.class},
                            (registration, call, nothing) -> registered.remove(service));
                });
    }
}
