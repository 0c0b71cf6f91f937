// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

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
 * The decoder of NetFlow v1. Its header is {@link HeaderStart} and nothing more: no sequence, no engine, no sampling. The
 * length of its records follows from the length of the datagram.
 */
@Component
public final class NetflowV1 implements FlowDecoder {
    private static final int VERSION = 1;
    private static final long ONLY_DOMAIN = 0;

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < HeaderStart.OCTETS ? NO_DOMAIN : ONLY_DOMAIN;
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < HeaderStart.OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        int count = HeaderStart.count(datagram.octets(), datagram.offset());
        int recordsOctets = datagram.length() - HeaderStart.OCTETS;
        if (recordsOctets == count * V1Record.PADDED_OCTETS) {
            return append(datagram, count, V1Record.PADDED_OCTETS, exporter, flows);
        }
        DecodeResult agreement = HeaderStart.agreement(recordsOctets, count * V1Record.OCTETS);
        return agreement == DecodeResult.DECODED
                ? append(datagram, count, V1Record.OCTETS, exporter, flows)
                : agreement;
    }

    /** Appends the records from the resume cursor on, which counts records. */
    private static DecodeResult append(
            Datagram datagram, int count, int recordOctets, ExporterState exporter, FlowBatch flows) {
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        flows.beginSpan(
                datagram.endpoint(),
                exporter.exporter(),
                datagram.receivedAtMillis(),
                HeaderStart.exportMillis(octets, header),
                HeaderStart.uptimeMillis(octets, header));

        int firstRecord = datagram.resumeAt();
        int records = Math.min(count - firstRecord, flows.remaining());
        int row = flows.claim(records, V1Record.FIELDS);
        int first = header + HeaderStart.OCTETS + firstRecord * recordOctets;
        fill(octets, first, recordOctets, records, flows, row);
        if (firstRecord + records < count) {
            datagram.resumeAt(firstRecord + records);
            return DecodeResult.SINK_FULL;
        }
        return DecodeResult.DECODED;
    }

    private static void fill(byte[] octets, int first, int apart, int records, FlowBatch flows, int row) {
        boolean hasIcmp = false;
        for (int index = 0; index < records; index++) {
            int record = first + index * apart;
            RecordWords.addresses(octets, record + V1Record.ADDRESSES, flows, row + index);
            RecordWords.narrowRoute(octets, record + V1Record.ROUTE, flows, row + index);
            RecordWords.counters(octets, record + V1Record.COUNTERS, flows, row + index);
            RecordWords.narrowUptimes(octets, record + V1Record.UPTIMES, flows, row + index);
            long word = Octets.u64(octets, record + V1Record.TRANSPORT);
            hasIcmp |= RecordWords.transport(word, Octets.u8(octets, record + V1Record.TCP_FLAGS), flows, row + index);
        }
        if (hasIcmp) {
            RecordWords.icmp(flows, row, records);
        }
    }
}
