// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Arrays;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.decodev7.V7Datagram.FlowMask;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetflowV7Test {
    private static final int SECOND = V7Header.OCTETS + V7Record.OCTETS;

    private final Decoding decoding = new Decoding(new NetflowV7(), 2048);

    @Test
    void readsEveryFieldOfARecord() {
        decoding.decode(V7Datagram.of(2, FlowMask.FULL));

        assertThat(decoding.rows().get(1).fields())
                .containsOnly(
                        entry("src", "10.0.0.2"),
                        entry("dst", "192.0.2.2"),
                        entry("next_hop", "254.253.252.251"),
                        entry("in_if", 65_535L),
                        entry("out_if", 40_000L),
                        entry("packets", 2L),
                        entry("octets", 4_294_967_294L),
                        entry("first_uptime_ms", 3_500_002L),
                        entry("last_uptime_ms", 3_590_002L),
                        entry("start_ms", V7Datagram.EXPORT_MILLIS - 99_998),
                        entry("end_ms", V7Datagram.EXPORT_MILLIS - 9_998),
                        entry("src_port", 60_002L),
                        entry("dst_port", 770L),
                        entry("icmp_type_code", 770L),
                        entry("protocol", 1L),
                        entry("tos", 184L),
                        entry("tcp_flags", 202L),
                        entry("src_as", 65_533L),
                        entry("dst_as", 64_512L),
                        entry("src_mask", 32L),
                        entry("dst_mask", 0L));
    }

    @Test
    void missesWhatASwitchDoesNotKeepOfItsFlows() {
        decoding.decode(V7Datagram.of(1, FlowMask.SOURCE_DESTINATION));
        decoding.decode(V7Datagram.of(1, FlowMask.DESTINATION));

        assertThat(decoding.rows().get(0).fields())
                .containsKeys("src", "dst", "octets", "tos")
                .doesNotContainKeys("src_port", "dst_port", "protocol", "tcp_flags", "icmp_type_code");
        assertThat(decoding.rows().get(1).fields())
                .containsKeys("dst", "octets", "tos")
                .doesNotContainKeys("src", "src_port", "dst_port", "protocol", "tcp_flags", "icmp_type_code");
    }

    @Test
    void missesItInTheRecordsThatLackItAlone() {
        byte[] datagram = V7Datagram.of(4, FlowMask.FULL);
        Arrays.fill(datagram, SECOND, SECOND + Integer.BYTES, (byte) 0); // Its source.
        datagram[SECOND + V7Record.OCTETS + V7Record.PROTOCOL] = 0; // Of the third.

        decoding.decode(datagram);

        assertThat(decoding.rows().get(1).fields())
                .containsKeys("src_port", "protocol", "tcp_flags", "icmp_type_code")
                .doesNotContainKey("src");
        assertThat(decoding.rows().get(2).fields())
                .containsKey("src")
                .doesNotContainKeys("src_port", "dst_port", "protocol", "tcp_flags");
        assertThat(decoding.rows().get(0).fields()).containsKeys("src", "src_port", "protocol");
        assertThat(decoding.rows().get(3).fields()).containsKeys("src", "src_port", "protocol", "icmp_type_code");
    }

    @Test
    void countsTheSequenceInFlows() {
        decoding.decode(V7Datagram.of(27, FlowMask.FULL));

        assertThat(decoding.exporter().headers())
                .containsExactly(new Header(0xFFFF_FFF0L, 27, V7Datagram.UPTIME_MILLIS, V7Datagram.EXPORT_MILLIS));
        assertThat(decoding.exporter().samplingRates()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 28, 170})
    void takesAnyCountThatTheLengthAgreesWith(int records) {
        assertThat(decoding.decode(V7Datagram.of(records, FlowMask.FULL))).isEqualTo(DecodeResult.DECODED);
        assertThat(decoding.rows()).hasSize(records);
    }

    @Test
    void refusesALengthThatItsCountDoesNotAgreeWith() {
        byte[] payload = V7Datagram.of(3, FlowMask.FULL);

        assertThat(decoding.decode(Arrays.copyOf(payload, payload.length + 1))).isEqualTo(DecodeResult.LENGTH_MISMATCH);
        assertThat(decoding.decode(Arrays.copyOf(payload, payload.length - 1))).isEqualTo(DecodeResult.TRUNCATED);
        assertThat(decoding.rows()).isEmpty();
        assertThat(decoding.exporter().headers()).isEmpty();
    }

    @Test
    void tellsEnginesApart() {
        byte[] payload = V7Datagram.of(1, FlowMask.FULL);
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        System.arraycopy(
                payload, 0, batch.slab(), batch.append(Decoding.ENDPOINT, 0, 1, 2, 3, payload.length), payload.length);
        Datagram datagram = new Datagram();
        datagram.view(batch, 0);

        assertThat(new NetflowV7().domain(datagram)).isEqualTo(0x12 * 256 + 0x34);
    }
}
