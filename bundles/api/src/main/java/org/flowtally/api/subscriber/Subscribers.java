// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What the subscriber columns of a batch refer to: one consistent state of the assignments. A column value is the id of a
 * subscriber (0 and up), {@link #NO_SUBSCRIBER}, {@link #UNMATCHED_HOME}, or, where the address changed hands during the
 * flow, a timeline: {@link #FIRST_TIMELINE} and below. Immutable; safe to read from any thread.
 */
@ProviderType
public interface Subscribers {
    /** The address is not one of the operator's. */
    int NO_SUBSCRIBER = -1;
    /** The address lies in the home networks, but nobody held it. */
    int UNMATCHED_HOME = -2;
    /** The largest value that stands for a timeline; a value v is one if v <= FIRST_TIMELINE. */
    int FIRST_TIMELINE = -3;

    /** What batches refer to before any assignments are known. */
    Subscribers NOBODY = new NoSubscribers();

    /** Returns the subscribers behind the ids. */
    SubscriberRegistry registry();

    /** Returns who held the address of a timeline at an instant: an id, {@link #NO_SUBSCRIBER} or {@link #UNMATCHED_HOME}. */
    int holderAt(int timeline, long millis);

    /** Returns the first instant after {@code millis} at which a timeline's holder changes; Long.MAX_VALUE if never. */
    long handoverAfter(int timeline, long millis);
}
