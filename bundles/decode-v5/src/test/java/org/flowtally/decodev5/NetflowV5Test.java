// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.flowtally.itests.sender.V5Datagram;
import org.flowtally.itests.sender.V5Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetflowV5Test {
    private static final int UNIX_NSECS = 12;

    private final NetflowV5 decoder = new NetflowV5();
    private final Decoding decoding = new Decoding(decoder, 2048);

    @Test
    void readsEveryFieldOfARecord() {
        V5Record record = new V5Record()
                .addresses("255.1.2.3", "128.0.0.1")
                .nextHop("254.253.252.251")
                .interfaces(65_535, 40_000)
                .counters(4_294_967_295L, 4_000_000_000L)
                .uptimes(4_294_967_290L, 5)
                .ports(65_534, 50_000)
                .protocol(255, 184, 253)
                .routing(65_533, 64_512, 32, 31);

        decoding.decode(new V5Datagram()
                .uptimeMillis(10)
                .exportedAtMillis(1_774_000_000_000L)
                .add(record)
                .toOctets());

        assertThat(decoding.rows().get(0).fields())
                .containsOnly(
                        entry("src", "255.1.2.3"),
                        entry("dst", "128.0.0.1"),
                        entry("next_hop", "254.253.252.251"),
                        entry("in_if", 65_535L),
                        entry("out_if", 40_000L),
                        entry("packets", 4_294_967_295L),
                        entry("octets", 4_000_000_000L),
                        entry("first_uptime_ms", 4_294_967_290L),
                        entry("last_uptime_ms", 5L),
                        entry("start_ms", 1_774_000_000_000L - 16),
                        entry("end_ms", 1_774_000_000_000L - 5),
                        entry("src_port", 65_534L),
                        entry("dst_port", 50_000L),
                        entry("protocol", 255L),
                        entry("tos", 184L),
                        entry("tcp_flags", 253L),
                        entry("src_as", 65_533L),
                        entry("dst_as", 64_512L),
                        entry("src_mask", 32L),
                        entry("dst_mask", 31L));
    }

    @Test
    void readsEveryFieldOfTheHeader() {
        byte[] payload = new V5Datagram()
                .uptimeMillis(4_294_967_295L)
                .exportedAtMillis(4_000_000_000_999L)
                .sequence(4_294_967_294L)
                .engine(255, 254)
                .sampling(2, 16_383)
                .add(new V5Record())
                .add(new V5Record())
                .toOctets();

        decoding.decode(payload);

        assertThat(decoding.exporter().headers())
                .containsExactly(new Header(4_294_967_294L, 2, 4_294_967_295L, 4_000_000_000_999L));
        assertThat(decoding.exporter().samplingRates()).containsExactly(16_383);
        assertThat(domain(payload)).isEqualTo(255 * 256 + 254);
        DecodedRow row = decoding.rows().get(1);
        assertThat(row.exportMillis()).isEqualTo(4_000_000_000_999L);
        assertThat(row.uptimeMillis()).isEqualTo(4_294_967_295L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void readsTheSamplingIntervalWhateverTheModeSays(int mode) {
        decoding.decode(
                new V5Datagram().sampling(mode, 1000).add(new V5Record()).toOctets());

        assertThat(decoding.exporter().samplingRates()).containsExactly(1000);
    }

    @Test
    void findsIcmpTypeAndCodeInTheDestinationPort() {
        decoding.decode(new V5Datagram()
                .add(new V5Record().protocol(1, 0, 0).ports(0, 3 * 256 + 1))
                .add(new V5Record().protocol(17, 0, 0).ports(0, 3 * 256 + 1))
                .toOctets());

        assertThat(decoding.rows().get(0).fields()).contains(entry("icmp_type_code", 769L), entry("dst_port", 769L));
        assertThat(decoding.rows().get(1).fields())
                .doesNotContainKey("icmp_type_code")
                .contains(entry("dst_port", 769L));
    }

    @Test
    void takesAPrefixLengthLongerThanAnAddressForUnknown() {
        decoding.decode(
                new V5Datagram().add(new V5Record().routing(0, 0, 33, 255)).toOctets());

        assertThat(decoding.rows().get(0).fields()).contains(entry("src_mask", 0L), entry("dst_mask", 0L));
    }

    @Test
    void keepsTheExportTimeWithinItsSecondWhateverTheNanosecondsSay() {
        byte[] payload = new V5Datagram()
                .exportedAtMillis(1_774_000_000_000L)
                .add(new V5Record())
                .toOctets();
        payload[UNIX_NSECS] = (byte) 0xFF;

        decoding.decode(payload);

        assertThat(decoding.rows().get(0).exportMillis()).isEqualTo(1_774_000_000_999L);
    }

    @Test
    void refusesFewerOctetsThanItsCountAnnounces() {
        byte[] payload = new V5Datagram()
                .add(new V5Record())
                .add(new V5Record())
                .count(3)
                .toOctets();

        assertThat(decoding.decode(payload)).isEqualTo(DecodeResult.TRUNCATED);
        assertThat(decoding.rows()).isEmpty();
    }

    @Test
    void refusesMoreOctetsThanItsCountAnnounces() {
        V5Datagram datagram = new V5Datagram().add(new V5Record()).add(new V5Record());

        assertThat(decoding.decode(datagram.toOctets(24 + 96 + 1))).isEqualTo(DecodeResult.LENGTH_MISMATCH);
        assertThat(decoding.decode(datagram.count(0).toOctets())).isEqualTo(DecodeResult.LENGTH_MISMATCH);
        assertThat(decoding.rows()).isEmpty();
        assertThat(decoding.exporter().headers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 180})
    void takesAnyCountThatTheLengthAgreesWith(int records) {
        V5Datagram datagram = new V5Datagram();
        for (int record = 0; record < records; record++) {
            datagram.add(new V5Record());
        }

        assertThat(decoding.decode(datagram.toOctets())).isEqualTo(DecodeResult.DECODED);
        assertThat(decoding.rows()).hasSize(records);
    }

    private long domain(byte[] payload) {
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        System.arraycopy(
                payload, 0, batch.slab(), batch.append(Decoding.ENDPOINT, 0, 1, 2, 3, payload.length), payload.length);
        Datagram datagram = new Datagram();
        datagram.view(batch, 0);
        return decoder.domain(datagram);
    }
}
