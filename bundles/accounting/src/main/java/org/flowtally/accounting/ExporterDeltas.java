// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.LastingCounters;

/**
 * What the exporters did since it was last asked, from counters of the version switch that only grow. What was taken is
 * remembered in counters that outlive a swap of this bundle, so that nothing is taken twice. Used under both locks of {@link UsageAccounting}.
 */
final class ExporterDeltas {
    private static final int SINCE = 0;
    private static final int DATAGRAMS = 1;
    private static final int LOST = 2;
    private static final int DAMAGED = 3;
    private static final int TAKEN = 4;

    private final BiFunction<String, Integer, CounterArray> lasting;
    private final NamedExporters names;
    private final Map<Exporter, CounterArray> takenByExporter = new HashMap<>();

    ExporterDeltas(BiFunction<String, Integer, CounterArray> lasting, NamedExporters names) {
        this.lasting = lasting;
        this.names = names;
    }

    /** Adds to the ledger what happened since the last call, in the hour of {@code nowMillis}. */
    void take(List<ExporterStatus> exporters, ExporterTallies tallies, long nowMillis) {
        names.list(exporters);
        if (takenByExporter.size() > 2 * exporters.size()) {
            letGo(exporters);
        }
        for (ExporterStatus status : exporters) {
            CounterArray taken = takenByExporter.computeIfAbsent(
                    status.exporter(), exporter -> lasting.apply(nameOf(exporter), TAKEN));
            long sinceMillis = status.since().toEpochMilli();
            if (taken.value(SINCE) != sinceMillis) {
                restart(taken, sinceMillis);
            }
            long datagrams = status.datagrams() - taken.value(DATAGRAMS);
            // Late arrivals take units back; usage tables only grow, so what was told already is told once less later.
            long lost = Math.max(0, status.lost() - taken.value(LOST));
            long damaged = status.damaged() - taken.value(DAMAGED);
            if ((datagrams | lost | damaged) != 0) {
                ExporterTally tally = tallies.tally(status.exporter(), nowMillis, names);
                tally.datagrams += datagrams;
                tally.lost += lost;
                tally.damaged += damaged;
                taken.add(DATAGRAMS, datagrams);
                taken.add(LOST, lost);
                taken.add(DAMAGED, damaged);
            }
        }
    }

    /** Returns how many exporters are remembered. */
    int size() {
        return takenByExporter.size();
    }

    private static String nameOf(Exporter exporter) {
        return "accounting.taken " + exporter;
    }

    /** Forgets exporters that the version switch has forgotten. */
    private void letGo(List<ExporterStatus> exporters) {
        Set<Exporter> known = new HashSet<>();
        exporters.forEach(status -> known.add(status.exporter()));
        takenByExporter.keySet().removeIf(exporter -> {
            boolean isGone = !known.contains(exporter);
            if (isGone) {
                LastingCounters.forget(nameOf(exporter));
            }
            return isGone;
        });
    }

    private static void restart(CounterArray taken, long sinceMillis) {
        taken.add(SINCE, sinceMillis - taken.value(SINCE));
        for (int counter = DATAGRAMS; counter < TAKEN; counter++) {
            taken.add(counter, -taken.value(counter));
        }
    }
}
