// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.endpoint.Endpoint;

/**
 * The traffic classes in force, and for each endpoint what they and its whitelist say of addresses. Replaced as a whole when a
 * class changes; of an endpoint that changes the table is compiled before its first datagram comes. Safe for any thread.
 */
final class AddressTables {
    private final ClassTable classes;
    private final Map<String, AddressTable> byRealm = new HashMap<>();
    private final AddressTable elsewhere;
    private final CompiledLists<AddressTable> withWhitelist;

    /** Compiles classes and the endpoints that are in force. */
    AddressTables(ClassTable classes, Collection<Endpoint> endpoints) {
        this.classes = classes;
        classes.realms().forEach(realm -> byRealm.put(realm, AddressTable.of(List.of(), classes.prefixes(realm))));
        elsewhere = AddressTable.of(List.of(), classes.prefixes());
        withWhitelist = new CompiledLists<>(AddressTables::haveSameWhitelist, this::compiled);
        endpoints.forEach(this::prepare);
    }

    @SuppressWarnings("ReferenceEquality") // Snapshots share a list that did not change.
    private static boolean haveSameWhitelist(Endpoint one, Endpoint other) {
        return one.whitelistSubnets() == other.whitelistSubnets() && one.realm().equals(other.realm());
    }

    private AddressTable compiled(Endpoint endpoint) {
        return AddressTable.of(endpoint.whitelistSubnets(), classes.prefixes(endpoint.realm()));
    }

    ClassTable classes() {
        return classes;
    }

    /** Returns the endpoints that have a whitelist. */
    Collection<Endpoint> endpoints() {
        return withWhitelist.endpoints();
    }

    /** Compiles what an endpoint that is soon in force says. */
    void prepare(Endpoint endpoint) {
        if (endpoint.whitelistMode()) {
            withWhitelist.prepare(endpoint);
        } else {
            withWhitelist.forget(endpoint.name());
        }
    }

    /** Lets go of an endpoint. */
    void forget(String endpoint) {
        withWhitelist.forget(endpoint);
    }

    /** Returns what is known of addresses that an endpoint's exporters report. */
    AddressTable of(Endpoint endpoint) {
        return endpoint.whitelistMode()
                ? withWhitelist.of(endpoint)
                : byRealm.getOrDefault(endpoint.realm(), elsewhere);
    }
}
