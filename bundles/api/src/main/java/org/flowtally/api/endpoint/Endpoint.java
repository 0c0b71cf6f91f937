// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

import java.util.List;
import java.util.Set;
import org.flowtally.lib.lookup.Prefix;

/**
 * One named socket with its policy, as an immutable snapshot of its cfg file. A change of the file makes a new snapshot;
 * whoever compiles something from a snapshot may cache it by identity.
 *
 * @param name the operator's name, unique within the collector
 * @param bindAddress the local address, IPv4 or IPv6 text; {@code 0.0.0.0} and {@code ::} mean all
 * @param port the UDP or TCP port, 1..65535
 * @param versions the export versions accepted, for example 5, 9 and 10; all others are counted and dropped
 * @param allowedSubnets exporters that may send; an empty list means nobody
 * @param whitelistMode whether only flows from or to {@code whitelistSubnets} count
 * @param whitelistSubnets the subnets of whitelist mode
 * @param realm the address space that flow addresses belong to; empty by default
 * @param receiveBufferOctets the socket receive buffer asked of the kernel
 * @param samplingMode what is done with announced sampling intervals
 * @param samplingRate the rate of {@link SamplingMode#FORCE}, and of rows that name a sampler nobody told about: one packet
 *     in so many, at least 1
 * @param clockPolicy what becomes of flow times whose exporter's clock is off; the clock guard may be told otherwise for
 *     single exporters
 * @param counting which of its exporters' flows count; policy may be told otherwise for single exporters
 * @param transport how messages reach it
 * @param exporterKey what exporters are told apart by
 * @param mostDatagramsPerSecond how many datagrams one sender may send a second, in the long run; 0 means any number
 */
public record Endpoint(
        String name,
        String bindAddress,
        int port,
        Set<Integer> versions,
        List<Prefix> allowedSubnets,
        boolean whitelistMode,
        List<Prefix> whitelistSubnets,
        String realm,
        int receiveBufferOctets,
        SamplingMode samplingMode,
        int samplingRate,
        ClockPolicy clockPolicy,
        Counting counting,
        Transport transport,
        ExporterKey exporterKey,
        int mostDatagramsPerSecond) {
    /** Copies the collections, so that the snapshot is immutable. */
    public Endpoint {
        versions = Set.copyOf(versions);
        allowedSubnets = List.copyOf(allowedSubnets);
        whitelistSubnets = List.copyOf(whitelistSubnets);
    }

    /** Makes a UDP endpoint with whatever is usual where nothing is said. */
    public Endpoint(
            String name,
            String bindAddress,
            int port,
            Set<Integer> versions,
            List<Prefix> allowedSubnets,
            boolean whitelistMode,
            List<Prefix> whitelistSubnets,
            String realm,
            int receiveBufferOctets,
            SamplingMode samplingMode,
            int samplingRate) {
        this(
                name,
                bindAddress,
                port,
                versions,
                allowedSubnets,
                whitelistMode,
                whitelistSubnets,
                realm,
                receiveBufferOctets,
                samplingMode,
                samplingRate,
                ClockPolicy.DISCARD,
                Counting.ALL,
                Transport.UDP,
                ExporterKey.ADDRESS,
                0);
    }
}
