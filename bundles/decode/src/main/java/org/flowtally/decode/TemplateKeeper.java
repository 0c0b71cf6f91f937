// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.TemplateFile;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps templates and learned options on disk: reads them at the start, writes them a few seconds after a change and at the
 * end. It has a thread of its own, so that the disk never holds up the lane.
 */
final class TemplateKeeper {
    /** Keeps nothing. */
    static final TemplateKeeper NONE = new TemplateKeeper(
            Path.of(""),
            new ExporterTable(0, 0, new TemplateSpace(TemplateLimits.USUAL)),
            new TemplateSpace(TemplateLimits.USUAL));

    private static final Logger LOG = LoggerFactory.getLogger(TemplateKeeper.class);
    private static final int PAUSE_SECONDS = 5;

    private final TemplateFile file;
    private final Path path;
    private final ExporterTable exporters;
    private final TemplateSpace space;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "flowtally-templates");
        thread.setDaemon(true);
        return thread;
    });
    private long written;

    TemplateKeeper(Path path, ExporterTable exporters, TemplateSpace space) {
        this.path = path;
        this.exporters = exporters;
        this.space = space;
        file = new TemplateFile(path);
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
            LOG.warn("templates on disk not taken, exporters will send theirs again: path={}", path, broken);
        }
        ScheduledFuture<?> unused =
                writer.scheduleWithFixedDelay(this::write, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    /** Writes the last state, with the last sequence numbers, by which it is told whether an exporter restarted. */
    void stop() {
        if (this == NONE) {
            return;
        }
        writer.execute(() -> {
            written = -1;
            write();
        });
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PAUSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("templates not written in time: path={}", path);
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
            LOG.warn("templates not written, tried again: path={}", path, broken);
        }
    }
}
