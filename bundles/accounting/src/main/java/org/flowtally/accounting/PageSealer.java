// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.SubscriberRegistry;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;

/**
 * Makes pages of sealed ledgers: ids become account and service, entries stand in the order of bucket, account and service,
 * in which a database takes them fastest. Owned by the flushing thread.
 */
final class PageSealer {
    private static final Comparator<UnmatchedTotal> UNMATCHED_ORDER = Comparator.comparingLong(
                    UnmatchedTotal::bucketStartMillis)
            .thenComparing(UnmatchedTotal::realm)
            .thenComparing(UnmatchedTotal::addressHigh, Long::compareUnsigned)
            .thenComparing(UnmatchedTotal::addressLow, Long::compareUnsigned);

    /** Sort keys of usage: buckets after the first one | rank of the subscriber | entry. */
    private static final int BUCKET_SHIFT = 51;

    private static final int RANK_SHIFT = 24;
    private static final long MOST_BUCKETS = (1L << (Long.SIZE - 1 - BUCKET_SHIFT)) - 1;
    private static final int ENTRY_MASK = (1 << RANK_SHIFT) - 1;

    private final Names realms;
    private final SubscriberOrder order = new SubscriberOrder(Subscribers.NOBODY.registry());

    PageSealer(Names realms) {
        this.realms = realms;
    }

    UsagePage seal(Ledger ledger, PageId id, long sealedAtMillis) {
        return new UsagePage(
                id,
                sealedAtMillis,
                usage(ledger),
                unmatched(ledger),
                ledger.exporters().totals());
    }

    private List<UsageTotal> usage(Ledger ledger) {
        EntryTable entries = ledger.usage().entries();
        SubscriberRegistry registry = ledger.registry();
        long[] sorted = sorted(ledger);
        List<UsageTotal> totals = new ArrayList<>(sorted.length);
        for (long sortKey : sorted) {
            int entry = (int) sortKey & ENTRY_MASK;
            long key = entries.key0(entry);
            Subscriber subscriber = registry.subscriber(UsageTable.subscriber(key));
            totals.add(new UsageTotal(
                    subscriber.accountId(),
                    subscriber.serviceId(),
                    ledger.classNames().name(UsageTable.trafficClass(key)),
                    UsageTable.bucket(key) * ledger.bucketMillis(),
                    entries.octets(entry, EntryTable.IN),
                    entries.octets(entry, EntryTable.OUT),
                    entries.packets(entry, EntryTable.IN),
                    entries.packets(entry, EntryTable.OUT),
                    entries.flows(entry),
                    entries.quality(entry)));
        }
        return totals;
    }

    private long[] sorted(Ledger ledger) {
        EntryTable entries = ledger.usage().entries();
        order.follow(ledger.registry());
        long firstBucket = Long.MAX_VALUE;
        for (int entry = 0; entry < entries.size(); entry++) {
            firstBucket = Math.min(firstBucket, UsageTable.bucket(entries.key0(entry)));
        }
        long[] keys = new long[entries.size()];
        int size = 0;
        for (int entry = 0; entry < entries.size(); entry++) {
            if (!entries.isBlank(entry)) {
                long key = entries.key0(entry);
                // Beyond so many buckets the order is lost, nothing else.
                long bucket = Math.min(UsageTable.bucket(key) - firstBucket, MOST_BUCKETS);
                long rank = order.rank(UsageTable.subscriber(key));
                keys[size++] = (bucket << BUCKET_SHIFT) | (rank << RANK_SHIFT) | entry;
            }
        }
        Arrays.sort(keys, 0, size);
        return Arrays.copyOf(keys, size);
    }

    private List<UnmatchedTotal> unmatched(Ledger ledger) {
        EntryTable entries = ledger.unmatched().entries();
        List<UnmatchedTotal> totals = new ArrayList<>(entries.size());
        for (int entry = 0; entry < entries.size(); entry++) {
            if (!entries.isBlank(entry)) {
                totals.add(new UnmatchedTotal(
                        realms.name(UnmatchedTable.realm(entries.key2(entry))),
                        entries.key0(entry),
                        entries.key1(entry),
                        UnmatchedTable.bucket(entries.key2(entry)) * ledger.bucketMillis(),
                        entries.octets(entry, EntryTable.IN),
                        entries.octets(entry, EntryTable.OUT),
                        entries.packets(entry, EntryTable.IN),
                        entries.packets(entry, EntryTable.OUT),
                        entries.flows(entry),
                        entries.quality(entry)));
            }
        }
        totals.sort(UNMATCHED_ORDER);
        return totals;
    }
}
