// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import org.flowtally.lib.lookup.Prefix;

/**
 * One prefix held by one subscriber for a time. The order brings the assignments of a prefix together, by their start.
 *
 * @param realm the address space
 * @param prefix what is held
 * @param subscriber who holds it, an id of the {@link SubscriberDirectory}
 * @param fromMillis from when, inclusive
 * @param toMillis until when, exclusive; {@link #OPEN} if the end is not known
 */
record Assignment(String realm, Prefix prefix, int subscriber, long fromMillis, long toMillis)
        implements Comparable<Assignment> {
    static final long OPEN = Long.MAX_VALUE;

    @Override
    public int compareTo(Assignment other) {
        int order = realm.compareTo(other.realm);
        if (order == 0) {
            order = prefix.compareTo(other.prefix);
        }
        if (order == 0) {
            order = Long.compare(fromMillis, other.fromMillis);
        }
        if (order == 0) {
            order = Long.compare(toMillis, other.toMillis);
        }
        return order != 0 ? order : Integer.compare(subscriber, other.subscriber);
    }
}
