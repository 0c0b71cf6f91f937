// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.netflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.flowtally.api.decode.DecodeResult;
import org.junit.jupiter.api.Test;

class HeaderStartTest {
    private static final int BEHIND = 3; // A datagram rarely begins where its slab does.

    @Test
    void readsNumbersAsUnsigned() {
        byte[] octets = header(65_535, 4_294_967_295L, 4_000_000_000L, 999_999_999);

        assertThat(HeaderStart.count(octets, BEHIND)).isEqualTo(65_535);
        assertThat(HeaderStart.uptimeMillis(octets, BEHIND)).isEqualTo(4_294_967_295L);
        assertThat(HeaderStart.exportMillis(octets, BEHIND)).isEqualTo(4_000_000_000_999L);
    }

    @Test
    void keepsTheExportTimeWithinItsSecondWhateverTheNanosecondsSay() {
        byte[] octets = header(1, 0, 1_774_000_000L, 4_294_967_295L);

        assertThat(HeaderStart.exportMillis(octets, BEHIND)).isEqualTo(1_774_000_000_999L);
    }

    @Test
    void wantsTheLengthThatWasAnnounced() {
        assertThat(HeaderStart.agreement(72, 72)).isEqualTo(DecodeResult.DECODED);
        assertThat(HeaderStart.agreement(71, 72)).isEqualTo(DecodeResult.TRUNCATED);
        assertThat(HeaderStart.agreement(73, 72)).isEqualTo(DecodeResult.LENGTH_MISMATCH);
    }

    private static byte[] header(int count, long uptimeMillis, long seconds, long nanos) {
        ByteBuffer buffer = ByteBuffer.allocate(BEHIND + HeaderStart.OCTETS);
        buffer.position(BEHIND);
        buffer.putShort((short) 5).putShort((short) count).putInt((int) uptimeMillis);
        buffer.putInt((int) seconds).putInt((int) nanos);
        return buffer.array();
    }
}
