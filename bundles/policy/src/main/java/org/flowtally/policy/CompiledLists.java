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
 * datagram carries it. Of each endpoint two are kept, the one prepared last and one before, and so is the endpoint that went
 * last, since datagrams on their way and rows from quarantine still carry older lists.
 *
 * <p>Safe for use by any number of threads.
 */
final class CompiledLists<T> {
    private static final int MOST_ENDPOINTS = 256; // A very late datagram brings back one that was forgotten.
    private static final String NOBODY = "";

    private final BiPredicate<Endpoint, Endpoint> haveSameList;
    private final Function<Endpoint, T> compiler;
    private final Map<String, Generation<T>> generations = new ConcurrentHashMap<>();
    private volatile @Nullable Generation<T> last;
    private volatile String leaving = NOBODY;

    private record Generation<T>(
            Endpoint endpoint, T compiled, @Nullable Generation<T> before) {}

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
        Generation<T> generation = last;
        if (generation == null || generation.endpoint() != endpoint) {
            generation = find(endpoint);
            last = generation;
        }
        return generation.compiled();
    }

    private Generation<T> find(Endpoint endpoint) {
        for (Generation<T> next = generations.get(endpoint.name()); next != null; next = next.before()) {
            if (haveSameList.test(next.endpoint(), endpoint)) {
                return next;
            }
        }
        Generation<T> late = new Generation<>(endpoint, compiler.apply(endpoint), null);
        makeRoom(endpoint.name());
        generations.merge(
                endpoint.name(), late, (newest, old) -> new Generation<>(newest.endpoint(), newest.compiled(), old));
        return late;
    }

    private void makeRoom(String endpoint) {
        if (generations.size() >= MOST_ENDPOINTS && !generations.containsKey(endpoint)) {
            generations.clear();
        }
    }

    /** Compiles the list of a snapshot that is soon in force. */
    void prepare(Endpoint endpoint) {
        if (leaving.equals(endpoint.name())) {
            leaving = NOBODY;
        }
        makeRoom(endpoint.name());
        generations.put(endpoint.name(), after(generations.get(endpoint.name()), endpoint));
    }

    private Generation<T> after(@Nullable Generation<T> newest, Endpoint endpoint) {
        if (newest == null) {
            return new Generation<>(endpoint, compiler.apply(endpoint), null);
        }
        if (haveSameList.test(newest.endpoint(), endpoint)) {
            return new Generation<>(endpoint, newest.compiled(), newest.before());
        }
        Generation<T> before = new Generation<>(newest.endpoint(), newest.compiled(), null);
        return new Generation<>(endpoint, compiler.apply(endpoint), before);
    }

    /** Lets go of an endpoint, of its lists once the next one goes. */
    void forget(String endpoint) {
        if (!leaving.equals(endpoint)) {
            generations.remove(leaving);
            leaving = endpoint;
        }
    }

    /** Returns of each endpoint that is not forgotten the snapshot that was prepared last. */
    Collection<Endpoint> endpoints() {
        return generations.values().stream()
                .map(Generation::endpoint)
                .filter(endpoint -> !endpoint.name().equals(leaving))
                .toList();
    }
}
