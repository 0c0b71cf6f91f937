// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.support.table.ShellTable;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.StorageStatus;

/** What {@code flowtally:status} prints. */
final class StatusPage {
    private static final int FACT_WIDTH = 104;
    private static final String AWAY = "away";

    private StatusPage() {}

    static Map<String, Object> object(Snapshot snapshot) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("ready", snapshot.isReady());
        object.put("why", snapshot.obstacles());
        object.put(
                "failedStarts",
                snapshot.failedStarts().stream().map(FailedStart::reason).toList());
        object.put("refusedConfigurations", snapshot.refusedConfigurations());
        object.put(
                "endpoints",
                snapshot.endpoints()
                        .map(all -> all.stream()
                                .map(status -> EndpointObject.of(status, false))
                                .toList()));
        object.put("lane", snapshot.lane());
        object.put("ledger", snapshot.ledger());
        object.put("storage", snapshot.storage());
        object.put("assignments", snapshot.assignments());
        object.put("hostClock", snapshot.hostClock());
        object.put("refusedDatagrams", snapshot.refusedDatagrams());
        object.put("warnings", snapshot.warnings());
        return object;
    }

    static String readyLine(Snapshot snapshot) {
        return snapshot.isReady() ? "ready: yes" : "ready: no (" + String.join("; ", snapshot.obstacles()) + ")";
    }

    static void print(Snapshot snapshot, PrintStream out) {
        for (String line : Lines.of(readyLine(snapshot), Listing.WIDTH)) {
            out.println(line);
        }
        ShellTable table = new ShellTable().noHeaders();
        table.column("Part");
        table.column("State");
        add(table, "endpoints", snapshot.endpoints().map(StatusPage::endpoints).orElse(AWAY));
        add(table, "lane", snapshot.lane().map(StatusPage::lane).orElse(AWAY));
        add(table, "hand-off", snapshot.lane().map(StatusPage::handOff).orElse(AWAY));
        add(table, "ledger", snapshot.ledger().map(StatusPage::ledger).orElse(AWAY));
        add(table, "storage", snapshot.storage().map(StatusPage::storage).orElse(AWAY));
        add(
                table,
                "assignments",
                snapshot.assignments().map(StatusPage::assignments).orElse(AWAY));
        add(table, "clock", snapshot.hostClock().map(ClocksCommand::host).orElse(AWAY));
        for (String warning : snapshot.warnings()) {
            add(table, "warning", warning);
        }
        table.print(out);
    }

    private static void add(ShellTable table, String part, String fact) {
        String label = part;
        for (String line : Lines.of(fact, FACT_WIDTH)) {
            table.addRow().addContent(label, line);
            label = "";
        }
    }

    private static String endpoints(List<EndpointStatus> all) {
        List<String> open = new ArrayList<>();
        for (EndpointStatus status : all) {
            if (status.state() == EndpointStatus.State.OPEN) {
                open.add(status.endpoint().name() + " on "
                        + Texts.socket(
                                status.endpoint().bindAddress(),
                                status.endpoint().port()));
            }
        }
        String names = open.isEmpty() ? "" : ": " + String.join(", ", open);
        return "%d of %d open%s".formatted(open.size(), all.size(), names);
    }

    private static String lane(LaneStatus lane) {
        String state = lane.waitingFor().isEmpty() ? "running" : "waiting for " + lane.waitingFor();
        return "%s since %s, datagrams: done=%d, lost=%d, batches failed=%d"
                .formatted(
                        state,
                        Texts.time(lane.since()),
                        lane.datagramsDone(),
                        lane.datagramsLost(),
                        lane.batchesFailed());
    }

    private static String handOff(LaneStatus lane) {
        return "%d of %d octets".formatted(lane.handOffOctets(), lane.handOffBoundOctets());
    }

    private static String ledger(LedgerStatus ledger) {
        return "collector %s, run %d, %d of %d entries, pages written=%d"
                .formatted(
                        ledger.collectorId(),
                        ledger.runId(),
                        ledger.entries(),
                        ledger.entriesBound(),
                        ledger.pagesWritten());
    }

    private static String storage(StorageStatus storage) {
        return "%s, schema %d, pages: applied=%d, waiting=%d (%d of %d octets), damaged=%d, last applied %s"
                .formatted(
                        storage.state(),
                        storage.schemaVersion(),
                        storage.pagesApplied(),
                        storage.pagesWaiting(),
                        storage.octetsWaiting(),
                        storage.octetsBound(),
                        storage.pagesDamaged(),
                        time(storage.lastApplied()));
    }

    static String assignments(AssignmentStatus status) {
        return "%s, assignments=%d, subscribers=%d, conflicts=%d, skipped=%d, loaded %s"
                .formatted(
                        status.source(),
                        status.assignments(),
                        status.subscribers(),
                        status.conflicts(),
                        status.skipped(),
                        time(status.loadedAt()));
    }

    private static String time(Optional<Instant> instant) {
        return instant.map(Texts::time).orElse("never");
    }
}
