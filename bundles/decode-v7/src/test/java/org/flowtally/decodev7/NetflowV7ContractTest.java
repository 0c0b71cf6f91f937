// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;

class NetflowV7ContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV7();
    }

    @Override
    protected byte[] wellFormed(int records) {
        V7Datagram.FlowMask[] masks = V7Datagram.FlowMask.values();
        return V7Datagram.of(records, masks[records % masks.length]);
    }
}
