// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.lib.report.EventLog;

/** The tables in which a collector says that it lives and whom it hears. Whatever bundle is away just says nothing. */
final class StatusTables {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int MOST_MESSAGE_LETTERS = 1000;

    private static final String COLLECTOR = """
            INSERT INTO collector_status (collector_id, host_name, started_at, heartbeat_at, is_running, message, run_id,
              endpoints_open, endpoints_total, pages_applied, pages_waiting, pages_damaged, applied_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE host_name = VALUES(host_name), started_at = VALUES(started_at),
              heartbeat_at = VALUES(heartbeat_at), is_running = VALUES(is_running), message = VALUES(message),
              run_id = VALUES(run_id), endpoints_open = VALUES(endpoints_open), endpoints_total = VALUES(endpoints_total),
              pages_applied = VALUES(pages_applied), pages_waiting = VALUES(pages_waiting),
              pages_damaged = VALUES(pages_damaged), applied_at = COALESCE(VALUES(applied_at), applied_at)""";

    private final Supplier<Optional<UsageLedger>> ledger;
    private final Supplier<Optional<EndpointDirectory>> endpoints;
    private final Supplier<Optional<ExporterDirectory>> exporters;
    private final ExporterTable exporterTable;
    private final EventTable eventTable;
    private final ExporterEvents events;
    private final Instant startedAt;
    private final String hostName = hostName();

    StatusTables(
            Supplier<Optional<UsageLedger>> ledger,
            Supplier<Optional<EndpointDirectory>> endpoints,
            Supplier<Optional<ExporterDirectory>> exporters,
            Supplier<Optional<ClockDirectory>> clocks,
            Instant startedAt,
            Map<Exporter, long[]> toldOfExporters,
            EventLog told) {
        exporterTable = new ExporterTable(clocks);
        eventTable = new EventTable(told);
        events = new ExporterEvents(eventTable, startedAt.toEpochMilli(), toldOfExporters);
        this.ledger = ledger;
        this.endpoints = endpoints;
        this.exporters = exporters;
        this.startedAt = startedAt;
    }

    /** Forgets what it knows of the database. */
    void forget() {
        eventTable.forget();
    }

    /** Returns the id of this collector, if its ledger is there to say. */
    Optional<String> collectorId() {
        return ledger.get().map(present -> present.status().collectorId());
    }

    /** Writes what is known now. */
    void write(Connection connection, String collectorId, StorageStatus storage, boolean isRunning, long nowMillis)
            throws SQLException {
        writeCollector(connection, collectorId, storage, isRunning, nowMillis);
        if (collectorId().filter(collectorId::equals).isPresent()) {
            Optional<ExporterDirectory> directory = exporters.get();
            if (directory.isPresent()) { // While it is away nothing happens to exporters, and none is forgotten.
                List<ExporterStatus> known = directory.get().exporters();
                exporterTable.write(connection, collectorId, known, nowMillis);
                events.write(connection, collectorId, known, nowMillis);
            }
            eventTable.writeTold(connection, collectorId);
        }
    }

    private void writeCollector(
            Connection connection, String collectorId, StorageStatus storage, boolean isRunning, long nowMillis)
            throws SQLException {
        List<EndpointStatus> sockets =
                endpoints.get().map(EndpointDirectory::endpoints).orElse(List.of());
        long open = sockets.stream()
                .filter(socket -> socket.state() == EndpointStatus.State.OPEN)
                .count();
        try (PreparedStatement write = connection.prepareStatement(COLLECTOR)) {
            write.setString(1, collectorId);
            write.setString(2, hostName);
            write.setString(3, SqlText.dateTimeMillis(startedAt.toEpochMilli()));
            write.setString(4, SqlText.dateTimeMillis(nowMillis));
            write.setBoolean(5, isRunning);
            String message = storage.message();
            write.setString(6, message.substring(0, Math.min(message.length(), MOST_MESSAGE_LETTERS)));
            write.setLong(
                    7,
                    ledger.get()
                            .map(UsageLedger::status)
                            .map(LedgerStatus::runId)
                            .orElse(0L));
            write.setLong(8, open);
            write.setLong(9, sockets.size());
            write.setLong(10, storage.pagesApplied());
            write.setLong(11, storage.pagesWaiting());
            write.setLong(12, storage.pagesDamaged());
            if (storage.lastApplied().isPresent()) {
                write.setString(
                        13, SqlText.dateTimeMillis(storage.lastApplied().get().toEpochMilli()));
            } else {
                write.setNull(13, Types.VARCHAR);
            }
            write.execute();
        }
    }

    /** The kernel's word, since asking for the local host would ask a name server. */
    private static String hostName() {
        try {
            return Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException notLinux) {
            return "unknown";
        }
    }
}
