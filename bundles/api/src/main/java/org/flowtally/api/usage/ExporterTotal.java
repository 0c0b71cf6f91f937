// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.util.List;
import org.flowtally.api.flow.Exporter;

/**
 * What an exporter sent within one hour of arrival: an addition to what is known of that hour.
 *
 * @param exporter who sent it
 * @param bucketStartMillis the start of the hour, milliseconds since 1970
 * @param datagrams datagrams taken
 * @param rows rows decoded
 * @param lost units missing by sequence number
 * @param damaged datagrams refused as damaged
 * @param octets octets of all rows, scaled by sampling, whatever their verdict
 * @param octetsCounted octets of rows with verdict COUNTED
 * @param octetsDiscarded octets of rows that the clock guard or the policy judged away
 * @param octetsUnmatched octets of rows without a subscriber, foreign addresses included
 * @param verdicts the same rows and octets by verdict, as far as any ended in it
 */
public record ExporterTotal(
        Exporter exporter,
        long bucketStartMillis,
        long datagrams,
        long rows,
        long lost,
        long damaged,
        long octets,
        long octetsCounted,
        long octetsDiscarded,
        long octetsUnmatched,
        List<VerdictTotal> verdicts) {
    /** Copies the list, so that the record is immutable. */
    public ExporterTotal {
        verdicts = List.copyOf(verdicts);
    }
}
