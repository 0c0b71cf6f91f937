// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.FlowDecoderContract;

class NetflowV1ContractTest extends FlowDecoderContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV1();
    }

    @Override
    protected byte[] wellFormed(int records) {
        return V1Datagram.of(records, V1Record.OCTETS);
    }

    @Override
    protected boolean hasSequence() {
        return false;
    }
}
