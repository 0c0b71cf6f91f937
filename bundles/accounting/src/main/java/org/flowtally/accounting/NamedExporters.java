// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Exporter;

/**
 * The exporters that get rows of their own in the tables: those that the version switch lists, and so many strangers an hour.
 * What further strangers send stands under the address ::, so that forged senders fill neither the memory nor the database.
 * Owned by the thread that holds the lane lock.
 */
final class NamedExporters {
    /** How many exporters get a name in an hour before the version switch lists them. */
    static final int MOST_STRANGERS = 2000;

    private final Set<Exporter> listed = new HashSet<>();
    private final Set<Exporter> strangers = new HashSet<>();
    private final Map<String, Exporter> others = new HashMap<>();
    private long hourStartMillis = -1;

    /** Takes notice of whom the version switch lists. */
    void list(List<ExporterStatus> statuses) {
        if (listed.size() > 2 * statuses.size()) {
            listed.clear();
        }
        for (ExporterStatus status : statuses) {
            listed.add(status.exporter());
        }
    }

    /** Returns the exporter, or who stands for it in that hour. */
    Exporter nameOf(Exporter exporter, long inHourMillis) {
        if (listed.contains(exporter)) {
            return exporter;
        }
        if (inHourMillis != hourStartMillis) {
            hourStartMillis = inHourMillis;
            strangers.clear();
        }
        if (strangers.contains(exporter)) {
            return exporter;
        }
        if (strangers.size() < MOST_STRANGERS) {
            strangers.add(exporter);
            return exporter;
        }
        return others.computeIfAbsent(
                exporter.realm() + '/' + exporter.endpoint(),
                key -> new Exporter(exporter.endpoint(), exporter.realm(), 0, 0, 0, 0));
    }
}
