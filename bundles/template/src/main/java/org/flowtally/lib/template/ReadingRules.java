// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Map;
import java.util.TreeMap;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;

/**
 * How an operator wants records to be read: which fields a flow needs, and what the post counters of an exporter mean. Never
 * changed; a change of configuration makes new rules.
 */
public final class ReadingRules {
    /** The rules where nobody says otherwise. */
    public static final ReadingRules USUAL = new ReadingRules(BaseFields.USUAL, Map.of());

    private static final PostCounters[] MEANINGS = PostCounters.values();

    private final BaseFields baseFields;
    private final Map<Prefix, PostCounters> postCounters;
    private final PrefixTable meanings;

    /**
     * Makes rules.
     *
     * @param baseFields what a row needs
     * @param postCounters what post counters mean, by the addresses of exporters; the longest prefix wins, and they are
     *     {@link PostCounters#SPARE} of all others
     */
    @SuppressWarnings("EnumOrdinal") // Ordinals never leave the table.
    public ReadingRules(BaseFields baseFields, Map<Prefix, PostCounters> postCounters) {
        this.baseFields = baseFields;
        this.postCounters = Map.copyOf(postCounters);
        PrefixTable.Builder table = PrefixTable.builder();
        postCounters.forEach((prefix, meaning) -> table.put(prefix, meaning.ordinal()));
        meanings = table.build();
    }

    /** Returns what a row needs. */
    public BaseFields baseFields() {
        return baseFields;
    }

    /** Returns what post counters of an exporter mean, by its address. */
    public PostCounters postCounters(long addressHigh, long addressLow) {
        int found = meanings.find(addressHigh, addressLow);
        return found == PrefixTable.NOT_FOUND ? PostCounters.SPARE : MEANINGS[found];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReadingRules rules
                && rules.baseFields.equals(baseFields)
                && rules.postCounters.equals(postCounters);
    }

    @Override
    public int hashCode() {
        return 31 * baseFields.hashCode() + postCounters.hashCode();
    }

    @Override
    public String toString() {
        return "baseFields=" + baseFields + ", postCounters=" + new TreeMap<>(postCounters);
    }
}
