// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import java.util.Set;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.corpus.CorpusContract;

class NetflowV8CorpusTest extends CorpusContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV8();
    }

    @Override
    protected Set<String> fieldsWithoutColumn() {
        return Set.of("marked_tos", "extra_packets", "router_sc");
    }
}
