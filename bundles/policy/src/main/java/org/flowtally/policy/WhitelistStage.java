// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.PrefixTable;
import org.osgi.service.component.annotations.Component;

/** The whitelist of flow addresses: where an endpoint wants it, a row counts only from or to the listed subnets. */
@Component
@StageName(stage_name = StageName.POLICY)
public final class WhitelistStage implements FlowStage {
    private final EndpointSubnets whitelists = new EndpointSubnets(Endpoint::whitelistSubnets);

    @Override
    public void apply(FlowBatch batch) {
        for (int span = 0; span < batch.spans(); span++) {
            Endpoint endpoint = batch.endpoint(span);
            if (endpoint.whitelistMode()) {
                judge(batch, batch.firstRow(span), batch.endRow(span), whitelists.of(endpoint));
            }
        }
    }

    private static void judge(FlowBatch batch, int from, int to, PrefixTable whitelist) {
        for (int row = from; row < to; row++) {
            if (batch.isCounted(row)
                    && !whitelist.contains(batch.sourceHigh(row), batch.sourceLow(row))
                    && !whitelist.contains(batch.destinationHigh(row), batch.destinationLow(row))) {
                batch.judge(row, Verdict.OUTSIDE_WHITELIST);
            }
        }
    }
}
