// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.template.Dialect;
import org.flowtally.lib.template.MessageDecoder;
import org.osgi.service.component.annotations.Component;

/** The decoder of IPFIX over UDP: one message per datagram, and exactly one. */
@Component
public final class Ipfix implements FlowDecoder {
    private final MessageDecoder sets = new MessageDecoder(Dialect.IPFIX);

    @Override
    public int version() {
        return Dialect.IPFIX.version();
    }

    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < IpfixHeader.OCTETS
                ? NO_DOMAIN
                : Octets.u32(datagram.octets(), datagram.offset() + IpfixHeader.DOMAIN);
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < IpfixHeader.OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        int length = Octets.u16(octets, header + IpfixHeader.LENGTH);
        if (datagram.length() != length) {
            return datagram.length() < length ? DecodeResult.TRUNCATED : DecodeResult.LENGTH_MISMATCH;
        }
        return sets.decode(
                datagram,
                exporter,
                flows,
                IpfixHeader.OCTETS,
                Octets.u32(octets, header + IpfixHeader.EXPORT_TIME) * IpfixHeader.MILLIS_PER_SECOND,
                FlowBatch.NO_UPTIME,
                Octets.u32(octets, header + IpfixHeader.SEQUENCE));
    }
}
