// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.junit.jupiter.api.Test;

/** A fuzzer that never finds anything proves nothing: each rule is broken once here, and each is noticed. */
class LaneTest {
    private static final byte[] PAYLOAD = {0, 99, 1, 2};

    @Test
    void noticesAnOctetReadBeyondTheDatagram() {
        Lane lane = new Lane(0, 0, 8);
        FlowDecoder beyond = new Broken((datagram, flows) -> {
            flows.octets(flows.claim(FlowField.OCTETS), datagram.octets()[datagram.offset() + datagram.length()]);
            return DecodeResult.DECODED;
        });

        assertThatThrownBy(() -> decode(lane, beyond)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
    }

    @Test
    void makesOtherRowsOfOctetsThatAreForeign() {
        FlowDecoder before = new Broken((datagram, flows) -> {
            flows.octets(flows.claim(FlowField.OCTETS), datagram.octets()[Math.max(0, datagram.offset() - 1)] & 0xFF);
            return DecodeResult.DECODED;
        });
        Lane among = new Lane(64, 0xA5, 8);
        Lane others = new Lane(16, 0xFF, 8);

        decode(among, before);
        decode(others, before);

        assertThat(among.rows()).isNotEqualTo(others.rows());
    }

    @Test
    void noticesRowsOfADamagedDatagram() {
        FlowDecoder hasty = new Broken((datagram, flows) -> {
            flows.claim(FlowField.OCTETS);
            return DecodeResult.TRUNCATED;
        });

        assertThatThrownBy(() -> decode(new Lane(0, 0, 8), hasty)).hasMessageContaining("damaged");
    }

    @Test
    void noticesADecoderThatDoesNotGetOn() {
        FlowDecoder stuck = new Broken((datagram, flows) -> {
            datagram.resumeAt(1);
            return DecodeResult.SINK_FULL;
        });

        assertThatThrownBy(() -> decode(new Lane(0, 0, 8), stuck)).hasMessageContaining("gets on");
    }

    @Test
    void noticesAllocationByALengthThatADatagramClaims() {
        Lane lane = new Lane(0, 0, 8);
        FlowDecoder greedy = new Broken((datagram, flows) -> {
            flows.octets(flows.claim(FlowField.OCTETS), new byte[8 << 20].length);
            return DecodeResult.DECODED;
        });

        decode(lane, greedy);

        assertThat(lane.excessOctets()).isPositive();
    }

    private static void decode(Lane lane, FlowDecoder decoder) {
        lane.begin();
        lane.decode(decoder, PAYLOAD, 1_774_000_000_000L);
    }

    private interface Decoding {
        DecodeResult decode(Datagram datagram, FlowBatch flows);
    }

    private record Broken(Decoding decoding) implements FlowDecoder {
        @Override
        public int version() {
            return 99;
        }

        @Override
        public long domain(Datagram datagram) {
            return 0;
        }

        @Override
        public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
            flows.beginSpan(datagram.endpoint(), exporter.exporter(), datagram.receivedAtMillis(), 1, 2);
            return decoding.decode(datagram, flows);
        }
    }
}
