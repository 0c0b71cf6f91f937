// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.lib.netflow.HeaderStart;
import org.flowtally.lib.netflow.RecordWords;
import org.osgi.service.component.annotations.Component;

/**
 * The decoder of NetFlow v7, which Catalyst switches send. What their flow mask does not keep they send as 0, and here it is
 * missing.
 */
@Component
public final class NetflowV7 implements FlowDecoder {
    @Override
    public int version() {
        return V7Header.VERSION;
    }

    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < V7Header.OCTETS
                ? NO_DOMAIN
                : Octets.u16(datagram.octets(), datagram.offset() + V7Header.ENGINE);
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < V7Header.OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        int count = HeaderStart.count(datagram.octets(), datagram.offset());
        DecodeResult agreement = HeaderStart.agreement(datagram.length(), V7Header.OCTETS + count * V7Record.OCTETS);
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
            exporter.sequence(Octets.u32(octets, header + V7Header.FLOW_SEQUENCE), count, uptimeMillis, exportMillis);
        }
        flows.beginSpan(
                datagram.endpoint(), exporter.exporter(), datagram.receivedAtMillis(), exportMillis, uptimeMillis);

        int records = Math.min(count - firstRecord, flows.remaining());
        int row = flows.claim(records, V7Record.FIELDS);
        fill(octets, header + V7Header.OCTETS + firstRecord * V7Record.OCTETS, records, flows, row);
        if (firstRecord + records < count) {
            datagram.resumeAt(firstRecord + records);
            return DecodeResult.SINK_FULL;
        }
        return DecodeResult.DECODED;
    }

    private static void fill(byte[] octets, int first, int records, FlowBatch flows, int row) {
        boolean hasIcmp = false;
        boolean isMasked = false;
        for (int index = 0; index < records; index++) {
            int record = first + index * V7Record.OCTETS;
            RecordWords.addresses(octets, record + V7Record.ADDRESSES, flows, row + index);
            RecordWords.narrowRoute(octets, record + V7Record.ROUTE, flows, row + index);
            RecordWords.counters(octets, record + V7Record.COUNTERS, flows, row + index);
            RecordWords.narrowUptimes(octets, record + V7Record.UPTIMES, flows, row + index);
            hasIcmp |= RecordWords.transport(octets, record + V7Record.TRANSPORT, flows, row + index);
            RecordWords.narrowNetworks(octets, record + V7Record.NETWORKS, flows, row + index);
            isMasked |= isMasked(octets, record);
        }
        if (hasIcmp) {
            RecordWords.icmp(flows, row, records);
        }
        if (isMasked) {
            withdrawWhatIsMasked(octets, first, records, flows, row);
        }
    }

    private static boolean isMasked(byte[] octets, int record) {
        return Octets.i32(octets, record + V7Record.SOURCE) == 0 || Octets.u8(octets, record + V7Record.PROTOCOL) == 0;
    }

    private static void withdrawWhatIsMasked(byte[] octets, int first, int records, FlowBatch flows, int row) {
        for (int index = 0; index < records; index++) {
            int record = first + index * V7Record.OCTETS;
            if (Octets.i32(octets, record + V7Record.SOURCE) == 0) {
                flows.withdraw(row + index, FlowField.SOURCE_ADDRESS);
            }
            if (Octets.u8(octets, record + V7Record.PROTOCOL) == 0) {
                flows.withdraw(row + index, V7Record.TRANSPORT_FIELDS);
            }
        }
    }
}
