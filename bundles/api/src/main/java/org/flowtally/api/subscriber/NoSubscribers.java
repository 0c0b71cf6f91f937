// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

/** The state in which nobody holds anything. */
final class NoSubscribers implements Subscribers, SubscriberRegistry {
    @Override
    public SubscriberRegistry registry() {
        return this;
    }

    @Override
    public int holderAt(int timeline, long millis) {
        return NO_SUBSCRIBER;
    }

    @Override
    public long handoverAfter(int timeline, long millis) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public Subscriber subscriber(int id) {
        throw new IndexOutOfBoundsException("no subscriber is known: id=" + id);
    }
}
