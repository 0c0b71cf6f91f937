// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixSearch;
import org.flowtally.lib.lookup.PrefixTable;
import org.flowtally.policy.ClassTable.Profiled;

/**
 * What the policy knows of an address: whether the whitelist has it, and its class profile. Both lists are in one table, so
 * that an address costs one look-up. Immutable.
 *
 * <p>A value of the table is the profile, shifted by a bit, and that bit is set where an address is <em>not</em> listed: as it
 * is in {@link PrefixTable#NOT_FOUND}.
 */
final class AddressTable {
    private static final int UNLISTED = 1;
    private static final int LISTED = -1; // Instead of a profile.

    private final PrefixTable table;
    private final boolean hasClasses;

    private record Valued(Prefix prefix, int value) {}

    private AddressTable(PrefixTable table, boolean hasClasses) {
        this.table = table;
        this.hasClasses = hasClasses;
    }

    /** Compiles a whitelist and the prefixes of classes. */
    static AddressTable of(Collection<Prefix> whitelist, Collection<Profiled> classes) {
        List<Profiled> entries = new ArrayList<>(classes);
        whitelist.forEach(prefix -> entries.add(new Profiled(prefix, LISTED)));
        entries.sort(Comparator.comparing(Profiled::prefix)); // A prefix stands directly before everything inside it.
        PrefixTable.Builder table = PrefixTable.builder();
        Deque<Valued> around = new ArrayDeque<>(); // The longest prefix first.
        for (Profiled entry : entries) {
            while (!around.isEmpty() && !around.peek().prefix().contains(entry.prefix())) {
                around.pop();
            }
            int value = value(
                    entry.profile(), around.isEmpty() ? UNLISTED : around.peek().value());
            around.push(new Valued(entry.prefix(), value));
            table.put(entry.prefix(), value);
        }
        return new AddressTable(table.build(), !classes.isEmpty());
    }

    private static int value(int profile, int valueAround) {
        return profile == LISTED ? valueAround & ~UNLISTED : (profile << 1) | (valueAround & UNLISTED);
    }

    /** Returns whether an address may be in a class. */
    boolean hasClasses() {
        return hasClasses;
    }

    /** Finds the values of addresses. */
    void find(PrefixSearch search, int addresses) {
        search.find(table, addresses);
    }

    /** Returns the value of an address. */
    int find(long high, long low) {
        return table.find(high, low);
    }

    /** Returns whether the whole of a prefix is listed, which for one of IPv6 nobody knows. */
    boolean isAllListed(long high, long low, int writtenLength) {
        return table.allMatch(high, low, writtenLength, AddressTable::isListed);
    }

    /** Returns whether an address of this value is listed; of two values, whether one of the addresses is. */
    static boolean isListed(int value) {
        return (value & UNLISTED) == 0;
    }

    /** Returns the class profile of a value. */
    static int profile(int value) {
        return Math.max(0, value >> 1);
    }
}
