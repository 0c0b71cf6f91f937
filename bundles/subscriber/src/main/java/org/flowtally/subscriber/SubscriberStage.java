// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.lib.lookup.PrefixTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The subscriber match: who held the addresses of each row during its flow. Accounting judges those that nobody held; here
 * only rows of prefixes are judged which no single subscriber held.
 */
@Component(enabled = false) // Enabled by the book once the outcome of the first load is known.
@StageName(stage_name = StageName.SUBSCRIBER)
public final class SubscriberStage implements FlowStage {
    private static final long PREFIXES = FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX;
    private static final int IPV4_BITS = 32;
    private static final long IPV4_MARK = 0xFFFF;
    private static final long U32 = 0xFFFF_FFFFL;

    private final AssignmentBook book;

    /** Reads from the book. */
    @Activate
    public SubscriberStage(@Reference AssignmentBook book) {
        this.book = book;
    }

    @Override
    public void apply(FlowBatch batch) {
        Assignments assignments = book.current();
        batch.subscribers(assignments);
        for (int span = 0; span < batch.spans(); span++) {
            PrefixTable table = assignments.table(batch.endpoint(span).realm());
            switch (batch.matchAddress(span)) {
                case ORIGINAL -> match(batch, batch.firstRow(span), batch.endRow(span), assignments, table);
                case POST_NAT -> matchTranslated(batch, span, assignments, table, false);
                case EITHER -> matchTranslated(batch, span, assignments, table, true);
            }
        }
    }

    private static void match(FlowBatch batch, int from, int to, Assignments assignments, PrefixTable table) {
        for (int row = from; row < to; row++) {
            if (!batch.isCounted(row)) {
                batch.subscribers(row, Subscribers.NO_SUBSCRIBER, Subscribers.NO_SUBSCRIBER);
                continue;
            }
            if (batch.hasAny(row, PREFIXES) || !batch.has(row, FlowField.ADDRESSES)) {
                matchAggregated(batch, row, assignments, table);
                continue;
            }
            long start = batch.startMillis(row);
            long end = batch.endMillis(row);
            int source = assignments.holder(table, batch.sourceHigh(row), batch.sourceLow(row), start, end);
            int destination =
                    assignments.holder(table, batch.destinationHigh(row), batch.destinationLow(row), start, end);
            batch.subscribers(row, source, destination);
        }
    }

    /** Matches rows whose exporter may have told addresses behind a translation. */
    private static void matchTranslated(
            FlowBatch batch, int span, Assignments assignments, PrefixTable table, boolean isOriginalFirst) {
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            batch.translatedSides(row, false, false);
            if (!batch.isCounted(row)) {
                batch.subscribers(row, Subscribers.NO_SUBSCRIBER, Subscribers.NO_SUBSCRIBER);
            } else if (batch.hasAny(row, PREFIXES) || !batch.has(row, FlowField.ADDRESSES)) {
                matchAggregated(batch, row, assignments, table);
            } else {
                matchEitherSide(batch, row, assignments, table, isOriginalFirst);
            }
        }
    }

    private static void matchEitherSide(
            FlowBatch batch, int row, Assignments assignments, PrefixTable table, boolean isOriginalFirst) {
        long start = batch.startMillis(row);
        long end = batch.endMillis(row);
        int source = assignments.holder(table, batch.sourceHigh(row), batch.sourceLow(row), start, end);
        boolean isSourceTranslated = false;
        if (batch.isNatSourceTold(row)) {
            int translated =
                    assignments.holder(table, batch.postNatSourceHigh(row), batch.postNatSourceLow(row), start, end);
            isSourceTranslated = !isOriginalFirst || isBetterKnown(translated, source);
            source = isSourceTranslated ? translated : source;
        }
        int destination = assignments.holder(table, batch.destinationHigh(row), batch.destinationLow(row), start, end);
        boolean isDestinationTranslated = false;
        if (batch.isNatDestinationTold(row)) {
            int translated = assignments.holder(
                    table, batch.postNatDestinationHigh(row), batch.postNatDestinationLow(row), start, end);
            isDestinationTranslated = !isOriginalFirst || isBetterKnown(translated, destination);
            destination = isDestinationTranslated ? translated : destination;
        }
        batch.subscribers(row, source, destination);
        batch.translatedSides(row, isSourceTranslated, isDestinationTranslated);
    }

    /** Returns whether a holder is one while the other is none, or is one of ours while the other is a stranger. */
    private static boolean isBetterKnown(int holder, int other) {
        boolean isOtherNobody = other == Subscribers.NO_SUBSCRIBER || other == Subscribers.UNMATCHED_HOME;
        return isOtherNobody && holder != other && holder != Subscribers.NO_SUBSCRIBER;
    }

    /** Matches a row that its exporter put together of several flows: an address may be a prefix, or missing. */
    private static void matchAggregated(FlowBatch batch, int row, Assignments assignments, PrefixTable table) {
        int source = Subscribers.NO_SUBSCRIBER;
        int destination = Subscribers.NO_SUBSCRIBER;
        long start = batch.startMillis(row);
        long end = batch.endMillis(row);
        if (batch.has(row, FlowField.SOURCE_IS_PREFIX)) {
            source = holderOfAll(assignments, table, batch.sourceLow(row), batch.sourcePrefixLength(row), start, end);
        } else if (batch.has(row, FlowField.SOURCE_ADDRESS)) {
            source = assignments.holder(table, batch.sourceHigh(row), batch.sourceLow(row), start, end);
        }
        if (batch.has(row, FlowField.DESTINATION_IS_PREFIX)) {
            destination = holderOfAll(
                    assignments, table, batch.destinationLow(row), batch.destinationPrefixLength(row), start, end);
        } else if (batch.has(row, FlowField.DESTINATION_ADDRESS)) {
            destination = assignments.holder(table, batch.destinationHigh(row), batch.destinationLow(row), start, end);
        }
        batch.subscribers(row, source, destination);
        if (source == Subscribers.NO_SUBSCRIBER
                && destination == Subscribers.NO_SUBSCRIBER
                && batch.hasAny(row, PREFIXES)) {
            batch.judge(row, Verdict.AGGREGATED);
        }
    }

    /** Returns who held a whole IPv4 prefix; of IPv6 prefixes, which no version sends without hosts, none is looked up. */
    private static int holderOfAll(
            Assignments assignments, PrefixTable table, long low, int length, long start, long end) {
        if (low >>> IPV4_BITS != IPV4_MARK || length > IPV4_BITS) {
            return Subscribers.NO_SUBSCRIBER;
        }
        int hostBits = (int) (U32 >>> length);
        int first = (int) low & ~hostBits;
        return assignments.holderOfAll(table, first, first | hostBits, start, end);
    }
}
