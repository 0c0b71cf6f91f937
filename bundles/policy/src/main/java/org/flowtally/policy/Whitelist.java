// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.PrefixTable;

/** The whitelist of flow addresses: where an endpoint wants it, a row counts only from or to the listed subnets. */
final class Whitelist {
    private static final long PREFIXES = FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX;

    private final EndpointSubnets tables = new EndpointSubnets(Endpoint::whitelistSubnets);

    /** Judges the rows of a span, by the addresses that belong to subscribers. */
    void judge(FlowBatch batch, int span, MatchAddress match) {
        Endpoint endpoint = batch.endpoint(span);
        if (endpoint.whitelistMode()) {
            judge(batch, batch.firstRow(span), batch.endRow(span), tables.of(endpoint), match);
        }
    }

    private static void judge(FlowBatch batch, int from, int to, PrefixTable whitelist, MatchAddress match) {
        for (int row = from; row < to; row++) {
            if (batch.isCounted(row) && !isListed(batch, row, whitelist, match)) {
                batch.judge(row, Verdict.OUTSIDE_WHITELIST);
            }
        }
    }

    private static boolean isListed(FlowBatch batch, int row, PrefixTable whitelist, MatchAddress match) {
        if (batch.hasAny(row, PREFIXES) || !batch.has(row, FlowField.ADDRESSES)) {
            return isAggregateListed(batch, row, whitelist);
        }
        if (match == MatchAddress.ORIGINAL || !batch.has(row, FlowField.NAT_ADDRESSES)) {
            return isListed(
                    whitelist,
                    batch.sourceHigh(row),
                    batch.sourceLow(row),
                    batch.destinationHigh(row),
                    batch.destinationLow(row));
        }
        return isTranslatedListed(batch, row, whitelist, match);
    }

    private static boolean isTranslatedListed(FlowBatch batch, int row, PrefixTable whitelist, MatchAddress match) {
        boolean isListed = isListed(
                whitelist,
                batch.postNatSourceHigh(row),
                batch.postNatSourceLow(row),
                batch.postNatDestinationHigh(row),
                batch.postNatDestinationLow(row));
        return isListed
                || (match == MatchAddress.EITHER
                        && isListed(
                                whitelist,
                                batch.sourceHigh(row),
                                batch.sourceLow(row),
                                batch.destinationHigh(row),
                                batch.destinationLow(row)));
    }

    private static boolean isListed(PrefixTable whitelist, long fromHigh, long fromLow, long toHigh, long toLow) {
        return whitelist.contains(fromHigh, fromLow) || whitelist.contains(toHigh, toLow);
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
