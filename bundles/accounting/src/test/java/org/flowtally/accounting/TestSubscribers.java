// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.SubscriberRegistry;
import org.flowtally.api.subscriber.Subscribers;

/** Subscribers named {@code account-0}, {@code account-1} …, and timelines told one by one. */
final class TestSubscribers implements Subscribers, SubscriberRegistry {
    private final int size;
    private final List<TreeMap<Long, Integer>> timelines = new ArrayList<>();

    TestSubscribers(int size) {
        this.size = size;
    }

    /** Adds a timeline: who holds the address from each instant on; the first key must precede every flow. */
    int timeline(Map<Long, Integer> holders) {
        timelines.add(new TreeMap<>(holders));
        return FIRST_TIMELINE - timelines.size() + 1;
    }

    @Override
    public SubscriberRegistry registry() {
        return this;
    }

    @Override
    public int holderAt(int timeline, long millis) {
        return timelines.get(FIRST_TIMELINE - timeline).floorEntry(millis).getValue();
    }

    @Override
    public long handoverAfter(int timeline, long millis) {
        Long next = timelines.get(FIRST_TIMELINE - timeline).higherKey(millis);
        return next == null ? Long.MAX_VALUE : next;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Subscriber subscriber(int id) {
        return new Subscriber("account-" + id, "line");
    }
}
