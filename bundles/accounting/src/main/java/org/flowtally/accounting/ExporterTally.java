// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.ExporterTotal;
import org.jspecify.annotations.Nullable;

/** What one exporter sent within one hour of arrival, as far as the ledger it belongs to has seen it. */
final class ExporterTally {
    final Exporter exporter;
    final long hourStartMillis;
    final @Nullable ExporterTally earlier; // The same exporter in another hour.

    long datagrams;
    long rows;
    long lost;
    long damaged;
    long octetsCounted;
    long octetsDiscarded;
    long octetsUnmatched;

    ExporterTally(Exporter exporter, long hourStartMillis, @Nullable ExporterTally earlier) {
        this.exporter = exporter;
        this.hourStartMillis = hourStartMillis;
        this.earlier = earlier;
    }

    void absorb(ExporterTally other) {
        datagrams += other.datagrams;
        rows += other.rows;
        lost += other.lost;
        damaged += other.damaged;
        octetsCounted += other.octetsCounted;
        octetsDiscarded += other.octetsDiscarded;
        octetsUnmatched += other.octetsUnmatched;
    }

    ExporterTotal total() {
        return new ExporterTotal(
                exporter,
                hourStartMillis,
                datagrams,
                rows,
                lost,
                damaged,
                octetsCounted + octetsDiscarded + octetsUnmatched,
                octetsCounted,
                octetsDiscarded,
                octetsUnmatched);
    }
}
