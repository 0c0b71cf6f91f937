// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;

class IpfixContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new Ipfix();
    }

    @Override
    protected byte[] wellFormed(int records) {
        Data data = new Data();
        for (int record = 1; record <= records; record++) {
            data.u32(0x0A00_0000 + record)
                    .u32(0xC000_0200 + record)
                    .u64(1500L * record)
                    .u64(record);
            data.u16(record).u16(443).u8(6).u64(1_773_999_000_000L + record).u64(1_773_999_001_000L + record);
        }
        return MessageBuilder.ipfix()
                .template(300, 8, 4, 12, 4, 1, 8, 2, 8, 7, 2, 11, 2, 4, 1, 152, 8, 153, 8)
                .set(300, data.toOctets())
                .toOctets();
    }
}
