// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;

/** A decoder that does what the datagram says: version (2 octets), deed (1), rows (1), sequence (4), domain (1). */
final class ScriptedDecoder implements FlowDecoder {
    static final int OCTETS = 9;
    static final int WELL = 0;
    static final int THROW_AT_ONCE = 1;
    static final int THROW_AFTER_ROWS = 2;
    static final int DAMAGED = 3;
    static final int DAMAGED_AFTER_ROWS = 4;
    static final int NEVER_GET_ON = 5;
    static final int BEGIN_ANEW_WHEN_FULL = 6;
    static final int THROW_FOR_DOMAIN = 7;
    static final int DEEDS = 8;

    private final int version;

    ScriptedDecoder(int version) {
        this.version = version;
    }

    static byte[] datagram(int version, int deed, int rows, int sequence, int domain) {
        return new byte[] {
            (byte) (version >> 8),
            (byte) version,
            (byte) deed,
            (byte) rows,
            (byte) (sequence >> 24),
            (byte) (sequence >> 16),
            (byte) (sequence >> 8),
            (byte) sequence,
            (byte) domain
        };
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public long domain(Datagram datagram) {
        if (datagram.length() < OCTETS) {
            return NO_DOMAIN;
        }
        if (deed(datagram) == THROW_FOR_DOMAIN) {
            throw new IllegalStateException("as scripted");
        }
        return Octets.u8(datagram.octets(), datagram.offset() + 8);
    }

    @Override
    public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
        int deed = deed(datagram);
        int rows = Octets.u8(datagram.octets(), datagram.offset() + 3);
        if (deed == THROW_AT_ONCE) {
            throw new IllegalStateException("as scripted");
        }
        if (deed == DAMAGED) {
            return DecodeResult.LENGTH_MISMATCH;
        }
        if (deed == NEVER_GET_ON) {
            datagram.resumeAt(1);
            return DecodeResult.SINK_FULL;
        }
        int from = datagram.resumeAt();
        if (from == 0) {
            exporter.sequence(Octets.u32(datagram.octets(), datagram.offset() + 4), rows, 1000, 5000);
            exporter.announcedSamplingRate(1);
        }
        flows.beginSpan(datagram.endpoint(), exporter.exporter(), datagram.receivedAtMillis(), 5000, 1000);
        int end = Math.min(rows, from + flows.remaining());
        for (int row = from; row < end; row++) {
            flows.octets(flows.claim(FlowField.OCTETS), 100);
        }
        if (end < rows) {
            datagram.resumeAt(deed == BEGIN_ANEW_WHEN_FULL ? 0 : end);
            return DecodeResult.SINK_FULL;
        }
        if (deed == THROW_AFTER_ROWS) {
            throw new IllegalStateException("as scripted");
        }
        return deed == DAMAGED_AFTER_ROWS ? DecodeResult.TRUNCATED : DecodeResult.DECODED;
    }

    private static int deed(Datagram datagram) {
        return Octets.u8(datagram.octets(), datagram.offset() + 2);
    }
}
