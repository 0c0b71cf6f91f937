// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import java.time.Instant;
import org.flowtally.api.flow.Exporter;

/**
 * What is known of one exporter. Counters run since {@code since}.
 *
 * @param exporter who it is
 * @param since since when the counters run
 * @param lastSeen when its last datagram arrived
 * @param datagrams datagrams taken
 * @param rows rows decoded
 * @param damaged datagrams refused as damaged
 * @param lost units missing by sequence number: records for v5
 * @param reordered datagrams that came late but whole; what they carry was taken back from {@code lost}
 * @param duplicates datagrams that came once more, octet for octet; their rows have the verdict DUPLICATE
 * @param restarts restarts recognised
 * @param samplingRate the rate applied last; 1 means unsampled
 * @param samplingOrigin where that rate came from: {@code header}, {@code data}, {@code options}, {@code forced},
 *     {@code ignored}, {@code other-domain} for options of another domain of the address; empty if none was told
 */
public record ExporterStatus(
        Exporter exporter,
        Instant since,
        Instant lastSeen,
        long datagrams,
        long rows,
        long damaged,
        long lost,
        long reordered,
        long duplicates,
        long restarts,
        int samplingRate,
        String samplingOrigin) {}
