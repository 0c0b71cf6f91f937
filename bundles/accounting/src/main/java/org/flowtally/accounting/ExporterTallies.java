// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.ExporterTotal;
import org.jspecify.annotations.Nullable;

/** Tallies by exporter and hour of arrival. Owned by the thread that owns the ledger they belong to. */
final class ExporterTallies {
    private static final long HOUR_MILLIS = 3_600_000;

    private final Map<Exporter, ExporterTally> tallies = new HashMap<>();
    private @Nullable ExporterTally last;

    void clear() {
        tallies.clear();
        last = null;
    }

    boolean isEmpty() {
        return tallies.isEmpty();
    }

    /** Returns the tally of an exporter, or of who stands for it, for the hour of an instant. */
    ExporterTally tally(Exporter exporter, long millis, NamedExporters names) {
        ExporterTally found = last;
        if (found == null
                || !found.exporter.equals(exporter)
                || millis < found.hourStartMillis
                || millis >= found.hourStartMillis + HOUR_MILLIS) {
            long hourStartMillis = millis - Math.floorMod(millis, HOUR_MILLIS);
            found = find(names.nameOf(exporter, hourStartMillis), hourStartMillis);
            last = found;
        }
        return found;
    }

    void absorb(ExporterTallies other) {
        for (ExporterTally latest : other.tallies.values()) {
            for (ExporterTally tally = latest; tally != null; tally = tally.earlier) {
                find(tally.exporter, tally.hourStartMillis).absorb(tally);
            }
        }
    }

    List<ExporterTotal> totals() {
        List<ExporterTotal> totals = new ArrayList<>(tallies.size());
        for (ExporterTally latest : tallies.values()) {
            for (ExporterTally tally = latest; tally != null; tally = tally.earlier) {
                totals.add(tally.total());
            }
        }
        return totals;
    }

    private ExporterTally find(Exporter exporter, long hourStartMillis) {
        ExporterTally latest = tallies.get(exporter);
        for (ExporterTally tally = latest; tally != null; tally = tally.earlier) {
            if (tally.hourStartMillis == hourStartMillis) {
                return tally;
            }
        }
        ExporterTally made = new ExporterTally(exporter, hourStartMillis, latest);
        tallies.put(exporter, made);
        return made;
    }
}
