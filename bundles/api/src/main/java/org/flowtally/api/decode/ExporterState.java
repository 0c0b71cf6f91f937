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
    /** The units of a datagram whose records cannot be counted, because a template is missing. */
    int UNKNOWN_UNITS = -1;

    /** Returns who this is. */
    Exporter exporter();

    /**
     * Follows the sequence numbers of an exporter, before its records are claimed.
     *
     * @param sequence the number in the header, modulo 2^32
     * @param units by how much it grows with this datagram: records for v5 and IPFIX, 1 for v9;
     *     or {@link #UNKNOWN_UNITS}: then whatever comes next is taken as it comes
     * @param uptimeMillis the exporter's uptime in the header, or {@link org.flowtally.api.flow.FlowBatch#NO_UPTIME}
     * @param exportMillis the export time in the header, milliseconds since 1970
     * @return whether units went missing since the datagram before: its rows get {@link org.flowtally.api.flow.Quality#GAP},
     *     and those that arrive in the minute around
     */
    boolean sequence(long sequence, int units, long uptimeMillis, long exportMillis);

    /**
     * Follows the sequence numbers of an exporter as {@link #sequence(long, int, long, long)} does, and tells what else the
     * datagram holds: an exporter that does not count what the standard of its version says is known by that.
     *
     * @param records its data records, options among them; or {@link #UNKNOWN_UNITS}
     * @param templates its template records, those of options among them
     */
    default boolean sequence(
            long sequence, int units, int records, int templates, long uptimeMillis, long exportMillis) {
        return sequence(sequence, units, uptimeMillis, exportMillis);
    }

    /**
     * Returns whether the datagram under way is one of the last ones once more; known once {@link #sequence} was called. Its
     * rows are decoded like others, and become {@link org.flowtally.api.flow.Verdict#DUPLICATE} by the version switch; what a
     * decoder keeps for later must not be kept twice.
     */
    default boolean isDuplicate() {
        return false;
    }

    /** Notes the sampling rate that the exporter announced; 0 and 1 mean unsampled. */
    void announcedSamplingRate(int rate);

    /** Returns what is remembered of templates and options; made when first asked for. */
    ExporterMemory memory();
}
