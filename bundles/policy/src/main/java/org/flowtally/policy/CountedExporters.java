// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.lookup.Prefix;

/** What counts of single exporters, where it differs from their endpoint. Immutable. */
final class CountedExporters {
    /** Nobody differs. */
    static final CountedExporters NONE = new CountedExporters(List.of());

    private final List<Rule> rules;

    /**
     * What one file says.
     *
     * @param name the file's name, for messages
     * @param addresses the exporters it is about; none means nobody
     * @param endpoint the endpoint they send to; empty means any
     * @param counting what of them counts
     */
    record Rule(String name, List<Prefix> addresses, String endpoint, Counting counting) {
        /** Copies the list, so that the record is immutable. */
        Rule {
            addresses = List.copyOf(addresses);
        }
    }

    /** Of two that name an exporter, the one with the longer prefix holds, then the one that names its endpoint, then the first by name. */
    CountedExporters(Collection<Rule> rules) {
        List<Rule> sorted = new ArrayList<>(rules);
        sorted.sort(
                Comparator.comparing((Rule rule) -> rule.endpoint().isEmpty()).thenComparing(Rule::name));
        this.rules = List.copyOf(sorted);
    }

    /** Returns a prefix that two files name for the same endpoint, and the files: the second says nothing of it. */
    Optional<String> conflict() {
        Map<String, Rule> first = new HashMap<>();
        for (Rule rule : rules) {
            for (Prefix prefix : rule.addresses()) {
                Rule other = first.putIfAbsent(rule.endpoint() + ' ' + prefix, rule);
                if (other != null && !other.name().equals(rule.name())) {
                    return Optional.of("addresses=%s, files=%s, %s".formatted(prefix, other.name(), rule.name()));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns what of an exporter counts. */
    Counting of(Exporter exporter, Endpoint endpoint) {
        Counting found = endpoint.counting();
        int longest = -1;
        for (Rule rule : rules) {
            if (rule.endpoint().isEmpty() || rule.endpoint().equals(endpoint.name())) {
                for (Prefix prefix : rule.addresses()) {
                    if (prefix.length() > longest && prefix.contains(exporter.addressHigh(), exporter.addressLow())) {
                        longest = prefix.length();
                        found = rule.counting();
                    }
                }
            }
        }
        return found;
    }
}
