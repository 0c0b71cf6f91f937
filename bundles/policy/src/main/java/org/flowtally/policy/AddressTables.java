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
    private final CompiledLists<AddressTable> byEndpoint;

    /** Compiles classes and the endpoints that are in force. */
    AddressTables(ClassTable classes, Collection<Endpoint> endpoints) {
        this.classes = classes;
        classes.realms().forEach(realm -> byRealm.put(realm, AddressTable.of(List.of(), classes.prefixes(realm))));
        elsewhere = AddressTable.of(List.of(), classes.prefixes());
        byEndpoint = new CompiledLists<>(AddressTables::haveSameTable, this::compiled);
        endpoints.forEach(this::prepare);
    }

    @SuppressWarnings("ReferenceEquality") // Snapshots share a list that did not change.
    private static boolean haveSameTable(Endpoint one, Endpoint other) {
        return one.whitelistMode() == other.whitelistMode()
                && one.whitelistSubnets() == other.whitelistSubnets()
                && one.realm().equals(other.realm());
    }

    private AddressTable compiled(Endpoint endpoint) {
        return endpoint.whitelistMode()
                ? AddressTable.of(endpoint.whitelistSubnets(), classes.prefixes(endpoint.realm()))
                : byRealm.getOrDefault(endpoint.realm(), elsewhere);
    }

    ClassTable classes() {
        return classes;
    }

    /** Returns the endpoints that are in force, as far as they were told. */
    Collection<Endpoint> endpoints() {
        return byEndpoint.endpoints();
    }

    /** Compiles what an endpoint that is soon in force says. */
    void prepare(Endpoint endpoint) {
        byEndpoint.prepare(endpoint);
    }

    /** Lets go of an endpoint that is no more. */
    void forget(String endpoint) {
        byEndpoint.forget(endpoint);
    }

    /** Returns what is known of addresses that an endpoint's exporters report. */
    AddressTable of(Endpoint endpoint) {
        return byEndpoint.of(endpoint);
    }
}
