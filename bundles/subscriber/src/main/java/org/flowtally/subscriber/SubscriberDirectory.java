// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.util.Arrays;
import java.util.Objects;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.SubscriberRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers met since this bundle started, each with its id. One thread at a time adds, any thread reads; ids reach
 * readers only after their subscribers, with the assignments that use them.
 */
final class SubscriberDirectory implements SubscriberRegistry {
    private static final int FIRST_CAPACITY = 1024;
    private static final int FREE = -1;

    private int[] idsByHash = freeSlots(2 * FIRST_CAPACITY); // Half full at most; owned by the adding thread.
    private volatile @Nullable Subscriber[] subscribers = new Subscriber[FIRST_CAPACITY];
    private volatile int size;

    /** Returns the id of a subscriber, a new one at the first time. */
    int id(Subscriber subscriber) {
        int slot = slotOf(subscriber);
        return idsByHash[slot] != FREE ? idsByHash[slot] : add(subscriber);
    }

    private int add(Subscriber subscriber) {
        int id = size;
        if (id == subscribers.length) {
            grow(2 * id);
        }
        idsByHash[slotOf(subscriber)] = id;
        subscribers[id] = subscriber;
        size = id + 1;
        return id;
    }

    private void grow(int capacity) {
        subscribers = Arrays.copyOf(subscribers, capacity);
        idsByHash = freeSlots(2 * capacity);
        for (int id = 0; id < size; id++) {
            idsByHash[slotOf(subscriber(id))] = id;
        }
    }

    private static int[] freeSlots(int count) {
        int[] slots = new int[count];
        Arrays.fill(slots, FREE);
        return slots;
    }

    /** Returns the slot of a subscriber, or the free one where it would stand. */
    private int slotOf(Subscriber subscriber) {
        int mask = idsByHash.length - 1;
        int slot = (subscriber.hashCode() * 0x9e3779b9) >>> Integer.numberOfLeadingZeros(mask);
        while (idsByHash[slot] != FREE && !subscriber(idsByHash[slot]).equals(subscriber)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Subscriber subscriber(int id) {
        int known = size; // Read before the array, which is written first.
        return Objects.requireNonNull(subscribers[Objects.checkIndex(id, known)]);
    }
}
