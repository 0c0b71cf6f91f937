// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.template.Dialect;
import org.flowtally.lib.template.MessageDecoder;
import org.osgi.service.component.annotations.Component;

/**
 * The decoder of NetFlow v9. The header does not say how long the datagram is, and its count of records is often wrong, so
 * the sets are read to the end of the datagram.
 */
@Component
public final class NetflowV9 implements FlowDecoder {
    private final MessageDecoder sets = new MessageDecoder(Dialect.V9);

    @Override
    public int version() {
        return Dialect.V9.version();
    }

    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < V9Header.OCTETS
                ? NO_DOMAIN
                : Octets.u32(datagram.octets(), datagram.offset() + V9Header.SOURCE_ID);
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < V9Header.OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        return sets.decode(
                datagram,
                exporter,
                flows,
                V9Header.OCTETS,
                Octets.u32(octets, header + V9Header.UNIX_SECS) * V9Header.MILLIS_PER_SECOND,
                Octets.u32(octets, header + V9Header.SYS_UPTIME),
                Octets.u32(octets, header + V9Header.SEQUENCE));
    }
}
