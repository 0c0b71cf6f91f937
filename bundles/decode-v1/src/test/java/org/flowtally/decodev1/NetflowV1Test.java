// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetflowV1Test {
    private final Decoding decoding = new Decoding(new NetflowV1(), 2048);

    @ParameterizedTest
    @ValueSource(ints = {V1Record.OCTETS, V1Record.PADDED_OCTETS})
    void readsEveryFieldOfARecordOfEitherLength(int recordOctets) {
        decoding.decode(V1Datagram.of(2, recordOctets));

        DecodedRow row = decoding.rows().get(1);
        assertThat(row.exportMillis()).isEqualTo(V1Datagram.EXPORT_MILLIS);
        assertThat(row.uptimeMillis()).isEqualTo(V1Datagram.UPTIME_MILLIS);
        assertThat(row.fields())
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
                        entry("start_ms", V1Datagram.EXPORT_MILLIS - 99_998),
                        entry("end_ms", V1Datagram.EXPORT_MILLIS - 9_998),
                        entry("src_port", 60_002L),
                        entry("dst_port", 770L),
                        entry("icmp_type_code", 770L),
                        entry("protocol", 1L),
                        entry("tos", 184L),
                        entry("tcp_flags", 202L));
    }

    @Test
    void tellsTheExporterNothingForV1HasNeitherSequenceNorSampling() {
        decoding.decode(V1Datagram.of(24, V1Record.OCTETS));

        assertThat(decoding.exporter().headers()).isEmpty();
        assertThat(decoding.exporter().samplingRates()).isEmpty();
    }

    @Test
    void takesMoreRecordsThanTheDescriptionAllows() {
        assertThat(decoding.decode(V1Datagram.of(30, V1Record.OCTETS))).isEqualTo(DecodeResult.DECODED);
        assertThat(decoding.rows()).hasSize(30);
    }

    @Test
    void takesAHeaderAlone() {
        assertThat(decoding.decode(V1Datagram.of(0, V1Record.OCTETS))).isEqualTo(DecodeResult.DECODED);
        assertThat(decoding.rows()).isEmpty();
    }

    @Property(tries = 300)
    void refusesEveryLengthButTheTwo(
            @ForAll @IntRange(min = 1, max = 30) int records, @ForAll @IntRange(min = 16, max = 2000) int length) {
        int each = (length - 16) / records;
        boolean isWhole = (length - 16) % records == 0 && (each == V1Record.OCTETS || each == V1Record.PADDED_OCTETS);
        Decoding fresh = new Decoding(new NetflowV1(), 2048);

        DecodeResult result = fresh.decode(Arrays.copyOf(V1Datagram.of(records, V1Record.PADDED_OCTETS), length));

        assertThat(result == DecodeResult.DECODED).isEqualTo(isWhole);
        assertThat(fresh.rows()).hasSize(isWhole ? records : 0);
        if (length < 16 + records * V1Record.OCTETS) {
            assertThat(result).isEqualTo(DecodeResult.TRUNCATED);
        }
    }
}
