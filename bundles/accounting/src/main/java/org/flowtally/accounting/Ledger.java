// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import org.flowtally.api.subscriber.SubscriberRegistry;

/**
 * What was counted between two flushes: one page to be. Its subscriber ids belong to one registry, its classes to one numbering, and its buckets
 * have one length. Owned by the working thread under the lock of {@link UsageAccounting} until it is sealed, then by the flushing
 * thread.
 */
final class Ledger {
    private final UsageTable usage = new UsageTable();
    private final UnmatchedTable unmatched = new UnmatchedTable();
    private final ExporterTallies exporters = new ExporterTallies();
    private SubscriberRegistry registry;
    private Names classNames;
    private long bucketMillis;

    Ledger(SubscriberRegistry registry, Names classNames, long bucketMillis) {
        this.registry = registry;
        this.classNames = classNames;
        this.bucketMillis = bucketMillis;
    }

    /** Empties the ledger for its next use. */
    void open(SubscriberRegistry withRegistry, Names withClassNames, long withBucketMillis) {
        usage.clear();
        unmatched.clear();
        exporters.clear();
        registry = withRegistry;
        classNames = withClassNames;
        bucketMillis = withBucketMillis;
    }

    UsageTable usage() {
        return usage;
    }

    UnmatchedTable unmatched() {
        return unmatched;
    }

    ExporterTallies exporters() {
        return exporters;
    }

    SubscriberRegistry registry() {
        return registry;
    }

    Names classNames() {
        return classNames;
    }

    long bucketMillis() {
        return bucketMillis;
    }

    int entries() {
        return usage.entries().size() + unmatched.entries().size();
    }

    boolean isEmpty() {
        return entries() == 0 && exporters.isEmpty();
    }

    /** Returns whether both count the same things, so that one can absorb the other. */
    boolean matches(Ledger other) {
        return registry == other.registry && classNames == other.classNames && bucketMillis == other.bucketMillis;
    }

    /** Adds everything that another ledger holds, whatever the bound: it has been counted already. */
    void absorb(Ledger other) {
        usage.absorb(other.usage);
        unmatched.absorb(other.unmatched);
        exporters.absorb(other.exporters);
    }
}
