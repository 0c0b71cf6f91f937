// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.ConnectionCounts;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.flowtally.lib.report.EventLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusTablesTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final Exporter EXPORTER = new Exporter("default", "site", 0, 0xffff_0a00_0001L, 5, 257);
    private static final StorageStatus STORAGE =
            new StorageStatus(StorageStatus.State.READY, "", 1, 7, 3, 900, 1000, 1, Optional.of(START));

    private static MariaDbServer server;

    private final List<ExporterStatus> exporters = new ArrayList<>();
    private final List<EndpointStatus> endpoints = new ArrayList<>();
    private final List<ExporterSkew> skews = new ArrayList<>();
    private @Nullable ClockDirectory clocks = new FixedClocks(skews);
    private final EventLog told = new EventLog(10, 10);
    private final Map<Exporter, long[]> toldOfExporters = new ConcurrentHashMap<>();
    private boolean isDecoding = true;
    private StatusTables tables = tables();

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
    void createDatabase() throws Exception {
        database = server.createDatabase();
        try (Connection connection = database.connect()) {
            SchemaMigration.migrate(connection);
        }
    }

    @Test
    void writesTheHeartbeatAndWhomTheCollectorHears() throws Exception {
        endpoints.add(endpoint("a", EndpointStatus.State.OPEN));
        endpoints.add(endpoint("b", EndpointStatus.State.FAILED));
        exporters.add(exporter(100, 5, 0));

        write(START.plusSeconds(10));
        exporters.set(0, exporter(200, 5, 0));
        write(START.plusSeconds(20));

        assertThat(
                        database.rows(
                                "SELECT collector_id, started_at, heartbeat_at, is_running, endpoints_open,"
                                        + " endpoints_total, pages_applied, pages_waiting, pages_damaged, applied_at FROM collector_status"))
                .containsExactly(
                        "c1|2026-11-20 10:00:00.000|2026-11-20 10:00:20.000|1|1|2|7|3|1|2026-11-20 10:00:00.000");
        assertThat(database.rows("SELECT collector_id, endpoint, realm, exporter, version, domain, since, datagrams,"
                        + " `rows`, lost, sampling_rate FROM exporter_status"))
                .containsExactly("c1|default|site|10.0.0.1|5|257|2026-11-20 10:00:00.000|10|200|5|1");
    }

    @Test
    void writesTheClockOfEachExporterAndLeavesItWhileTheGuardIsAway() throws Exception {
        exporters.add(exporter(100, 0, 0));
        write(START.plusSeconds(10));
        assertThat(clockRows()).as("no flow judged yet").containsExactly("|NULL|NULL|NULL||");

        skews.add(skew(ClockState.LEARNING, 0, 0, ""));
        write(START.plusSeconds(20));
        assertThat(clockRows()).containsExactly("LEARNING|2026-11-20 10:00:05.000|NULL|NULL|correct|");

        skews.set(0, skew(ClockState.SKEWED, -3_600_012, 340, "time zone: -1:00 hours"));
        write(START.plusSeconds(30));
        clocks = null;
        write(START.plusSeconds(40));
        assertThat(clockRows())
                .containsExactly("SKEWED|2026-11-20 10:00:05.000|-3600012|340|correct|time zone: -1:00 hours");

        clocks = new FixedClocks(List.of());
        write(START.plusSeconds(50));
        assertThat(clockRows()).as("forgotten by the guard").containsExactly("|NULL|NULL|NULL||");
    }

    @Test
    void tellsOfLossAndRestartOnceInFiveMinutesWithAllThatHappenedSince() throws Exception {
        exporters.add(exporter(100, 5, 0));
        write(START.plusSeconds(10));
        assertThat(database.number("SELECT COUNT(*) FROM netflow_event")).isZero();

        exporters.set(0, exporter(100, 8, 1));
        write(START.plusSeconds(20));
        exporters.set(0, exporter(100, 10, 1));
        write(START.plusSeconds(30));
        exporters.set(0, exporter(100, 20, 1));
        write(START.plusSeconds(400));
        exporters.set(0, exporter(100, 0, 0));
        write(START.plusSeconds(800));

        assertThat(database.rows(
                        "SELECT occurred_at, collector_id, kind, subject, message FROM netflow_event ORDER BY id"))
                .containsExactly(
                        "2026-11-20 10:00:20.000|c1|loss|exporter=10.0.0.1, endpoint=default, version=5, domain=257"
                                + "|lost=3, lostInAll=8",
                        "2026-11-20 10:00:20.000|c1|restart|exporter=10.0.0.1, endpoint=default, version=5, domain=257"
                                + "|restarts=1",
                        "2026-11-20 10:06:40.000|c1|loss|exporter=10.0.0.1, endpoint=default, version=5, domain=257"
                                + "|lost=12, lostInAll=20");
    }

    @Test
    void saysNothingOfAnExporterToWhichNothingHappened() throws Exception {
        exporters.add(exporter(START.plusSeconds(5), 30, 0, 0));
        write(START.plusSeconds(10));
        write(START.plusSeconds(800));
        exporters.set(0, exporter(START.plusSeconds(5), 60, 7, 2));
        write(START.plusSeconds(1_200));
        write(START.plusSeconds(2_000));

        assertThat(database.rows("SELECT kind, message FROM netflow_event ORDER BY id"))
                .containsExactly("loss|lost=7, lostInAll=7", "restart|restarts=2");
    }

    @Test
    void tellsWhatAnExporterLostWhileTheCollectorWasAway() throws Exception {
        exporters.add(exporter(START.plusSeconds(5), 30, 480, 0));

        write(START.plusSeconds(10));

        assertThat(database.rows("SELECT kind, message FROM netflow_event"))
                .containsExactly("loss|lost=480, lostInAll=480");
    }

    @Test
    void writesWhatOthersToldOnceAndInTheOrderOfTelling() throws Exception {
        long now = START.toEpochMilli();
        told.tell(now, 1000, "double-count", "exporter=10.0.0.1", "x".repeat(2000));
        told.tell(now + 1_000, 1000, "refused", "exporter=10.0.0.2", "datagrams=1");

        write(START.plusSeconds(10));
        write(START.plusSeconds(20));

        assertThat(database.rows("SELECT occurred_at, kind, subject, LENGTH(message) FROM netflow_event ORDER BY id"))
                .containsExactly(
                        "2026-11-20 10:00:00.000|double-count|exporter=10.0.0.1|1000",
                        "2026-11-20 10:00:01.000|refused|exporter=10.0.0.2|11");
        assertThat(told.waiting(10)).isEmpty();
    }

    @Test
    void tellsEachLossOnceThoughStorageBeginsAnewOrDecodingIsAway() throws Exception {
        exporters.add(exporter(START.plusSeconds(5), 30, 7, 0));
        write(START.plusSeconds(10));
        exporters.set(0, exporter(START.plusSeconds(5), 60, 9, 0));
        write(START.plusSeconds(20));

        isDecoding = false;
        write(START.plusSeconds(25));
        isDecoding = true;
        tables = tables();
        write(START.plusSeconds(30));
        assertThat(lossRows()).containsExactly("lost=7, lostInAll=7");
        write(START.plusSeconds(400));

        assertThat(lossRows()).containsExactly("lost=7, lostInAll=7", "lost=2, lostInAll=9");
    }

    private List<String> lossRows() throws Exception {
        return database.rows("SELECT message FROM netflow_event WHERE kind = 'loss' ORDER BY id");
    }

    private StatusTables tables() {
        return new StatusTables(
                () -> Optional.of(new Collector.FixedLedger("c1")),
                () -> Optional.of(new FixedEndpoints(endpoints)),
                () -> isDecoding ? Optional.of(new FixedExporters(exporters)) : Optional.empty(),
                () -> Optional.ofNullable(clocks),
                START,
                toldOfExporters,
                told);
    }

    private List<String> clockRows() throws Exception {
        return database.rows("SELECT clock_state, clock_since, clock_offset_millis, clock_spread_millis, clock_policy,"
                + " clock_cause FROM exporter_status");
    }

    private static ExporterSkew skew(ClockState state, long offsetMillis, long spreadMillis, String cause) {
        return new ExporterSkew(
                EXPORTER,
                state,
                START.plusSeconds(5),
                offsetMillis,
                spreadMillis,
                1,
                ClockPolicy.CORRECT,
                cause,
                0,
                START,
                0,
                0,
                Map.of(),
                Map.of());
    }

    private void write(Instant now) throws Exception {
        try (Connection connection = database.connect()) {
            tables.write(connection, "c1", STORAGE, true, now.toEpochMilli());
        }
    }

    private static ExporterStatus exporter(long rows, long lost, long restarts) {
        return exporter(START, rows, lost, restarts);
    }

    private static ExporterStatus exporter(Instant since, long rows, long lost, long restarts) {
        return new ExporterStatus(EXPORTER, since, since, 10, rows, 0, lost, 0, 0, restarts, 1, "header");
    }

    private static EndpointStatus endpoint(String name, EndpointStatus.State state) {
        Endpoint endpoint = new Endpoint(
                name, "127.0.0.1", 2055, Set.of(5), List.of(), false, List.of(), "", 1, SamplingMode.IGNORE, 1);
        return new EndpointStatus(endpoint, state, "", 0, 0, 0, 0, 0, 0, 0, ConnectionCounts.NONE);
    }

    private record FixedEndpoints(List<EndpointStatus> endpoints) implements EndpointDirectory {
        @Override
        public List<RefusedConfiguration> refused() {
            return List.of();
        }
    }

    private record FixedClocks(List<ExporterSkew> exporters) implements ClockDirectory {
        @Override
        public HostClock host() {
            return new HostClock(HostClockState.UNKNOWN, START, "", 0, 0, 0, 0, 0, 0, Optional.empty(), "");
        }
    }

    private record FixedExporters(List<ExporterStatus> exporters) implements ExporterDirectory {
        @Override
        public List<DecoderStatus> decoders() {
            return List.of();
        }

        @Override
        public Map<DecodeResult, Long> datagrams() {
            return Map.of();
        }

        @Override
        public long rowsDecoded() {
            return 0;
        }
    }
}
