// SPDX-License-Identifier: Apache-2.0
package com.example.decode99;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.osgi.service.component.annotations.Component;

/**
 * The decoder of version 99. A header of 16 octets, then as many records of 40 octets as it says; all numbers in network
 * byte order.
 *
 * <pre>
 *  0               1               2               3
 * +---------------+---------------+---------------+---------------+
 * |          version = 99         |        count of records       |   0
 * |              export time, seconds since 1970                  |   4
 * |          sequence, number of records sent before these        |   8
 * |                           meter id                            |  12
 * +---------------+---------------+---------------+---------------+
 *
 * |                     source address, IPv4                      |   0
 * |                   destination address, IPv4                   |   4
 * |                                                               |   8
 * |                            octets                             |
 * |                            packets                            |  16
 * |          source port          |       destination port        |  20
 * |    protocol   |                    reserved                   |  24
 * |                       duration, milliseconds                  |  28
 * |                                                               |  32
 * |                 start, milliseconds since 1970                |
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
@Component
public final class DecoderV99 implements FlowDecoder {
    static final int VERSION = 99;

    private static final int HEADER_OCTETS = 16;
    private static final int RECORD_OCTETS = 40;
    private static final long FIELDS = FlowField.ADDRESSES
            | FlowField.OCTETS
            | FlowField.PACKETS
            | FlowField.PORTS
            | FlowField.PROTOCOL
            | FlowField.ABSOLUTE_TIMES;
    /** IPv4 addresses are kept as ::ffff:a.b.c.d. */
    private static final long IPV4 = 0xFFFF_0000_0000L;

    private static final long MILLIS_PER_SECOND = 1000;

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public long domain(Datagram datagram) {
        return datagram.length() < HEADER_OCTETS
                ? NO_DOMAIN
                : Octets.u32(datagram.octets(), datagram.offset() + 12);
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        if (datagram.length() < HEADER_OCTETS) {
            return DecodeResult.TRUNCATED;
        }
        byte[] octets = datagram.octets();
        int header = datagram.offset();
        int count = Octets.u16(octets, header + 2);
        int announced = HEADER_OCTETS + count * RECORD_OCTETS;
        if (datagram.length() != announced) {
            return datagram.length() < announced ? DecodeResult.TRUNCATED : DecodeResult.LENGTH_MISMATCH;
        }

        long exportMillis = Octets.u32(octets, header + 4) * MILLIS_PER_SECOND;
        int first = datagram.resumeAt(); // Here it counts records; 0 at the first call.
        if (first == 0) {
            exporter.sequence(Octets.u32(octets, header + 8), count, FlowBatch.NO_UPTIME, exportMillis);
        }
        flows.beginSpan(
                datagram.endpoint(),
                exporter.exporter(),
                datagram.receivedAtMillis(),
                exportMillis,
                FlowBatch.NO_UPTIME);

        int records = Math.min(count - first, flows.remaining());
        int row = flows.claim(records, FIELDS);
        for (int index = 0; index < records; index++) {
            fill(octets, header + HEADER_OCTETS + (first + index) * RECORD_OCTETS, flows, row + index);
        }
        if (first + records < count) {
            datagram.resumeAt(first + records);
            return DecodeResult.SINK_FULL;
        }
        return DecodeResult.DECODED;
    }

    private static void fill(byte[] octets, int record, FlowBatch flows, int row) {
        flows.addresses(row, 0, IPV4 | Octets.u32(octets, record), 0, IPV4 | Octets.u32(octets, record + 4));
        flows.octets(row, Octets.u64(octets, record + 8));
        flows.packets(row, Octets.u32(octets, record + 16));
        flows.ports(row, Octets.u16(octets, record + 20), Octets.u16(octets, record + 22));
        flows.protocol(row, Octets.u8(octets, record + 24));
        long startMillis = Octets.u64(octets, record + 32);
        flows.observedTimes(row, startMillis, startMillis + Octets.u32(octets, record + 28));
    }
}
