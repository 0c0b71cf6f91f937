// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.flowtally.itests.contract.corpus.CorpusContract;

class NetflowV1CorpusTest extends CorpusContract {
    @Override
    protected FlowDecoder decoder() {
        return new NetflowV1();
    }

    @Override
    protected Set<String> fieldsWithoutColumn() {
        return Set.of();
    }

    @Override
    protected List<Header> headers(JsonNode packet) {
        return List.of();
    }
}
