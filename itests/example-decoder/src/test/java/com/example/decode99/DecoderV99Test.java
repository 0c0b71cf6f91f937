// SPDX-License-Identifier: Apache-2.0
package com.example.decode99;

import static org.assertj.core.api.Assertions.assertThat;

import org.flowtally.api.decode.DecodeResult;
import org.flowtally.itests.contract.Decoding;
import org.junit.jupiter.api.Test;

class DecoderV99Test {
    @Test
    void readsEveryField() {
        Decoding decoding = new Decoding(new DecoderV99(), 10);

        assertThat(decoding.decode(new DecoderV99ContractTest().wellFormed(2))).isEqualTo(DecodeResult.DECODED);

        assertThat(decoding.rows().get(1).fields())
                .containsEntry("src", "10.0.0.2")
                .containsEntry("dst", "192.0.2.1")
                .containsEntry("octets", 3000L)
                .containsEntry("packets", 2L)
                .containsEntry("src_port", 40_002L)
                .containsEntry("dst_port", 443L)
                .containsEntry("protocol", 6L)
                .containsEntry("start_ms", 1_773_999_990_000L)
                .containsEntry("end_ms", 1_773_999_991_000L);
        assertThat(decoding.exporter().headers()).singleElement().satisfies(header -> {
            assertThat(header.sequence()).isEqualTo(4711);
            assertThat(header.units()).isEqualTo(2);
        });
    }
}
