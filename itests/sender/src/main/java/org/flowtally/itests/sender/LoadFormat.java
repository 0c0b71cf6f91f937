// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.util.List;

/** How a load makes its datagrams beforehand, and what it patches into them when it sends them. */
interface LoadFormat {
    /**
     * A flow of a load, which ends whenever it is sent.
     *
     * @param source the source address
     * @param destination the destination address
     * @param packets its packets
     * @param octets its octets
     * @param sourcePort the source port; the destination port is 443
     */
    record Row(int source, int destination, long packets, long octets, int sourcePort) {
        static final int DESTINATION_PORT = 443;
    }

    /** Returns a datagram with flows, without times and sequence. */
    byte[] data(int domain, List<Row> rows);

    /** Returns a datagram with templates and options, without times and sequence; empty if the version has none. */
    byte[] templates(int domain);

    /**
     * Writes times and sequence.
     *
     * @param datagram what was made beforehand
     * @param millis the time, milliseconds since 1970
     * @param sequence the sequence number
     * @param durationMillis how long each of its flows was; they end now
     * @param records its flows
     */
    void patch(ByteBuffer datagram, long millis, long sequence, int[] durationMillis, int records);

    /** Returns by how much the sequence grows with a datagram of so many flows. */
    int sequenceStep(int records);

    /** Returns by how much the sequence grows with a datagram of templates and options. */
    int sequenceStepOfTemplates();

    /** Returns the format of a version. */
    static LoadFormat of(ExportVersion version, long bootMillis) {
        return version == ExportVersion.V5 ? new V5Format(bootMillis) : new TemplatedFormat(version, bootMillis);
    }
}
