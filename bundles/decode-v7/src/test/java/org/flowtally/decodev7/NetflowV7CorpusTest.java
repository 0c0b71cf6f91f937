// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev7;

import java.util.Set;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.corpus.CorpusContract;

class NetflowV7CorpusTest extends CorpusContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV7();
    }

    @Override
    protected Set<String> fieldsWithoutColumn() {
        return Set.of("router_sc");
    }
}
