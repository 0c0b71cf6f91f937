// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

import java.nio.ByteBuffer;

/** A NetFlow v1 datagram with records of a chosen length, each different from the others. */
final class V1Datagram {
    static final long UPTIME_MILLIS = 3_600_000;
    static final long EXPORT_MILLIS = 1_774_000_000_123L;

    private V1Datagram() {}

    static byte[] of(int records, int recordOctets) {
        ByteBuffer buffer = ByteBuffer.allocate(16 + records * recordOctets);
        buffer.putShort((short) 1).putShort((short) records).putInt((int) UPTIME_MILLIS);
        buffer.putInt((int) (EXPORT_MILLIS / 1000)).putInt((int) (EXPORT_MILLIS % 1000) * 1_000_000);
        for (int record = 1; record <= records; record++) {
            buffer.position(16 + (record - 1) * recordOctets);
            put(buffer, record);
        }
        return buffer.array();
    }

    private static void put(ByteBuffer buffer, int record) {
        buffer.putInt(0x0A00_0000 + record).putInt(0xC000_0200 + record).putInt(0xFEFD_FCFB);
        buffer.putShort((short) 65_535).putShort((short) 40_000);
        buffer.putInt(record).putInt(-record);
        buffer.putInt(3_500_000 + record).putInt(3_590_000 + record);
        buffer.putShort((short) (60_000 + record)).putShort((short) (256 * 3 + record));
        buffer.putShort((short) 0xABCD).put((byte) (record % 2 == 0 ? 1 : 17)).put((byte) 184);
        buffer.put((byte) (200 + record)).put((byte) 0xEE);
    }
}
