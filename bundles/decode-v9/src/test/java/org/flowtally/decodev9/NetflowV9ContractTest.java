// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;

class NetflowV9ContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV9();
    }

    @Override
    protected byte[] wellFormed(int records) {
        Data data = new Data();
        for (int record = 1; record <= records; record++) {
            data.u32(0x0A00_0000 + record)
                    .u32(0xC000_0200 + record)
                    .u32(1500L * record)
                    .u32(record);
            data.u16(record).u16(443).u8(6).u32(500_000 + record).u32(501_000 + record);
        }
        return MessageBuilder.v9()
                .template(300, 8, 4, 12, 4, 1, 4, 2, 4, 7, 2, 11, 2, 4, 1, 22, 4, 21, 4)
                .set(300, data.toOctets())
                .toOctets();
    }

    /** The header has no length and its count is not believed: a cut between two sets, or a shade behind one, is no cut. */
    @Override
    protected boolean isWhole(byte[] datagram, int length) {
        int at = V9Header.OCTETS;
        while (at <= length) {
            if (length - at < 4) {
                return true;
            }
            at += Octets.u16(datagram, at + 2);
        }
        return false;
    }
}
