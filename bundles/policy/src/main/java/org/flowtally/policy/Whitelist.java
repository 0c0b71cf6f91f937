// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.PrefixSearch;
import org.flowtally.lib.lookup.PrefixTable;

/**
 * The whitelist of flow addresses: where an endpoint wants it, a row counts only from or to the listed subnets. Owned by the
 * working thread.
 */
final class Whitelist {
    private static final long PREFIXES = FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX;

    private final EndpointSubnets tables = new EndpointSubnets(Endpoint::whitelistSubnets);
    private final PrefixSearch search = new PrefixSearch();
    private final int[] unlisted = new int[PrefixSearch.CAPACITY];

    /** Judges all rows that count, by the addresses that belong to subscribers. */
    @SuppressWarnings("ReferenceEquality") // Datagrams of one endpoint come in runs, with the same snapshot.
    void judge(FlowBatch batch) {
        int spans = batch.spans();
        int span = 0;
        while (span < spans) {
            Endpoint endpoint = batch.endpoint(span);
            MatchAddress match = batch.matchAddress(span);
            int from = batch.firstRow(span++);
            while (span < spans && batch.endpoint(span) == endpoint && batch.matchAddress(span) == match) {
                span++;
            }
            if (endpoint.whitelistMode()) {
                judge(batch, from, batch.endRow(span - 1), tables.of(endpoint), match);
            }
        }
    }

    private void judge(FlowBatch batch, int from, int to, PrefixTable whitelist, MatchAddress match) {
        int next = from;
        while (next < to) {
            int count = 0;
            for (; next < to && count < PrefixSearch.CAPACITY; next++) {
                if (!batch.isCounted(next)) {
                    continue;
                }
                if (batch.has(next, FlowField.ADDRESSES) && !batch.hasAny(next, PREFIXES)) {
                    unlisted[count++] = next;
                } else if (!isAggregateListed(batch, next, whitelist)) {
                    batch.judge(next, Verdict.OUTSIDE_WHITELIST);
                }
            }
            if (match != MatchAddress.ORIGINAL) {
                count = withoutListed(batch, count, whitelist, true);
            }
            if (match != MatchAddress.POST_NAT) {
                count = withoutListed(batch, count, whitelist, false);
            }
            for (int at = 0; at < count; at++) {
                batch.judge(unlisted[at], Verdict.OUTSIDE_WHITELIST);
            }
        }
    }

    /** Keeps of the unlisted rows those with neither address listed, and returns how many. */
    private int withoutListed(FlowBatch batch, int count, PrefixTable whitelist, boolean isTranslated) {
        for (int at = 0; at < count; at++) {
            int row = unlisted[at];
            if (isTranslated) {
                search.address(at, batch.postNatSourceHigh(row), batch.postNatSourceLow(row));
            } else {
                search.address(at, batch.sourceHigh(row), batch.sourceLow(row));
            }
        }
        int left = withoutFound(count, whitelist);
        for (int at = 0; at < left; at++) {
            int row = unlisted[at];
            if (isTranslated) {
                search.address(at, batch.postNatDestinationHigh(row), batch.postNatDestinationLow(row));
            } else {
                search.address(at, batch.destinationHigh(row), batch.destinationLow(row));
            }
        }
        return withoutFound(left, whitelist);
    }

    private int withoutFound(int count, PrefixTable whitelist) {
        search.find(whitelist, count);
        int left = 0;
        for (int at = 0; at < count; at++) {
            unlisted[left] = unlisted[at];
            left += search.value(at) == PrefixTable.NOT_FOUND ? 1 : 0;
        }
        return left;
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
