// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import org.jspecify.annotations.Nullable;

/**
 * The exporters of one endpoint: their number, and those that have not proven themselves, in the order in which they came.
 * The chain runs through the exporters themselves, so that nothing is allocated for it. One writer.
 */
final class EndpointShare {
    /** How many newcomers get a second chance, one after the other, because they were heard again. */
    private static final int CHANCES = 16;

    private int exporters;
    private int newcomers;
    private @Nullable TrackedExporter oldest;
    private @Nullable TrackedExporter youngest;

    int exporters() {
        return exporters;
    }

    int newcomers() {
        return newcomers;
    }

    /** Takes an exporter in, as the youngest newcomer unless it has proven itself. */
    void add(TrackedExporter exporter) {
        exporters++;
        if (!exporter.isEstablished()) {
            append(exporter);
        }
    }

    /** Lets an exporter go. */
    void remove(TrackedExporter exporter) {
        exporters--;
        if (exporter.isQueued) {
            unlink(exporter);
        }
    }

    /**
     * Returns the newcomer that makes room if room is needed: the one that came first, but for those that were heard again
     * in the meantime.
     *
     * @param spared whose memory must stay
     * @return nothing if all have proven themselves
     */
    @Nullable
    TrackedExporter victim(TemplateMemory spared) {
        int chances = CHANCES;
        TrackedExporter first = oldest;
        while (first != null) {
            if (first.isEstablished()) {
                unlink(first);
            } else if (first.hasMemory(spared) || (chances > 0 && first.cameAgain())) {
                if (newcomers == 1) {
                    return first.hasMemory(spared) ? null : first;
                }
                chances--;
                unlink(first);
                append(first);
            } else {
                return first;
            }
            first = oldest;
        }
        return null;
    }

    private void append(TrackedExporter exporter) {
        exporter.enqueue();
        exporter.older = youngest;
        exporter.younger = null;
        if (youngest == null) {
            oldest = exporter;
        } else {
            youngest.younger = exporter;
        }
        youngest = exporter;
        newcomers++;
    }

    private void unlink(TrackedExporter exporter) {
        TrackedExporter before = exporter.older;
        TrackedExporter behind = exporter.younger;
        if (before == null) {
            oldest = behind;
        } else {
            before.younger = behind;
        }
        if (behind == null) {
            youngest = before;
        } else {
            behind.older = before;
        }
        exporter.older = null;
        exporter.younger = null;
        exporter.isQueued = false;
        newcomers--;
    }
}
