// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

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

/** What softflowd and pmacct send as NetFlow v9. */
class NetflowV9CaptureTest {
    private static final long ICMP = 1;

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_V9", "SOFTFLOWD_V9_SAMPLED", "NFPROBE_V9"})
    void addsUpToWhatNfdumpSees(Capture capture) {
        assertThat(Totals.of(rows(capture))).isEqualTo(capture.seenByNfdump());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_V9", "NFPROBE_V9"})
    void addsUpToTheTrafficThatTheExporterSaw(Capture capture) {
        List<DecodedRow> rows = rows(capture);

        Totals totals = Totals.of(rows);
        assertThat(new Capture.Traffic(totals.packets(), totals.octets())).isEqualTo(capture.fedIn());
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.COUNTED);
            assertThat(row.samplingRate()).isEqualTo(1);
            assertThat((long) row.fields().get("start_ms"))
                    .isBetween(Capture.TRAFFIC_FROM_MILLIS - 1000, Capture.TRAFFIC_TO_MILLIS);
            assertThat((long) row.fields().get("end_ms"))
                    .isBetween((long) row.fields().get("start_ms"), Capture.TRAFFIC_TO_MILLIS);
            assertThat(row.fields()).containsKeys("src", "dst", "protocol", "tos");
            assertThat(row.fields())
                    .containsKey(row.fields().get("protocol").equals(ICMP) ? "icmp_type_code" : "src_port");
        });
    }

    @Test
    void multipliesByTheRateThatOptionsTell() {
        assertThat(rows(Capture.SOFTFLOWD_V9_SAMPLED))
                .extracting(DecodedRow::samplingRate)
                .containsOnly(10);
    }

    private static List<DecodedRow> rows(Capture capture) {
        Decoding decoding = new Decoding(new NetflowV9(), 100);
        for (CapturedDatagram datagram : capture.datagrams()) {
            assertThat(decoding.decode(datagram.payload())).isEqualTo(DecodeResult.DECODED);
        }
        return decoding.rows();
    }
}
