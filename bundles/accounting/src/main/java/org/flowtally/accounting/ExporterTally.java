// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.VerdictTotal;
import org.jspecify.annotations.Nullable;

/** What one exporter sent within one hour of arrival, as far as the ledger it belongs to has seen it. */
@SuppressWarnings("EnumOrdinal") // Verdicts are counted by ordinal within one process; ordinals are never stored.
final class ExporterTally {
    private static final int VERDICTS = Verdict.count();

    final Exporter exporter;
    final long hourStartMillis;
    final @Nullable ExporterTally earlier; // The same exporter in another hour.

    long datagrams;
    long lost;
    long damaged;
    private final long[] rows = new long[VERDICTS];
    private final long[] octets = new long[VERDICTS];

    ExporterTally(Exporter exporter, long hourStartMillis, @Nullable ExporterTally earlier) {
        this.exporter = exporter;
        this.hourStartMillis = hourStartMillis;
        this.earlier = earlier;
    }

    /** Adds rows that ended in a verdict. */
    void add(int verdict, long moreRows, long moreOctets) {
        rows[verdict] += moreRows;
        octets[verdict] += moreOctets;
    }

    void absorb(ExporterTally other) {
        datagrams += other.datagrams;
        lost += other.lost;
        damaged += other.damaged;
        for (int verdict = 0; verdict < VERDICTS; verdict++) {
            add(verdict, other.rows[verdict], other.octets[verdict]);
        }
    }

    ExporterTotal total() {
        long allRows = 0;
        long allOctets = 0;
        List<VerdictTotal> verdicts = new ArrayList<>();
        for (int verdict = 0; verdict < VERDICTS; verdict++) {
            if (rows[verdict] != 0) {
                allRows += rows[verdict];
                allOctets += octets[verdict];
                verdicts.add(new VerdictTotal(Verdict.of(verdict).name(), rows[verdict], octets[verdict]));
            }
        }
        long counted = octets[Verdict.COUNTED.ordinal()];
        long unmatched = octets[Verdict.NO_SUBSCRIBER.ordinal()];
        return new ExporterTotal(
                exporter,
                hourStartMillis,
                datagrams,
                allRows,
                lost,
                damaged,
                allOctets,
                counted,
                allOctets - counted - unmatched,
                unmatched,
                verdicts);
    }
}
