// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.netflow.HeaderStart;
import org.flowtally.lib.netflow.RecordWords;
import org.osgi.service.component.annotations.Component;

/**
 * The decoder of NetFlow v5. The header says how many records follow; if the length says otherwise, one of both is damaged
 * and nothing of the datagram is believed.
 */
@Component
public final class NetflowV5 implements FlowDecoder {
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
        int count = HeaderStart.count(datagram.octets(), datagram.offset());
        DecodeResult agreement = HeaderStart.agreement(datagram.length(), V5Header.OCTETS + count * V5Record.OCTETS);
        return agreement == DecodeResult.DECODED ? append(datagram, count, exporter, flows) : agreement;
    }

    /** Appends the records from the resume cursor on, which counts records. */
    private static DecodeResult append(Datagram datagram, int count, ExporterState exporter, FlowBatch flows) {
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        long uptimeMillis = HeaderStart.uptimeMillis(octets, header);
        long exportMillis = HeaderStart.exportMillis(octets, header);
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

    private static void fill(byte[] octets, int first, int records, FlowBatch flows, int row) {
        boolean hasIcmp = false;
        for (int index = 0; index < records; index++) {
            int record = first + index * V5Record.OCTETS;
            RecordWords.addresses(octets, record + V5Record.ADDRESSES, flows, row + index);
            RecordWords.narrowRoute(octets, record + V5Record.ROUTE, flows, row + index);
            RecordWords.counters(octets, record + V5Record.COUNTERS, flows, row + index);
            RecordWords.narrowUptimes(octets, record + V5Record.UPTIMES, flows, row + index);
            hasIcmp |= RecordWords.transport(octets, record + V5Record.TRANSPORT, flows, row + index);
            RecordWords.narrowNetworks(octets, record + V5Record.NETWORKS, flows, row + index);
        }
        if (hasIcmp) {
            RecordWords.icmp(flows, row, records);
        }
    }
}
