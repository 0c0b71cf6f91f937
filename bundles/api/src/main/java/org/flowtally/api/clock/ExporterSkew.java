// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

import java.time.Instant;
import java.util.Map;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.flow.Exporter;

/**
 * What is known of one exporter's clock, and what was done to its flows. Counters run since it was first heard.
 *
 * @param exporter who it is
 * @param state what is known
 * @param since since when
 * @param offsetMillis by how much the clock is ahead of this host's; negative if it is behind; 0 while nothing is known
 * @param spreadMillis how far apart delays lay within the last minute measured: what queueing and batching make of it
 * @param resolutionMillis what the export time is told in: 1, or 1000 where headers have whole seconds
 * @param policy what becomes of its flow times
 * @param cause the likely cause of an error; empty if none shows
 * @param jumps how often the clock stepped
 * @param lastSeen when flows of it arrived last
 * @param heldRows rows held back now
 * @param heldOctets their octets, scaled by sampling
 * @param rows rows by what was done to them
 * @param octets octets by what was done to their rows, scaled by sampling
 */
public record ExporterSkew(
        Exporter exporter,
        ClockState state,
        Instant since,
        long offsetMillis,
        long spreadMillis,
        int resolutionMillis,
        ClockPolicy policy,
        String cause,
        long jumps,
        Instant lastSeen,
        long heldRows,
        long heldOctets,
        Map<ClockAction, Long> rows,
        Map<ClockAction, Long> octets) {
    /** Copies the maps, so that the record is immutable. */
    public ExporterSkew {
        rows = Map.copyOf(rows);
        octets = Map.copyOf(octets);
    }
}
