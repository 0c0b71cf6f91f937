// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.netflow.HeaderStart;
import org.osgi.service.component.annotations.Component;

/**
 * The decoder of NetFlow v8, whose records are aggregated by the exporter, each datagram by one {@link Aggregation}. Records
 * that name no address are judged {@link Verdict#AGGREGATED} here; whether a prefix names a subscriber is for others to say.
 */
@Component
public final class NetflowV8 implements FlowDecoder {
    @Override
    public int version() {
        return V8Header.VERSION;
    }

    /** Engine type * 65536 + engine id * 256 + method: each cache of each engine counts its own sequence. */
    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < V8Header.OCTETS
                ? NO_DOMAIN
                : Octets.u32(datagram.octets(), datagram.offset() + V8Header.ENGINE_AND_AGGREGATION) >>> Byte.SIZE;
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < V8Header.OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        int method = Octets.u8(octets, header + V8Header.AGGREGATION);
        if (!Aggregation.isKnown(method)) {
            return DecodeResult.LENGTH_MISMATCH; // Of no known method: how long its records are cannot be told.
        }
        Aggregation aggregation = Aggregation.of(method);
        int count = HeaderStart.count(octets, header);
        DecodeResult agreement =
                HeaderStart.agreement(datagram.length(), V8Header.OCTETS + count * aggregation.recordOctets());
        boolean isFilledUp = agreement == DecodeResult.LENGTH_MISMATCH && aggregation.isSwitched();
        return agreement == DecodeResult.DECODED || isFilledUp
                ? append(datagram, count, aggregation, exporter, flows)
                : agreement;
    }

    /** Appends the records from the resume cursor on, which counts records. */
    private static DecodeResult append(
            Datagram datagram, int count, Aggregation aggregation, ExporterState exporter, FlowBatch flows) {
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        long uptimeMillis = HeaderStart.uptimeMillis(octets, header);
        long exportMillis = HeaderStart.exportMillis(octets, header);
        int firstRecord = datagram.resumeAt();
        if (firstRecord == 0) {
            exporter.sequence(Octets.u32(octets, header + V8Header.FLOW_SEQUENCE), count, uptimeMillis, exportMillis);
        }
        flows.beginSpan(
                datagram.endpoint(), exporter.exporter(), datagram.receivedAtMillis(), exportMillis, uptimeMillis);

        int records = Math.min(count - firstRecord, flows.remaining());
        int row = flows.claim(records, aggregation.fields());
        int first = header + V8Header.OCTETS + firstRecord * aggregation.recordOctets();
        fill(aggregation, octets, first, records, flows, row);
        if (!aggregation.hasAddress()) {
            judgeAggregated(flows, row, records);
        }
        if (firstRecord + records < count) {
            datagram.resumeAt(firstRecord + records);
            return DecodeResult.SINK_FULL;
        }
        return DecodeResult.DECODED;
    }

    private static void fill(Aggregation aggregation, byte[] octets, int first, int records, FlowBatch flows, int row) {
        int apart = aggregation.recordOctets();
        switch (aggregation) {
            case DESTINATION -> SwitchedRecords.destination(octets, first, apart, records, flows, row);
            case SOURCE_DESTINATION -> SwitchedRecords.sourceDestination(octets, first, apart, records, flows, row);
            case FULL_FLOW -> SwitchedRecords.fullFlow(octets, first, apart, records, flows, row);
            default -> RoutedRecords.fill(aggregation, octets, first, records, flows, row);
        }
    }

    private static void judgeAggregated(FlowBatch flows, int row, int records) {
        for (int index = 0; index < records; index++) {
            flows.judge(row + index, Verdict.AGGREGATED);
        }
    }
}
