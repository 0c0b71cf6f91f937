// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.SubscriberRegistry;

/**
 * The place of each subscriber in the order of account and service, so that a page is sorted by numbers and not by text.
 * Follows the registry as it grows. Owned by the flushing thread.
 */
final class SubscriberOrder {
    private static final Comparator<Subscriber> BY_TEXT =
            Comparator.comparing(Subscriber::accountId).thenComparing(Subscriber::serviceId);

    private SubscriberRegistry registry;
    private int[] ordered = new int[0]; // Ids in order.
    private int[] rank = new int[0];

    SubscriberOrder(SubscriberRegistry registry) {
        this.registry = registry;
    }

    /** Takes up what has become known since the last call. */
    void follow(SubscriberRegistry current) {
        if (registry != current) {
            registry = current;
            ordered = new int[0];
        }
        int size = current.size();
        if (size > ordered.length) {
            ordered = merge(ordered, sorted(ordered.length, size));
            rank = new int[size];
            for (int place = 0; place < size; place++) {
                rank[ordered[place]] = place;
            }
        }
    }

    int rank(int subscriber) {
        return rank[subscriber];
    }

    private int[] sorted(int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .sorted(Comparator.comparing(registry::subscriber, BY_TEXT))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int[] merge(int[] known, int[] added) {
        int[] merged = Arrays.copyOf(known, known.length + added.length);
        int left = known.length - 1;
        int right = added.length - 1;
        for (int at = merged.length - 1; right >= 0; at--) {
            boolean isLeftLast = left >= 0
                    && BY_TEXT.compare(registry.subscriber(known[left]), registry.subscriber(added[right])) > 0;
            merged[at] = isLeftLast ? known[left--] : added[right--];
        }
        return merged;
    }
}
