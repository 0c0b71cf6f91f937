// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

import static org.assertj.core.api.Assertions.assertThat;

import org.flowtally.api.decode.DecodeResult;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.capture.Capture;
import org.flowtally.itests.contract.capture.Capture.Totals;
import org.flowtally.itests.contract.capture.CapturedDatagram;
import org.junit.jupiter.api.Test;

class NetflowV1CaptureTest {
    private final Decoding decoding = new Decoding(new NetflowV1(), 100);

    @Test
    void addsUpToWhatNfdumpSees() {
        for (CapturedDatagram datagram : Capture.SOFTFLOWD_V1.datagrams()) {
            assertThat(decoding.decode(datagram.payload())).isEqualTo(DecodeResult.DECODED);
        }

        assertThat(new Totals(decoding.rows().size(), sum("packets"), sum("octets")))
                .isEqualTo(Capture.SOFTFLOWD_V1.seenByNfdump());
    }

    @Test
    void seesTheTrafficThatV5Sees() {
        Totals v5 = Capture.SOFTFLOWD_V5.seenByNfdump();

        addsUpToWhatNfdumpSees();

        assertThat(sum("packets")).isEqualTo(v5.packets());
        assertThat(sum("octets")).isEqualTo(v5.octets());
    }

    private long sum(String field) {
        return decoding.rows().stream()
                .mapToLong(row -> (long) row.fields().get(field))
                .sum();
    }
}
