// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.osgi.service.component.annotations.Component;

/**
 * The decoder of NetFlow v5. The header says how many records follow; if the length says otherwise, one of both is damaged
 * and nothing of the datagram is believed.
 */
@Component
public final class NetflowV5 implements FlowDecoder {
    private static final long IPV4 = 0xFFFF_0000_0000L; // ::ffff:a.b.c.d, the lower half.

    @Override
    public int version() {
        return V5Header.VERSION;
    }

    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < V5Header.OCTETS
                ? NO_DOMAIN
                : Octets.u16(datagram.octets(), datagram.offset() + V5Header.ENGINE);
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < V5Header.OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        int count = Octets.u16(octets, header + V5Header.COUNT);
        int announcedOctets = V5Header.OCTETS + count * V5Record.OCTETS;
        if (datagram.length() < announcedOctets) {
            return DecodeResult.TRUNCATED;
        }
        if (datagram.length() > announcedOctets) {
            return DecodeResult.LENGTH_MISMATCH;
        }
        return append(datagram, count, exporter, flows);
    }

    /** Appends the records from the resume cursor on, which counts records. */
    private static DecodeResult append(Datagram datagram, int count, ExporterState exporter, FlowBatch flows) {
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        long uptimeMillis = Octets.u32(octets, header + V5Header.SYS_UPTIME);
        long exportMillis = V5Header.exportMillis(
                Octets.u32(octets, header + V5Header.UNIX_SECS), Octets.u32(octets, header + V5Header.UNIX_NSECS));
        int firstRecord = datagram.resumeAt();
        if (firstRecord == 0) {
            exporter.sequence(Octets.u32(octets, header + V5Header.FLOW_SEQUENCE), count, uptimeMillis, exportMillis);
            exporter.announcedSamplingRate(
                    Octets.u16(octets, header + V5Header.SAMPLING) & V5Header.SAMPLING_INTERVAL_BITS);
        }
        flows.beginSpan(
                datagram.endpoint(), exporter.exporter(), datagram.receivedAtMillis(), exportMillis, uptimeMillis);

        int endRecord = Math.min(count, firstRecord + flows.remaining());
        int record = header + V5Header.OCTETS + firstRecord * V5Record.OCTETS;
        for (int index = firstRecord; index < endRecord; index++, record += V5Record.OCTETS) {
            append(octets, record, flows);
        }
        if (endRecord < count) {
            datagram.resumeAt(endRecord);
            return DecodeResult.SINK_FULL;
        }
        return DecodeResult.DECODED;
    }

    private static void append(byte[] octets, int record, FlowBatch flows) {
        int protocol = Octets.u8(octets, record + V5Record.PROTOCOL);
        int destinationPort = Octets.u16(octets, record + V5Record.DSTPORT);
        boolean isIcmp = protocol == V5Record.ICMP;

        int row = flows.claim(isIcmp ? V5Record.FIELDS | FlowField.ICMP : V5Record.FIELDS);
        flows.addresses(
                row,
                0,
                IPV4 | Octets.u32(octets, record + V5Record.SRCADDR),
                0,
                IPV4 | Octets.u32(octets, record + V5Record.DSTADDR));
        flows.nextHop(row, 0, IPV4 | Octets.u32(octets, record + V5Record.NEXTHOP));
        flows.interfaces(
                row, Octets.u16(octets, record + V5Record.INPUT), Octets.u16(octets, record + V5Record.OUTPUT));
        flows.packets(row, Octets.u32(octets, record + V5Record.PACKETS));
        flows.octets(row, Octets.u32(octets, record + V5Record.OCTET_COUNT));
        flows.observedTimes(
                row, Octets.u32(octets, record + V5Record.FIRST), Octets.u32(octets, record + V5Record.LAST));
        flows.ports(row, Octets.u16(octets, record + V5Record.SRCPORT), destinationPort);
        flows.tcpFlags(row, Octets.u8(octets, record + V5Record.TCP_FLAGS));
        flows.protocol(row, protocol);
        flows.tos(row, Octets.u8(octets, record + V5Record.TOS));
        flows.autonomousSystems(
                row, Octets.u16(octets, record + V5Record.SRC_AS), Octets.u16(octets, record + V5Record.DST_AS));
        flows.prefixLengths(
                row,
                V5Record.prefixLength(Octets.u8(octets, record + V5Record.SRC_MASK)),
                V5Record.prefixLength(Octets.u8(octets, record + V5Record.DST_MASK)));
        if (isIcmp) {
            flows.icmpTypeAndCode(row, destinationPort); // Type * 256 + code: v5 has no field of its own for it.
        }
    }
}
