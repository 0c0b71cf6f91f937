// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;

/**
 * The policies of single exporters, which go before that of their endpoint; the longest prefix wins.
 *
 * @param rules by falling prefix length
 */
record ExporterPolicies(List<Rule> rules) {
    static final ExporterPolicies NONE = new ExporterPolicies(List.of());

    /**
     * The policy of the exporters in a prefix.
     *
     * @param exporters their addresses
     * @param policy what becomes of their flow times
     */
    record Rule(Prefix exporters, ClockPolicy policy) {}

    /** Puts the longest prefix first. */
    ExporterPolicies {
        List<Rule> sorted = new ArrayList<>(rules);
        sorted.sort(Comparator.comparingInt((Rule rule) -> rule.exporters().length())
                .reversed());
        rules = List.copyOf(sorted);
    }

    /**
     * Reads {@code 10.0.0.1=correct 10.1.0.0/16=arrival}.
     *
     * @throws MalformedPrefix if an address is none
     * @throws IllegalArgumentException if something else is wrong
     */
    static ExporterPolicies parse(Iterable<String> words) throws MalformedPrefix {
        List<Rule> rules = new ArrayList<>();
        for (String word : words) {
            int equals = word.lastIndexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(word);
            }
            Prefix prefix = Prefix.parse(word.substring(0, equals));
            if (rules.stream().anyMatch(rule -> rule.exporters().equals(prefix))) {
                throw new IllegalArgumentException(word);
            }
            rules.add(new Rule(
                    prefix, ClockPolicy.valueOf(word.substring(equals + 1).toUpperCase(Locale.ROOT))));
        }
        return new ExporterPolicies(rules);
    }

    /** Returns the policy of an exporter, if it has one of its own. */
    Optional<ClockPolicy> policy(Exporter exporter) {
        return rules.stream()
                .filter(rule -> rule.exporters().contains(exporter.addressHigh(), exporter.addressLow()))
                .map(Rule::policy)
                .findFirst();
    }
}
