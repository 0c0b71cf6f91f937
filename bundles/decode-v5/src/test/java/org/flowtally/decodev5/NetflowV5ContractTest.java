// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;
import org.flowtally.itests.sender.V5Datagram;
import org.flowtally.itests.sender.V5Record;

class NetflowV5ContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV5();
    }

    @Override
    protected byte[] wellFormed(int records) {
        V5Datagram datagram = new V5Datagram()
                .exportedAtMillis(1_774_000_000_123L)
                .sequence(0xFFFF_FFF0L)
                .engine(1, 2)
                .sampling(1, 100);
        for (int record = 1; record <= records; record++) {
            datagram.add(new V5Record()
                    .addresses(0x0A00_0000 + record, 0xC000_0200 + record)
                    .counters(record, 1500L * record)
                    .protocol(record % 3 == 0 ? 1 : 6, record, record)
                    .uptimes(record, 1000 + record));
        }
        return datagram.toOctets();
    }
}
