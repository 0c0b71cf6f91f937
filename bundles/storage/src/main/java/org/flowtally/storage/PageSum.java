// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.api.usage.VerdictTotal;

/**
 * The sum of several pages of one collector, so that a subscriber who appears in each costs the database one row. Owned by the
 * thread that applies pages.
 */
final class PageSum {
    /** Orders as the primary keys do: rows of one statement then touch each index page once. */
    private static final Comparator<UsageKey> USAGE_ORDER = Comparator.comparingLong(UsageKey::bucketStartMillis)
            .thenComparing(UsageKey::accountId)
            .thenComparing(UsageKey::serviceId)
            .thenComparing(UsageKey::trafficClass);

    private static final Comparator<UnmatchedKey> UNMATCHED_ORDER = Comparator.comparingLong(
                    UnmatchedKey::bucketStartMillis)
            .thenComparing(UnmatchedKey::realm)
            .thenComparingLong(UnmatchedKey::addressHigh)
            .thenComparingLong(UnmatchedKey::addressLow);

    private static final Comparator<ExporterKey> EXPORTER_ORDER = Comparator.comparingLong(
                    ExporterKey::bucketStartMillis)
            .thenComparing(key -> key.exporter().endpoint())
            .thenComparing(key -> key.exporter().realm())
            .thenComparingLong(key -> key.exporter().addressHigh())
            .thenComparingLong(key -> key.exporter().addressLow())
            .thenComparingInt(key -> key.exporter().version())
            .thenComparingLong(key -> key.exporter().domain())
            .thenComparingInt(key -> key.exporter().port());

    private static final Comparator<VerdictKey> VERDICT_ORDER =
            Comparator.comparing(VerdictKey::exporter, EXPORTER_ORDER).thenComparing(VerdictKey::verdict);

    /** Counters by key; the quality bits, where there are any, are the last of them. */
    private final Map<UsageKey, long[]> usage = new HashMap<>();

    private final Map<UnmatchedKey, long[]> unmatched = new HashMap<>();
    private final Map<ExporterKey, long[]> exporters = new HashMap<>();
    private final Map<VerdictKey, long[]> verdicts = new HashMap<>();

    record UsageKey(long bucketStartMillis, String accountId, String serviceId, String trafficClass) {}

    record UnmatchedKey(long bucketStartMillis, String realm, long addressHigh, long addressLow) {}

    record ExporterKey(long bucketStartMillis, Exporter exporter) {}

    record VerdictKey(ExporterKey exporter, String verdict) {}

    /**
     * Adds a page.
     *
     * @throws ArithmeticException if a counter exceeds 64 bits; the sum is then of no use any more
     */
    void add(UsagePage page) {
        for (UsageTotal total : page.usage()) {
            add(
                    usage,
                    new UsageKey(total.bucketStartMillis(), total.accountId(), total.serviceId(), total.trafficClass()),
                    true,
                    total.bytesIn(),
                    total.bytesOut(),
                    total.packetsIn(),
                    total.packetsOut(),
                    total.flows(),
                    total.quality());
        }
        for (UnmatchedTotal total : page.unmatched()) {
            add(
                    unmatched,
                    new UnmatchedKey(total.bucketStartMillis(), total.realm(), total.addressHigh(), total.addressLow()),
                    true,
                    total.bytesIn(),
                    total.bytesOut(),
                    total.packetsIn(),
                    total.packetsOut(),
                    total.flows(),
                    total.quality());
        }
        for (ExporterTotal total : page.exporters()) {
            ExporterKey key = new ExporterKey(total.bucketStartMillis(), total.exporter());
            add(
                    exporters,
                    key,
                    false,
                    total.datagrams(),
                    total.rows(),
                    total.lost(),
                    total.damaged(),
                    total.octets(),
                    total.octetsCounted(),
                    total.octetsDiscarded(),
                    total.octetsUnmatched());
            for (VerdictTotal verdict : total.verdicts()) {
                add(verdicts, new VerdictKey(key, verdict.verdict()), false, verdict.rows(), verdict.octets());
            }
        }
    }

    List<Map.Entry<UsageKey, long[]>> usage() {
        return sorted(usage, USAGE_ORDER);
    }

    List<Map.Entry<UnmatchedKey, long[]>> unmatched() {
        return sorted(unmatched, UNMATCHED_ORDER);
    }

    List<Map.Entry<ExporterKey, long[]>> exporters() {
        return sorted(exporters, EXPORTER_ORDER);
    }

    List<Map.Entry<VerdictKey, long[]>> verdicts() {
        return sorted(verdicts, VERDICT_ORDER);
    }

    /** Returns how many rows the sum takes. */
    int size() {
        return usage.size() + unmatched.size() + exporters.size() + verdicts.size();
    }

    NavigableSet<LocalDate> usageDays() {
        return days(usage.keySet(), UsageKey::bucketStartMillis);
    }

    NavigableSet<LocalDate> unmatchedDays() {
        return days(unmatched.keySet(), UnmatchedKey::bucketStartMillis);
    }

    NavigableSet<LocalDate> exporterDays() {
        return days(exporters.keySet(), ExporterKey::bucketStartMillis);
    }

    private static <K> void add(Map<K, long[]> sums, K key, boolean endsWithQuality, long... counters) {
        long[] sum = sums.putIfAbsent(key, counters);
        if (sum == null) {
            return;
        }
        int added = endsWithQuality ? counters.length - 1 : counters.length;
        for (int counter = 0; counter < added; counter++) {
            long total = sum[counter] + counters[counter];
            if (Long.compareUnsigned(total, counters[counter]) < 0) {
                throw new ArithmeticException("counter exceeds 64 bits: key=" + key);
            }
            sum[counter] = total;
        }
        if (endsWithQuality) {
            sum[added] |= counters[added];
        }
    }

    private static <K> List<Map.Entry<K, long[]>> sorted(Map<K, long[]> sums, Comparator<K> order) {
        List<Map.Entry<K, long[]>> entries = new ArrayList<>(sums.entrySet());
        entries.sort(Map.Entry.comparingByKey(order));
        return entries;
    }

    private static <K> NavigableSet<LocalDate> days(Iterable<K> keys, ToLongFunction<K> bucket) {
        NavigableSet<LocalDate> days = new TreeSet<>();
        long dayBefore = Long.MIN_VALUE;
        for (K key : keys) {
            long day = Math.floorDiv(bucket.applyAsLong(key), 86_400_000L);
            if (day != dayBefore) {
                days.add(LocalDate.ofEpochDay(day));
                dayBefore = day;
            }
        }
        return days;
    }
}
