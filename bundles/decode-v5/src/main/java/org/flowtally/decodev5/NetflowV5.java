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
    private static final long U32 = 0xFFFF_FFFFL;
    private static final int U16 = 0xFFFF;
    private static final int U8 = 0xFF;

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

        int records = Math.min(count - firstRecord, flows.remaining());
        int row = flows.claim(records, V5Record.FIELDS);
        fill(octets, header + V5Header.OCTETS + firstRecord * V5Record.OCTETS, records, flows, row);
        if (firstRecord + records < count) {
            datagram.resumeAt(firstRecord + records);
            return DecodeResult.SINK_FULL;
        }
        return DecodeResult.DECODED;
    }

    /**
     * Fills a few columns after the others, as many as one word of the record feeds: six short loops, of which the compiler
     * makes more than of a long one over two dozen columns.
     */
    private static void fill(byte[] octets, int first, int records, FlowBatch flows, int row) {
        fillAddresses(octets, first + V5Record.ADDRESSES, records, flows, row);
        fillRoute(octets, first + V5Record.ROUTE, records, flows, row);
        fillCounters(octets, first + V5Record.COUNTERS, records, flows, row);
        fillUptimes(octets, first + V5Record.UPTIMES, records, flows, row);
        fillTransport(octets, first + V5Record.TRANSPORT, records, flows, row);
        fillNetworks(octets, first + V5Record.NETWORKS, records, flows, row);
    }

    private static void fillAddresses(byte[] octets, int at, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * V5Record.OCTETS);
            flows.addresses(row + index, 0, IPV4 | (word >>> 32), 0, IPV4 | (word & U32));
        }
    }

    private static void fillRoute(byte[] octets, int at, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * V5Record.OCTETS);
            flows.nextHop(row + index, 0, IPV4 | (word >>> 32));
            flows.interfaces(row + index, (int) (word >>> 16) & U16, (int) word & U16);
        }
    }

    private static void fillCounters(byte[] octets, int at, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * V5Record.OCTETS);
            flows.packets(row + index, word >>> 32);
            flows.octets(row + index, word & U32);
        }
    }

    private static void fillUptimes(byte[] octets, int at, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * V5Record.OCTETS);
            flows.observedTimes(row + index, word >>> 32, word & U32);
        }
    }

    private static void fillTransport(byte[] octets, int at, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * V5Record.OCTETS);
            int destinationPort = (int) (word >>> 32) & U16;
            int protocol = (int) (word >>> 8) & U8;
            flows.ports(row + index, (int) (word >>> 48), destinationPort);
            flows.tcpFlags(row + index, (int) (word >>> 16) & U8);
            flows.protocol(row + index, protocol);
            flows.tos(row + index, (int) word & U8);
            if (protocol == V5Record.ICMP) {
                flows.add(row + index, FlowField.ICMP);
                flows.icmpTypeAndCode(row + index, destinationPort); // Type * 256 + code: v5 has no field of its own.
            }
        }
    }

    private static void fillNetworks(byte[] octets, int at, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            long word = Octets.u64(octets, at + index * V5Record.OCTETS);
            flows.autonomousSystems(row + index, (int) (word >>> 48), (int) (word >>> 32) & U16);
            flows.prefixLengths(
                    row + index,
                    V5Record.prefixLength((int) (word >>> 24) & U8),
                    V5Record.prefixLength((int) (word >>> 16) & U8));
        }
    }
}
