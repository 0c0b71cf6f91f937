// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;

/** The contract, for datagrams of one method after the other: with 30 records it is full flows, which nobody judges yet. */
class NetflowV8ContractTest extends FlowDecoderContract {
    private static final int SHIFT = 5;

    @Override
    protected FlowDecoder decoder() {
        return new NetflowV8();
    }

    @Override
    protected byte[] wellFormed(int records) {
        return V8Datagram.of((records + SHIFT) % V8Datagram.METHODS + 1, records);
    }
}
