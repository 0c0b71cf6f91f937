// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.TrafficClasses;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.lib.report.CounterArray;

/**
 * Books the rows of a batch into a ledger: gives each row its last verdict, counts it, and credits what it moved. A row is
 * credited whole or not at all. Owned by the working thread, under the lock of {@link UsageAccounting}.
 */
@SuppressWarnings("EnumOrdinal") // Verdicts are counted by ordinal within one process; ordinals are never stored.
final class Bookkeeper {
    private static final int COUNTED = Verdict.COUNTED.ordinal();
    private static final int QUARANTINED = Verdict.QUARANTINED.ordinal();
    private static final int LEDGER_FULL = Verdict.LEDGER_FULL.ordinal();
    private static final int VERDICTS = Verdict.count();

    private final Names realms;
    private final NamedExporters names;
    private final CounterArray rowsByVerdict;
    private final CounterArray octetsByVerdict;
    private final long[] spanRows = new long[VERDICTS];
    private final long[] spanOctets = new long[VERDICTS];
    private final RowParts sourceParts = new RowParts();
    private final RowParts destinationParts = new RowParts();

    private final ClassTimes classes = new ClassTimes();

    private long longestMillis;
    private long rowsShortened;
    private boolean isTranslating;

    // The bucket that most rows fall into.
    private long bucketMillis = 1;
    private long bucket;
    private long bucketStart;
    private long bucketEnd;

    Bookkeeper(
            Names realms,
            NamedExporters names,
            CounterArray rowsByVerdict,
            CounterArray octetsByVerdict,
            long longestMillis) {
        this.realms = realms;
        this.names = names;
        this.rowsByVerdict = rowsByVerdict;
        this.octetsByVerdict = octetsByVerdict;
        this.longestMillis = longestMillis;
    }

    /** Takes the longest duration that a flow may claim, at most {@link RowParts#LONGEST_MILLIS}. */
    void longestMillis(long millis) {
        longestMillis = millis;
    }

    /** Returns the names of the traffic classes whose numbers stand in the keys now. */
    Names classNames() {
        return classes.names();
    }

    /** Takes the traffic classes of the next batch; returns whether it must go into another ledger than the one before. */
    boolean follow(TrafficClasses current) {
        return classes.follow(current);
    }

    /** Returns the rows so far that found the ledger full. */
    long rowsRefused() {
        return rowsByVerdict.value(LEDGER_FULL);
    }

    /** Returns the rows so far that claimed to last longer and were spread over the end of that time only. */
    long rowsShortened() {
        return rowsShortened;
    }

    /**
     * Books a batch.
     *
     * @param bound how many entries each table of the ledger may have
     */
    void book(FlowBatch batch, Ledger ledger, int bound) {
        if (bucketMillis != ledger.bucketMillis()) {
            bucketMillis = ledger.bucketMillis();
            moveTo(0);
        }
        for (int span = 0, spans = batch.spans(); span < spans; span++) {
            bookSpan(batch, span, ledger, bound);
        }
    }

    private void bookSpan(FlowBatch batch, int span, Ledger ledger, int bound) {
        String realm = batch.endpoint(span).realm();
        isTranslating = batch.matchAddress(span) != MatchAddress.ORIGINAL;
        int first = batch.firstRow(span);
        int end = batch.endRow(span);
        int counted = 0;
        long countedOctets = 0;
        for (int row = first; row < end; row++) {
            long octets = batch.octets(row);
            long packets = batch.packets(row);
            int rate = batch.samplingRate(row);
            if (rate > 1) {
                if (exceeds(octets, rate) || exceeds(packets, rate)) {
                    batch.judge(row, Verdict.IMPLAUSIBLE);
                    octets = 0;
                } else {
                    octets *= rate;
                    packets *= rate;
                }
            }
            if (batch.isCounted(row)) {
                credit(batch, row, octets, packets, ledger, realm, bound);
            }
            int verdict = batch.verdictOrdinal(row);
            if (verdict == COUNTED) {
                counted++;
                countedOctets += octets;
            } else {
                spanRows[verdict]++;
                spanOctets[verdict] += octets;
            }
        }
        spanRows[COUNTED] = counted;
        spanOctets[COUNTED] = countedOctets;
        ExporterTally tally = ledger.exporters().tally(batch.exporter(span), batch.receivedAtMillis(span), names);
        if (batch.isReturned(span)) {
            letGo(end - first);
        }
        foldSpan(tally);
    }

    /** Takes rows that return back from those that are held: they were counted there, and are counted by their last verdict now. */
    private void letGo(int rows) {
        long octets = 0;
        for (int verdict = 0; verdict < VERDICTS; verdict++) {
            octets += spanOctets[verdict];
        }
        rowsByVerdict.add(QUARANTINED, -rows);
        octetsByVerdict.add(QUARANTINED, -octets);
    }

    private void foldSpan(ExporterTally tally) {
        for (int verdict = 0; verdict < VERDICTS; verdict++) {
            if (spanRows[verdict] == 0) {
                continue;
            }
            long octets = spanOctets[verdict];
            rowsByVerdict.add(verdict, spanRows[verdict]);
            octetsByVerdict.add(verdict, octets);
            if (verdict != QUARANTINED) { // What is held is told to the tables when its fate is known.
                tally.add(verdict, spanRows[verdict], octets);
            }
            spanRows[verdict] = 0;
            spanOctets[verdict] = 0;
        }
    }

    private void credit(FlowBatch batch, int row, long octets, long packets, Ledger ledger, String realm, int bound) {
        int source = batch.sourceSubscriber(row);
        int destination = batch.destinationSubscriber(row);
        if (source == Subscribers.NO_SUBSCRIBER && destination == Subscribers.NO_SUBSCRIBER) {
            batch.judge(row, Verdict.NO_SUBSCRIBER);
            return;
        }
        long start = batch.startMillis(row);
        long end = batch.endMillis(row);
        if (start < bucketStart || start >= bucketEnd) {
            moveTo(Math.floorDiv(start, bucketMillis));
        }
        int least = Math.min(source, destination);
        boolean isWhole = end <= bucketEnd && bucket >= 0 && bucket <= UsageTable.LAST_BUCKET;
        if (!isWhole || least < Subscribers.NO_SUBSCRIBER) {
            creditParts(batch, row, octets, packets, ledger, realm, bound);
        } else if (least == Subscribers.NO_SUBSCRIBER) {
            // The sign bit of the destination: no subscriber there means that the other side sent. No branch to
            // mispredict.
            int direction = destination >>> (Integer.SIZE - 1);
            int profile = batch.farClass(row, direction);
            if (classes.isOneClass(profile, start, end)) {
                long key = UsageTable.key(Math.max(source, destination), bucket, classes.number(profile));
                creditOne(batch, row, octets, packets, ledger.usage(), key, direction, bound);
            } else {
                creditParts(batch, row, octets, packets, ledger, realm, bound);
            }
        } else if (classes.isOneClass(batch.destinationClass(row), start, end)
                && classes.isOneClass(batch.sourceClass(row), start, end)) {
            creditTwo(batch, row, octets, packets, ledger.usage(), source, destination, bound);
        } else {
            creditParts(batch, row, octets, packets, ledger, realm, bound);
        }
    }

    /** Credits a row that lies in one bucket and has a subscriber on one side and a stranger on the other. */
    private void creditOne(
            FlowBatch batch, int row, long octets, long packets, UsageTable usage, long key, int direction, int bound) {
        int entry = usage.entry(key, bound);
        if (entry == UsageTable.FULL) {
            batch.judge(row, Verdict.LEDGER_FULL);
        } else if (!usage.entries().fits(entry, direction, octets, packets)) {
            batch.judge(row, Verdict.IMPLAUSIBLE);
        } else {
            usage.entries().credit(entry, direction, octets, packets, flows(batch, row), batch.quality(row));
        }
    }

    /** Credits a row that lies in one bucket and has a subscriber on both sides. */
    private void creditTwo(
            FlowBatch batch,
            int row,
            long octets,
            long packets,
            UsageTable usage,
            int source,
            int destination,
            int bound) {
        int toClass = classes.number(batch.sourceClass(row)); // The class of either side is that of its far end.
        int fromClass = classes.number(batch.destinationClass(row));
        int from = usage.entry(UsageTable.key(source, bucket, fromClass), bound);
        int to = usage.entry(UsageTable.key(destination, bucket, toClass), bound);
        EntryTable entries = usage.entries();
        if (from == UsageTable.FULL || to == UsageTable.FULL) {
            batch.judge(row, Verdict.LEDGER_FULL);
        } else if (!entries.fits(from, EntryTable.OUT, octets, packets)
                || !entries.fits(to, EntryTable.IN, octets, packets)) {
            batch.judge(row, Verdict.IMPLAUSIBLE);
        } else {
            int quality = batch.quality(row);
            int flows = flows(batch, row);
            entries.credit(from, EntryTable.OUT, octets, packets, flows, quality);
            entries.credit(to, EntryTable.IN, octets, packets, source == destination ? 0 : flows, quality);
        }
    }

    /** Credits any row: splits both sides, looks whether everything fits, and only then credits. */
    private void creditParts(
            FlowBatch batch, int row, long octets, long packets, Ledger ledger, String realm, int bound) {
        Subscribers subscribers = batch.subscribers();
        long end = batch.endMillis(row);
        long start = Math.min(batch.startMillis(row), end);
        if (end >= 0 && start < end - longestMillis) {
            start = end - longestMillis;
            rowsShortened++;
        }
        if (start < 0 || Math.floorDiv(end, bucketMillis) > UsageTable.LAST_BUCKET) {
            batch.judge(row, Verdict.IMPLAUSIBLE);
            return;
        }
        sourceParts.split(
                subscribers,
                batch.sourceSubscriber(row),
                classes,
                batch.destinationClass(row),
                start,
                end,
                octets,
                packets,
                bucketMillis);
        destinationParts.split(
                subscribers,
                batch.destinationSubscriber(row),
                classes,
                batch.sourceClass(row),
                start,
                end,
                octets,
                packets,
                bucketMillis);
        boolean isRoom = locate(batch, row, ledger, realms.number(realm), bound);
        if (!isRoom) {
            batch.judge(row, Verdict.LEDGER_FULL);
        } else if (!fit(sourceParts, ledger, EntryTable.OUT, octets, packets)
                || !fit(destinationParts, ledger, EntryTable.IN, octets, packets)) {
            batch.judge(row, Verdict.IMPLAUSIBLE);
        } else {
            int flows = flows(batch, row);
            credit(sourceParts, ledger, EntryTable.OUT, flows, batch.quality(row));
            credit(destinationParts, ledger, EntryTable.IN, isOneParty(batch, row) ? 0 : flows, batch.quality(row));
            if (!sourceParts.isHeld() && !destinationParts.isHeld()) {
                batch.judge(row, Verdict.NO_SUBSCRIBER);
            }
        }
    }

    /** Returns whether both sides begin with the same subscriber, or the same address: its flow counts once. */
    private boolean isOneParty(FlowBatch batch, int row) {
        int holder = sourceParts.holder(0);
        return holder == destinationParts.holder(0) && (holder >= 0 || isOneAddress(batch, row));
    }

    private static boolean isOneAddress(FlowBatch batch, int row) {
        return batch.sourceLow(row) == batch.destinationLow(row) && batch.sourceHigh(row) == batch.destinationHigh(row);
    }

    /** Finds or makes the entry of every part of both sides; returns whether all of them exist now. */
    private boolean locate(FlowBatch batch, int row, Ledger ledger, int realm, int bound) {
        boolean isOther = isTranslating && batch.isSourceTranslated(row);
        long sourceHigh = isOther ? batch.postNatSourceHigh(row) : batch.sourceHigh(row);
        long sourceLow = isOther ? batch.postNatSourceLow(row) : batch.sourceLow(row);
        if (!locate(sourceParts, ledger, realm, sourceHigh, sourceLow, bound)) {
            return false;
        }
        isOther = isTranslating && batch.isDestinationTranslated(row);
        long destinationHigh = isOther ? batch.postNatDestinationHigh(row) : batch.destinationHigh(row);
        long destinationLow = isOther ? batch.postNatDestinationLow(row) : batch.destinationLow(row);
        return locate(destinationParts, ledger, realm, destinationHigh, destinationLow, bound);
    }

    /** Finds or makes the entry of every part; returns whether all of them exist now. */
    private static boolean locate(RowParts parts, Ledger ledger, int realm, long high, long low, int bound) {
        for (int part = 0; part < parts.size(); part++) {
            int holder = parts.holder(part);
            if (holder >= 0) {
                long key = UsageTable.key(holder, parts.bucket(part), parts.trafficClass(part));
                int entry = ledger.usage().entry(key, bound);
                if (entry == UsageTable.FULL) {
                    return false;
                }
                parts.entry(part, entry);
            } else if (holder == Subscribers.UNMATCHED_HOME) {
                parts.entry(part, ledger.unmatched().entry(realm, high, low, parts.bucket(part), bound));
            }
        }
        return true;
    }

    /** Returns whether every entry could take the whole row: parts of one row may share an entry. */
    private static boolean fit(RowParts parts, Ledger ledger, int direction, long octets, long packets) {
        for (int part = 0; part < parts.size(); part++) {
            int holder = parts.holder(part);
            if (holder != Subscribers.NO_SUBSCRIBER
                    && !entriesOf(holder, ledger).fits(parts.entry(part), direction, octets, packets)) {
                return false;
            }
        }
        return true;
    }

    /** Returns how many flows a row counts as: more than one if its exporter put them together. */
    private static int flows(FlowBatch batch, int row) {
        return (int) Math.min(Integer.MAX_VALUE, batch.flowCount(row));
    }

    private static void credit(RowParts parts, Ledger ledger, int direction, int flows, int quality) {
        for (int part = 0; part < parts.size(); part++) {
            int holder = parts.holder(part);
            if (holder != Subscribers.NO_SUBSCRIBER) {
                entriesOf(holder, ledger)
                        .credit(
                                parts.entry(part),
                                direction,
                                parts.octets(part),
                                parts.packets(part),
                                part == 0 ? flows : 0,
                                quality);
            }
        }
    }

    private static EntryTable entriesOf(int holder, Ledger ledger) {
        return holder >= 0 ? ledger.usage().entries() : ledger.unmatched().entries();
    }

    private void moveTo(long number) {
        bucket = number;
        bucketStart = number * bucketMillis;
        bucketEnd = bucketStart + bucketMillis;
    }

    private static boolean exceeds(long value, int rate) {
        return value < 0
                ? Long.compareUnsigned(value, Long.divideUnsigned(-1L, rate)) > 0
                : Math.multiplyHigh(value, rate) != 0;
    }
}
