// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.flowtally.api.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What was compiled from a list of each endpoint: before the list is in force if somebody prepares it, else when the first
 * datagram carries it. Of each endpoint the two last are kept, since datagrams on their way still carry the list before.
 *
 * <p>Safe for use by any number of threads.
 */
final class CompiledLists<T> {
    private static final int MOST_ENDPOINTS = 256; // A late datagram may bring back one that was forgotten.

    private final BiPredicate<Endpoint, Endpoint> haveSameList;
    private final Function<Endpoint, T> compiler;
    private final Map<String, Generation<T>> generations = new ConcurrentHashMap<>();
    private volatile @Nullable Answer<T> last;

    private record Generation<T>(
            Endpoint endpoint, T compiled, @Nullable Generation<T> before) {}

    private record Answer<T>(Endpoint endpoint, T compiled) {}

    /**
     * Makes an empty memory.
     *
     * @param haveSameList whether what is compiled from two snapshots is the same
     * @param compiler compiles the list of a snapshot
     */
    CompiledLists(BiPredicate<Endpoint, Endpoint> haveSameList, Function<Endpoint, T> compiler) {
        this.haveSameList = haveSameList;
        this.compiler = compiler;
    }

    /** Returns what the list of a snapshot compiles to. */
    @SuppressWarnings("ReferenceEquality") // Datagrams of one endpoint come in runs, with the same snapshot.
    T of(Endpoint endpoint) {
        Answer<T> answer = last;
        if (answer == null || answer.endpoint() != endpoint) {
            answer = new Answer<>(endpoint, find(endpoint));
            last = answer;
        }
        return answer.compiled();
    }

    private T find(Endpoint endpoint) {
        for (Generation<T> next = generations.get(endpoint.name()); next != null; next = next.before()) {
            if (haveSameList.test(next.endpoint(), endpoint)) {
                return next.compiled();
            }
        }
        return prepare(endpoint);
    }

    /** Compiles the list of a snapshot that is soon in force. */
    T prepare(Endpoint endpoint) {
        Generation<T> newest = generations.get(endpoint.name());
        if (newest != null && haveSameList.test(newest.endpoint(), endpoint)) {
            return newest.compiled();
        }
        if (newest == null && generations.size() >= MOST_ENDPOINTS) {
            generations.clear();
        }
        Generation<T> before = newest == null ? null : new Generation<>(newest.endpoint(), newest.compiled(), null);
        T compiled = compiler.apply(endpoint);
        generations.put(endpoint.name(), new Generation<>(endpoint, compiled, before));
        return compiled;
    }

    /** Lets go of an endpoint. */
    void forget(String endpoint) {
        generations.remove(endpoint);
    }

    /** Returns of each endpoint the snapshot that was prepared last. */
    Collection<Endpoint> endpoints() {
        return generations.values().stream().map(Generation::endpoint).toList();
    }
}
