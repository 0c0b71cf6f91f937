// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.function.Function;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointPreparation;
import org.flowtally.lib.lookup.PrefixTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Whom each endpoint allows, compiled before its first datagram comes, and kept while the admission is re-created by a change
 * of its configuration. Safe for any thread.
 */
@Component(
        service = {AllowedSenders.class, EndpointPreparation.class},
        immediate = true) // Stays when for a moment nobody uses it.
public final class AllowedSenders implements EndpointPreparation {
    private final CompiledLists<PrefixTable> lists;

    /** Knows no endpoint yet. */
    @Activate
    public AllowedSenders() {
        this(endpoint -> PrefixTable.of(endpoint.allowedSubnets()));
    }

    AllowedSenders(Function<Endpoint, PrefixTable> compiler) {
        lists = new CompiledLists<>(AllowedSenders::haveSameSubnets, compiler);
    }

    @SuppressWarnings("ReferenceEquality") // Snapshots share a list that did not change.
    private static boolean haveSameSubnets(Endpoint one, Endpoint other) {
        return one.allowedSubnets() == other.allowedSubnets();
    }

    @Override
    public void prepare(Endpoint endpoint) {
        lists.prepare(endpoint);
    }

    @Override
    public void forget(String endpoint) {
        lists.forget(endpoint);
    }

    /** Returns whether an endpoint allows an address to send. */
    boolean has(Endpoint endpoint, long high, long low) {
        return lists.of(endpoint).contains(high, low);
    }
}
