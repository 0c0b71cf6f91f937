// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A note on disk of whose rows are held back, renewed each second by a thread of its own: a crash loses what is held, and the
 * note lets the next start tell how much that was. There is none while nothing is held.
 */
final class HeldNote {
    private static final Logger LOG = LoggerFactory.getLogger(HeldNote.class);
    private static final int COLUMNS = 3;

    private final Path path;
    private final Supplier<List<ExporterSkew>> exporters;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "flowtally-held");
        thread.setDaemon(true);
        return thread;
    });
    private String written = ""; // Owned by the writer and, once that has ended, by the caller of stop().

    /** Names the file, which need not exist. */
    HeldNote(Path path, Supplier<List<ExporterSkew>> exporters) {
        this.path = path;
        this.exporters = exporters;
    }

    /** Tells what a crash has lost, and keeps the note from now on. */
    void start(boolean isHeldStill, EventLog events, InstantSource clock) {
        if (!isHeldStill) {
            tellLost(events, clock);
        }
        ScheduledFuture<?> unused = writer.scheduleWithFixedDelay(this::write, 1, 1, TimeUnit.SECONDS);
    }

    /** Writes the last state: there is no note if all was let go. */
    void stop() {
        writer.shutdown();
        try {
            if (writer.awaitTermination(1, TimeUnit.SECONDS)) {
                write();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellLost(EventLog events, InstantSource clock) {
        try {
            if (!Files.exists(path)) {
                return;
            }
            for (String line : Files.readAllLines(path)) {
                String[] columns = line.split("\t", -1);
                if (columns.length == COLUMNS) {
                    String message = "rows=" + columns[1] + ", octets=" + columns[2];
                    events.tell(clock.millis(), 0, "quarantine-lost", columns[0], message);
                    LOG.error("flows in quarantine were lost with a crash: {}, {}", columns[0], message);
                }
            }
            Files.delete(path);
        } catch (IOException broken) {
            LOG.warn("note of held flows not read: path={}", path, broken);
        }
    }

    /** Renews the note if it says something else by now. */
    void write() {
        StringBuilder note = new StringBuilder();
        for (ExporterSkew each : exporters.get()) {
            if (each.heldRows() > 0) { // It may just have let go.
                Exporter exporter = each.exporter();
                note.append("exporter=%s, endpoint=%s, version=%d, domain=%d\t%d\t%d\n"
                        .formatted(
                                exporter.sender(),
                                exporter.endpoint(),
                                exporter.version(),
                                exporter.domain(),
                                each.heldRows(),
                                each.heldOctets()));
            }
        }
        String now = note.toString();
        if (now.equals(written)) {
            return;
        }
        try {
            if (now.isEmpty()) {
                Files.deleteIfExists(path);
            } else {
                Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
                Path next = path.resolveSibling(path.getFileName() + ".next");
                Files.writeString(next, now, StandardCharsets.UTF_8);
                Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            written = now;
        } catch (IOException broken) {
            LOG.warn("note of held flows not written, tried again: path={}", path, broken);
        }
    }
}
