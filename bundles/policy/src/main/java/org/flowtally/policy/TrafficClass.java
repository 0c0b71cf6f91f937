// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flowtally.lib.lookup.Prefix;

/**
 * A traffic class as the operator wrote it.
 *
 * @param name what stands in the usage tables
 * @param realms the realms it holds in; none means every one
 * @param prefixes the addresses of the far end
 * @param hours when it is in force; always if empty
 */
record TrafficClass(String name, Set<String> realms, List<Prefix> prefixes, Optional<ClassHours> hours) {
    /** Copies the collections, so that the record is immutable. */
    TrafficClass {
        realms = Set.copyOf(realms);
        prefixes = List.copyOf(prefixes);
    }

    boolean isIn(String realm) {
        return realms.isEmpty() || realms.contains(realm);
    }

    /** Returns whether any address is in the class at a time. */
    boolean isInForce(long millis) {
        return !prefixes.isEmpty()
                && hours.map(given -> given.isInForce(millis)).orElse(true);
    }

    /** A class is the same only as itself: its list may be long, and it is asked for often. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
