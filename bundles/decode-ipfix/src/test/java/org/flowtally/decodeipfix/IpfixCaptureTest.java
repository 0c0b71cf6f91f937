// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.flow.Verdict;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.capture.Capture;
import org.flowtally.itests.contract.capture.Capture.Totals;
import org.flowtally.itests.contract.capture.CapturedDatagram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What softflowd, pmacct and Open vSwitch send as IPFIX. */
class IpfixCaptureTest {
    private static final long INGRESS = 0;
    private static final long EGRESS = 1;

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_IPFIX", "SOFTFLOWD_IPFIX_NANO", "SOFTFLOWD_IPFIX_SAMPLED", "NFPROBE_IPFIX"})
    void addsUpToWhatNfdumpSees(Capture capture) {
        assertThat(Totals.of(rows(capture))).isEqualTo(capture.seenByNfdump());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_IPFIX", "SOFTFLOWD_IPFIX_NANO", "SOFTFLOWD_IPFIX_BIFLOW", "NFPROBE_IPFIX"})
    void addsUpToTheTrafficThatTheExporterSaw(Capture capture) {
        List<DecodedRow> rows = rows(capture);

        Totals totals = Totals.of(rows);
        assertThat(new Capture.Traffic(totals.packets(), totals.octets())).isEqualTo(capture.fedIn());
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.COUNTED);
            assertThat(row.samplingRate()).isEqualTo(1);
            assertThat(row.fields()).containsKeys("src", "dst", "protocol");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {INGRESS, EGRESS})
    void seesTheTrafficOfABridgeWhereItCameInAndWhereItWentOut(long direction) {
        List<DecodedRow> rows = rows(Capture.OPENVSWITCH_IPFIX).stream()
                .filter(row -> row.fields().get("direction").equals(direction))
                .toList();

        Totals totals = Totals.of(rows);
        assertThat(new Capture.Traffic(totals.packets(), totals.octets())).isEqualTo(Capture.OPENVSWITCH_IPFIX.fedIn());
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.COUNTED);
            assertThat(row.fields()).containsKeys("src", "dst", "protocol", "src_mac", "dst_mac", "start_ms");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_IPFIX", "SOFTFLOWD_IPFIX_NANO", "SOFTFLOWD_IPFIX_BIFLOW", "NFPROBE_IPFIX"})
    void placesFlowsWhereTheTrafficWas(Capture capture) {
        assertThat(rows(capture)).allSatisfy(row -> {
            assertThat((long) row.fields().get("start_ms"))
                    .isBetween(Capture.TRAFFIC_FROM_MILLIS - 1000, Capture.TRAFFIC_TO_MILLIS);
            assertThat((long) row.fields().get("end_ms"))
                    .isBetween((long) row.fields().get("start_ms"), Capture.TRAFFIC_TO_MILLIS);
        });
    }

    @Test
    void makesARowOfEachDirectionOfABiflow() {
        List<DecodedRow> rows = rows(Capture.SOFTFLOWD_IPFIX_BIFLOW).stream()
                .filter(row -> (long) row.fields().get("packets") > 0)
                .toList();

        assertThat(rows).hasSize((int) Capture.SOFTFLOWD_IPFIX.seenByNfdump().flows());
    }

    @Test
    void multipliesByTheRateThatOptionsTell() {
        assertThat(rows(Capture.SOFTFLOWD_IPFIX_SAMPLED))
                .extracting(DecodedRow::samplingRate)
                .containsOnly(10);
    }

    private static List<DecodedRow> rows(Capture capture) {
        Decoding decoding = new Decoding(new Ipfix(), 100);
        for (CapturedDatagram datagram : capture.datagrams()) {
            assertThat(decoding.decode(datagram.payload())).isEqualTo(DecodeResult.DECODED);
        }
        return decoding.rows();
    }
}
