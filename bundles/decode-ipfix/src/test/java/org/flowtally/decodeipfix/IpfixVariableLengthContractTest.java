// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

import java.nio.charset.StandardCharsets;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;

/** The same contract for records of variable length, in a set that is padded. */
class IpfixVariableLengthContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new Ipfix();
    }

    @Override
    protected byte[] wellFormed(int records) {
        Data data = new Data();
        for (int record = 1; record <= records; record++) {
            byte[] name = "x".repeat(record).getBytes(StandardCharsets.US_ASCII);
            data.u32(0x0A00_0000 + record);
            if (record % 2 == 0) {
                data.u8(name.length).octets(name);
            } else {
                data.u8(0xFF).u16(name.length).octets(name);
            }
            data.u32(0xC000_0200 + record).u32(1500L * record);
        }
        return MessageBuilder.ipfix()
                .template(400, 8, 4, 460, 0xFFFF, 12, 4, 1, 4)
                .set(400, data.u16(0).toOctets())
                .toOctets();
    }
}
