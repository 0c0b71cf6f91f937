// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

import java.nio.ByteBuffer;

/** A NetFlow v7 datagram whose records are all different from each other, under one flow mask. */
final class V7Datagram {
    static final long UPTIME_MILLIS = 3_600_000;
    static final long EXPORT_MILLIS = 1_774_000_000_123L;

    /** What a Catalyst switch keeps of a flow; the rest it sends as 0. */
    enum FlowMask {
        DESTINATION,
        SOURCE_DESTINATION,
        FULL
    }

    private V7Datagram() {}

    static byte[] of(int records, FlowMask mask) {
        ByteBuffer buffer = ByteBuffer.allocate(24 + records * 52);
        buffer.putShort((short) 7).putShort((short) records).putInt((int) UPTIME_MILLIS);
        buffer.putInt((int) (EXPORT_MILLIS / 1000)).putInt((int) (EXPORT_MILLIS % 1000) * 1_000_000);
        buffer.putInt(0xFFFF_FFF0).putInt(0x1234_5678);
        for (int record = 1; record <= records; record++) {
            put(buffer, record, mask);
        }
        return buffer.array();
    }

    private static void put(ByteBuffer buffer, int record, FlowMask mask) {
        boolean isFull = mask == FlowMask.FULL;
        buffer.putInt(mask == FlowMask.DESTINATION ? 0 : 0x0A00_0000 + record).putInt(0xC000_0200 + record);
        buffer.putInt(0xFEFD_FCFB).putShort((short) 65_535).putShort((short) 40_000);
        buffer.putInt(record).putInt(-record);
        buffer.putInt(3_500_000 + record).putInt(3_590_000 + record);
        buffer.putShort((short) (isFull ? 60_000 + record : 0)).putShort((short) (isFull ? 768 + record : 0));
        buffer.put((byte) 0xFF).put((byte) (isFull ? 200 + record : 0));
        buffer.put((byte) (isFull ? record % 2 == 0 ? 1 : 17 : 0)).put((byte) 184);
        buffer.putShort((short) 65_533).putShort((short) 64_512);
        buffer.put((byte) 32).put((byte) 33).putShort((short) 0xFFFF);
        buffer.putInt(0x0A0B_0C0D);
    }
}
