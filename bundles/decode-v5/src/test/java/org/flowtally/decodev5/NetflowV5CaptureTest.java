// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.flowtally.itests.contract.capture.Capture;
import org.flowtally.itests.contract.capture.Capture.Totals;
import org.flowtally.itests.contract.capture.CapturedDatagram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetflowV5CaptureTest {
    /** Open vSwitch counts the header of the frame, and no trailer. */
    private static final long ETHERNET_OCTETS = 14;

    private final Decoding decoding = new Decoding(new NetflowV5(), 100);

    @Test
    void addsUpToWhatNfdumpSees() {
        replay(Capture.SOFTFLOWD_V5);

        assertThat(new Totals(decoding.rows().size(), sum("packets"), sum("octets")))
                .isEqualTo(Capture.SOFTFLOWD_V5.seenByNfdump());
        assertThat(decoding.exporter().samplingRates()).containsOnly(0);
    }

    @Test
    void addsUpToWhatNfdumpSeesOnceSamplingIsApplied() {
        replay(Capture.SOFTFLOWD_V5_SAMPLED);

        assertThat(decoding.exporter().samplingRates()).containsOnly(10);
        assertThat(new Totals(decoding.rows().size(), 10 * sum("packets"), 10 * sum("octets")))
                .isEqualTo(Capture.SOFTFLOWD_V5_SAMPLED.seenByNfdump());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_V5", "NFPROBE_V5", "OPENVSWITCH_V5"})
    void addsUpToTheTrafficThatTheExporterSaw(Capture capture) {
        replay(capture);

        Totals totals = Totals.of(decoding.rows());
        long framing = capture == Capture.OPENVSWITCH_V5 ? ETHERNET_OCTETS * totals.packets() : 0;
        assertThat(totals).isEqualTo(capture.seenByNfdump());
        assertThat(new Capture.Traffic(totals.packets(), totals.octets() - framing))
                .isEqualTo(capture.fedIn());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTFLOWD_V5", "NFPROBE_V5"})
    void followsTheSequenceOfTheExporter(Capture capture) {
        replay(capture);

        List<Header> headers = decoding.exporter().headers();
        for (int next = 1; next < headers.size(); next++) {
            Header before = headers.get(next - 1);
            assertThat(headers.get(next).sequence()).isEqualTo(before.sequence() + before.units());
        }
    }

    private void replay(Capture capture) {
        for (CapturedDatagram datagram : capture.datagrams()) {
            assertThat(decoding.decode(datagram.payload())).isEqualTo(DecodeResult.DECODED);
        }
    }

    private long sum(String field) {
        return decoding.rows().stream()
                .mapToLong(row -> (long) row.fields().get(field))
                .sum();
    }
}
