// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.PrefixTable;
import org.osgi.service.component.annotations.Component;

/** The whitelist of flow addresses: where an endpoint wants it, a row counts only from or to the listed subnets. */
@Component
@StageName(stage_name = StageName.POLICY)
public final class WhitelistStage implements FlowStage {
    private static final long PREFIXES = FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX;

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
            if (batch.isCounted(row) && !isListed(batch, row, whitelist)) {
                batch.judge(row, Verdict.OUTSIDE_WHITELIST);
            }
        }
    }

    private static boolean isListed(FlowBatch batch, int row, PrefixTable whitelist) {
        if (batch.hasAny(row, PREFIXES) || !batch.has(row, FlowField.ADDRESSES)) {
            return isAggregateListed(batch, row, whitelist);
        }
        return whitelist.contains(batch.sourceHigh(row), batch.sourceLow(row))
                || whitelist.contains(batch.destinationHigh(row), batch.destinationLow(row));
    }

    /** Looks at a row that its exporter put together of several flows: an address may be a prefix, or missing. */
    private static boolean isAggregateListed(FlowBatch batch, int row, PrefixTable whitelist) {
        long sourceHigh = batch.sourceHigh(row);
        long sourceLow = batch.sourceLow(row);
        boolean isSourceListed = batch.has(row, FlowField.SOURCE_IS_PREFIX)
                ? whitelist.containsAll(sourceHigh, sourceLow, batch.sourcePrefixLength(row))
                : batch.has(row, FlowField.SOURCE_ADDRESS) && whitelist.contains(sourceHigh, sourceLow);
        if (isSourceListed) {
            return true;
        }
        long destinationHigh = batch.destinationHigh(row);
        long destinationLow = batch.destinationLow(row);
        return batch.has(row, FlowField.DESTINATION_IS_PREFIX)
                ? whitelist.containsAll(destinationHigh, destinationLow, batch.destinationPrefixLength(row))
                : batch.has(row, FlowField.DESTINATION_ADDRESS) && whitelist.contains(destinationHigh, destinationLow);
    }
}
