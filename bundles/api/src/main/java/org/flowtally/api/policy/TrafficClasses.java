// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the class columns of a batch refer to: one consistent state of the traffic classes. A column holds a <em>profile</em>
 * of an address: which classes it belongs to over the day. Most profiles are one class at any time. Immutable; safe to read
 * from any thread.
 */
@ProviderType
public interface TrafficClasses {
    /** The profile of addresses in no class; profiles are numbered from it on. */
    int ORDINARY = 0;
    /** How many profiles there may be, {@link #ORDINARY} among them. */
    int MOST_PROFILES = 256;
    /** How many classes there may be. */
    int MOST_CLASSES = 200;

    /** What batches refer to while there are no classes. */
    TrafficClasses NONE = new OrdinaryTraffic();

    /** Returns the names of all classes. */
    Set<String> names();

    /** Returns the class of a profile at an instant by its name; empty for ordinary traffic. */
    String nameAt(int profile, long millis);

    /**
     * Returns an instant after {@code millis} before which the class of a profile does not change; Long.MAX_VALUE if it never
     * does.
     */
    long borderAfter(int profile, long millis);

    /** Returns the first instant of the time around {@code millis} in which the class does not change; Long.MIN_VALUE if none. */
    long borderBefore(int profile, long millis);
}
