// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.SequenceFile;
import org.flowtally.lib.template.SequencePosition;
import org.flowtally.lib.template.TemplateFile;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps on disk what is known of exporters: reads it at the start, writes templates and learned options a few seconds after a
 * change and at the end, and where sequence numbers stand at the end only. It has a thread of its own, so that the disk never
 * holds up the lane.
 */
final class ExporterKeeper {
    /** Keeps nothing. */
    static final ExporterKeeper NONE = new ExporterKeeper(
            Path.of("none"),
            new ExporterTable(0, 0, new TemplateSpace(TemplateLimits.USUAL)),
            new TemplateSpace(TemplateLimits.USUAL));

    private static final Logger LOG = LoggerFactory.getLogger(ExporterKeeper.class);
    private static final int PAUSE_SECONDS = 5;

    private final TemplateFile file;
    private final SequenceFile sequences;
    private final Path folder;
    private final ExporterTable exporters;
    private final TemplateSpace space;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "flowtally-templates");
        thread.setDaemon(true);
        return thread;
    });
    private long written;

    /** Names the folder, which need not exist. */
    ExporterKeeper(Path folder, ExporterTable exporters, TemplateSpace space) {
        this.folder = folder;
        this.exporters = exporters;
        this.space = space;
        file = new TemplateFile(folder.resolve("templates.bin"));
        sequences = new SequenceFile(folder.resolve("sequences.bin"));
    }

    /**
     * Keeps what changes from now on.
     *
     * @param restores whether what was kept is to be restored: not if nothing was forgotten
     */
    void start(boolean restores) {
        try {
            if (restores) {
                exporters.restore(file.read());
            }
        } catch (IOException broken) {
            LOG.warn("templates on disk not taken, exporters will send theirs again: folder={}", folder, broken);
        }
        try {
            List<SequencePosition> left = sequences.take(); // Whether it serves or not: it is the last stop's alone.
            if (restores) {
                exporters.resume(left);
            }
        } catch (IOException broken) {
            LOG.warn(
                    "sequence numbers on disk not taken, what was lost meanwhile is not told: folder={}",
                    folder,
                    broken);
        }
        ScheduledFuture<?> unused =
                writer.scheduleWithFixedDelay(this::write, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Writes the last state, with the last sequence numbers, by which it is told whether an exporter restarted and what was
     * lost meanwhile. Nothing may be decoded any more.
     */
    void stop() {
        if (this == NONE) {
            return;
        }
        writer.execute(() -> {
            written = -1;
            write();
            leaveSequences();
        });
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PAUSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("exporters not written in time: folder={}", folder);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        long changes = space.changes();
        if (changes == written) {
            return;
        }
        try {
            file.write(exporters.remembered());
            written = changes;
        } catch (IOException broken) {
            LOG.warn("templates not written, tried again: folder={}", folder, broken);
        }
    }

    private void leaveSequences() {
        try {
            sequences.leave(exporters.positions());
        } catch (IOException broken) {
            LOG.warn(
                    "sequence numbers not written, what is lost until the start is not told: folder={}",
                    folder,
                    broken);
        }
    }
}
