// SPDX-License-Identifier: Apache-2.0
package com.example.decode99;

import java.nio.ByteBuffer;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;

class DecoderV99ContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new DecoderV99();
    }

    @Override
    protected byte[] wellFormed(int records) {
        ByteBuffer datagram = ByteBuffer.allocate(16 + 40 * records);
        datagram.putShort((short) 99).putShort((short) records);
        datagram.putInt(1_774_000_000).putInt(4711).putInt(1);
        for (int record = 1; record <= records; record++) {
            datagram.putInt(0x0A00_0000 + record).putInt(0xC000_0201);
            datagram.putLong(1500L * record).putInt(record);
            datagram.putShort((short) (40_000 + record)).putShort((short) 443);
            datagram.put((byte) 6).put(new byte[3]);
            datagram.putInt(1000).putLong(1_773_999_990_000L);
        }
        return datagram.array();
    }
}
