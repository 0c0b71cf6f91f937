// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.flowtally.api.datagram.Octets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaptureTest {
    @ParameterizedTest
    @EnumSource
    void holdsDatagramsOfOneExporter(Capture capture) {
        assertThat(capture.datagrams()).isNotEmpty().allSatisfy(datagram -> {
            assertThat(datagram.source()).hasToString("192.0.2.1");
            assertThat(datagram.sourcePort()).isEqualTo(40_000);
            assertThat(datagram.destinationPort()).isEqualTo(2055);
            assertThat(Octets.u16(datagram.payload(), 0)).isIn(1, 5, 9, 10);
        });
    }
}
