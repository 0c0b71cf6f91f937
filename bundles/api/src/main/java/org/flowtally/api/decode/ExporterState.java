// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.flowtally.api.flow.Exporter;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is remembered of one exporter between datagrams. It belongs to the version switch, not to a decoder, so that it
 * survives a decoder's swap. Owned by the working thread.
 */
@ProviderType
public interface ExporterState {
    /** Returns who this is. */
    Exporter exporter();

    /**
     * Follows the sequence numbers of an exporter, before its records are claimed.
     *
     * @param sequence the number in the header, modulo 2^32
     * @param units by how much it grows with this datagram: records for v5 and IPFIX, 1 for v9
     * @param uptimeMillis the exporter's uptime in the header, or {@link org.flowtally.api.flow.FlowBatch#NO_UPTIME}
     * @param exportMillis the export time in the header, milliseconds since 1970
     * @return whether units went missing since the datagram before: its rows get {@link org.flowtally.api.flow.Quality#GAP}
     */
    boolean sequence(long sequence, int units, long uptimeMillis, long exportMillis);

    /** Notes the sampling rate that the exporter announced; 0 and 1 mean unsampled. */
    void announcedSamplingRate(int rate);
}
