// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.lookup.PrefixSearch;

/**
 * What follows from the addresses of a row. Where an endpoint wants it, a row counts only from or to the listed subnets. And
 * each address that may be the far end of somebody's usage gets its class profile; the far end of a row that lacks an address
 * is nowhere, and so ordinary. Owned by the working thread.
 */
final class AddressRules {
    private static final int MOST_ROWS = PrefixSearch.CAPACITY / 2; // Each has two addresses.
    private static final long PREFIXES = FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX;

    private final PrefixSearch search = new PrefixSearch();
    private final int[] rows = new int[MOST_ROWS];

    /** Judges all rows that count by the whitelist of their endpoint, and writes their class columns. */
    @SuppressWarnings("ReferenceEquality") // Datagrams of one endpoint come in runs, with the same snapshot.
    void apply(FlowBatch batch, AddressTables tables) {
        batch.trafficClasses(tables.classes());
        int spans = batch.spans();
        int span = 0;
        while (span < spans) {
            Endpoint endpoint = batch.endpoint(span);
            MatchAddress match = batch.matchAddress(span);
            int from = batch.firstRow(span++);
            while (span < spans && batch.endpoint(span) == endpoint && batch.matchAddress(span) == match) {
                span++;
            }
            AddressTable table = tables.of(endpoint);
            if (endpoint.whitelistMode() || table.hasClasses()) {
                apply(batch, from, batch.endRow(span - 1), table, endpoint.whitelistMode(), match);
            }
        }
    }

    private void apply(FlowBatch batch, int from, int to, AddressTable table, boolean isStrict, MatchAddress match) {
        boolean isTranslated = match == MatchAddress.POST_NAT;
        int next = from;
        while (next < to) {
            int count = 0;
            for (; next < to && count < MOST_ROWS; next++) {
                if (!batch.isCounted(next)) {
                    continue;
                }
                if (batch.has(next, FlowField.ADDRESSES) && !batch.hasAny(next, PREFIXES)) {
                    rows[count++] = next;
                } else {
                    applyToAggregate(batch, next, table, isStrict, isTranslated);
                }
            }
            int unlisted = table.hasClasses()
                    ? classify(batch, count, table, isTranslated)
                    : withoutListed(batch, count, table, isTranslated);
            if (isStrict) {
                if (match == MatchAddress.EITHER) {
                    unlisted = withoutListed(batch, unlisted, table, true);
                }
                for (int at = 0; at < unlisted; at++) {
                    batch.judge(rows[at], Verdict.OUTSIDE_WHITELIST);
                }
            }
        }
    }

    /** Writes the classes of rows, keeps those with neither address listed, and returns how many these are. */
    private int classify(FlowBatch batch, int count, AddressTable table, boolean isTranslated) {
        for (int at = 0; at < count; at++) {
            askSource(batch, rows[at], 2 * at, isTranslated);
            askDestination(batch, rows[at], 2 * at + 1, isTranslated);
        }
        table.find(search, 2 * count);
        int left = 0;
        for (int at = 0; at < count; at++) {
            int row = rows[at];
            int source = search.value(2 * at);
            int destination = search.value(2 * at + 1);
            batch.trafficClasses(row, AddressTable.profile(source), AddressTable.profile(destination));
            rows[left] = row;
            left += AddressTable.isListed(source & destination) ? 0 : 1;
        }
        return left;
    }

    /** Keeps of rows those with neither address listed, and returns how many these are: half of them need one look-up. */
    private int withoutListed(FlowBatch batch, int count, AddressTable table, boolean isTranslated) {
        for (int at = 0; at < count; at++) {
            askSource(batch, rows[at], at, isTranslated);
        }
        int left = withoutListed(count, table);
        for (int at = 0; at < left; at++) {
            askDestination(batch, rows[at], at, isTranslated);
        }
        return withoutListed(left, table);
    }

    private int withoutListed(int count, AddressTable table) {
        table.find(search, count);
        int left = 0;
        for (int at = 0; at < count; at++) {
            rows[left] = rows[at];
            left += AddressTable.isListed(search.value(at)) ? 0 : 1;
        }
        return left;
    }

    private void askSource(FlowBatch batch, int row, int position, boolean isTranslated) {
        if (isTranslated) {
            search.address(position, batch.postNatSourceHigh(row), batch.postNatSourceLow(row));
        } else {
            search.address(position, batch.sourceHigh(row), batch.sourceLow(row));
        }
    }

    private void askDestination(FlowBatch batch, int row, int position, boolean isTranslated) {
        if (isTranslated) {
            search.address(position, batch.postNatDestinationHigh(row), batch.postNatDestinationLow(row));
        } else {
            search.address(position, batch.destinationHigh(row), batch.destinationLow(row));
        }
    }

    /** Looks at a row that its exporter put together of several flows: an address may be a prefix, or missing. */
    private void applyToAggregate(
            FlowBatch batch, int row, AddressTable table, boolean isStrict, boolean isTranslated) {
        if (isStrict && !isSourceListed(batch, row, table) && !isDestinationListed(batch, row, table)) {
            batch.judge(row, Verdict.OUTSIDE_WHITELIST);
        } else if (batch.has(row, FlowField.ADDRESSES)) {
            askSource(batch, row, 0, isTranslated);
            askDestination(batch, row, 1, isTranslated);
            table.find(search, 2);
            batch.trafficClasses(row, AddressTable.profile(search.value(0)), AddressTable.profile(search.value(1)));
        }
    }

    private static boolean isSourceListed(FlowBatch batch, int row, AddressTable table) {
        long high = batch.sourceHigh(row);
        long low = batch.sourceLow(row);
        return batch.has(row, FlowField.SOURCE_IS_PREFIX)
                ? table.isAllListed(high, low, batch.sourcePrefixLength(row))
                : batch.has(row, FlowField.SOURCE_ADDRESS) && AddressTable.isListed(table.find(high, low));
    }

    private static boolean isDestinationListed(FlowBatch batch, int row, AddressTable table) {
        long high = batch.destinationHigh(row);
        long low = batch.destinationLow(row);
        return batch.has(row, FlowField.DESTINATION_IS_PREFIX)
                ? table.isAllListed(high, low, batch.destinationPrefixLength(row))
                : batch.has(row, FlowField.DESTINATION_ADDRESS) && AddressTable.isListed(table.find(high, low));
    }
}
