// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.decode;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.flow.FlowBatch;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A decoder of one export version, published as an OSGi service. It holds no state of its own between datagrams: what must
 * outlive it is in the {@link ExporterState} it is given. Called by one thread at a time.
 */
@ConsumerType
public interface FlowDecoder {
    /** The value of {@link #domain} for a datagram that is too short to have one. */
    long NO_DOMAIN = -1;

    /** Returns the version number in the first two octets of the datagrams it decodes. */
    int version();

    /** Returns the observation domain that the datagram's header names, or {@link #NO_DOMAIN} if it is too short. */
    long domain(Datagram datagram);

    /**
     * Appends every flow of the datagram to {@code flows}, or nothing if the datagram is damaged. Reads no octet outside
     * it and never throws for what an exporter may send.
     *
     * <p>Each datagram begins a span and tells the exporter its sequence and sampling once, before its first row; rate and
     * gap are put on its rows by the version switch. If the batch has too little room, the decoder returns
     * {@link DecodeResult#SINK_FULL}, notes where it goes on with {@link Datagram#resumeAt(int)}, which is not 0 then, and
     * is called again with the same datagram and an empty batch, in which it begins the span again. It is never called
     * with a full batch.
     */
    DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows);
}
