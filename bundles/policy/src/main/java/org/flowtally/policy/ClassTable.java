// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flowtally.api.policy.TrafficClasses;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;

/**
 * All traffic classes, compiled for look-ups: one table per realm, from the longest prefix of an address to its
 * <em>profile</em>, the classes that may hold for it in the order in which they are asked. A class with hours is asked before
 * one without on the same prefix; where none of a prefix is in force, those of the prefix around it are asked. Immutable.
 */
final class ClassTable implements TrafficClasses {
    /** No classes. */
    static final ClassTable EMPTY = ClassTable.of(List.of());

    private static final Comparator<TrafficClass> ORDER = Comparator.comparing(
                    (TrafficClass given) -> given.hours().isEmpty())
            .thenComparing(TrafficClass::name);

    private final List<List<TrafficClass>> profiles;
    private final Map<String, PrefixTable> tables;
    private final PrefixTable elsewhere;
    private final Set<String> names;
    private final long conflicts;

    private ClassTable(
            List<List<TrafficClass>> profiles,
            Map<String, PrefixTable> tables,
            PrefixTable elsewhere,
            Set<String> names,
            long conflicts) {
        this.profiles = profiles;
        this.tables = tables;
        this.elsewhere = elsewhere;
        this.names = Set.copyOf(names);
        this.conflicts = conflicts;
    }

    /**
     * Compiles classes.
     *
     * @throws IllegalArgumentException if they overlap in more ways than there are profiles
     */
    static ClassTable of(Collection<TrafficClass> classes) {
        if (classes.size() > MOST_CLASSES) {
            throw new IllegalArgumentException("too many traffic classes: allowed=" + MOST_CLASSES);
        }
        Compiler compiler = new Compiler();
        TreeSet<String> realms = new TreeSet<>();
        TreeSet<String> names = new TreeSet<>();
        classes.forEach(given -> names.add(given.name()));
        classes.forEach(given -> realms.addAll(given.realms()));
        Map<String, PrefixTable> tables = new HashMap<>();
        for (String realm : realms) {
            tables.put(
                    realm,
                    compiler.compile(
                            classes.stream().filter(given -> given.isIn(realm)).toList()));
        }
        PrefixTable elsewhere = compiler.compile(
                classes.stream().filter(given -> given.realms().isEmpty()).toList());
        return new ClassTable(List.copyOf(compiler.profiles.keySet()), tables, elsewhere, names, compiler.conflicts);
    }

    /** Returns the table of a realm. */
    PrefixTable table(String realm) {
        return tables.isEmpty() ? elsewhere : tables.getOrDefault(realm, elsewhere);
    }

    /** Returns whether every address is ordinary. */
    boolean isEmpty() {
        return profiles.size() == 1;
    }

    /** Returns how often two classes of the same kind name the same prefix: the first by name has it. */
    long conflicts() {
        return conflicts;
    }

    @Override
    public int profiles() {
        return profiles.size();
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public String nameAt(int profile, long millis) {
        for (TrafficClass asked : profiles.get(profile)) {
            if (asked.isInForce(millis)) {
                return asked.name();
            }
        }
        return "";
    }

    @Override
    public long borderAfter(int profile, long millis) {
        long border = Long.MAX_VALUE;
        for (TrafficClass asked : profiles.get(profile)) {
            if (asked.hours().isPresent()) {
                border = Math.min(border, asked.hours().get().borderAfter(millis));
            }
        }
        return border;
    }

    @Override
    public long borderBefore(int profile, long millis) {
        long border = Long.MIN_VALUE;
        for (TrafficClass asked : profiles.get(profile)) {
            if (asked.hours().isPresent()) {
                border = Math.max(border, asked.hours().get().borderBefore(millis));
            }
        }
        return border;
    }

    /** Numbers profiles over all realms. */
    private static final class Compiler {
        private final Map<List<TrafficClass>, Integer> profiles = new LinkedHashMap<>();
        private long conflicts;

        Compiler() {
            profiles.put(List.of(), ORDINARY);
        }

        PrefixTable compile(List<TrafficClass> classes) {
            PrefixTable.Builder table = PrefixTable.builder();
            Deque<Map.Entry<Prefix, List<TrafficClass>>> around = new ArrayDeque<>();
            for (Map.Entry<Prefix, List<TrafficClass>> entry : byPrefix(classes).entrySet()) {
                while (!around.isEmpty() && !around.peek().getKey().contains(entry.getKey())) {
                    around.pop();
                }
                List<TrafficClass> inherited =
                        around.isEmpty() ? List.of() : around.peek().getValue();
                List<TrafficClass> asked = asked(entry.getValue(), inherited);
                around.push(Map.entry(entry.getKey(), asked));
                table.put(entry.getKey(), number(asked));
            }
            return table.build();
        }

        /** A prefix stands directly before everything that lies inside it. */
        private static Map<Prefix, List<TrafficClass>> byPrefix(List<TrafficClass> classes) {
            Map<Prefix, List<TrafficClass>> byPrefix = new TreeMap<>();
            for (TrafficClass given : classes) {
                for (Prefix prefix : given.prefixes()) {
                    List<TrafficClass> same = byPrefix.computeIfAbsent(prefix, absent -> new ArrayList<>(1));
                    if (!same.contains(given)) { // One list may name a prefix twice.
                        same.add(given);
                    }
                }
            }
            return byPrefix;
        }

        private List<TrafficClass> asked(List<TrafficClass> own, List<TrafficClass> inherited) {
            List<TrafficClass> asked = new ArrayList<>(own.size() + inherited.size());
            own.sort(ORDER);
            for (TrafficClass next : own) {
                boolean isSettled =
                        !asked.isEmpty() && asked.get(asked.size() - 1).hours().isEmpty();
                if (isSettled) {
                    conflicts++;
                } else {
                    asked.add(next);
                }
            }
            if (asked.get(asked.size() - 1).hours().isPresent()) {
                inherited.stream().filter(next -> !asked.contains(next)).forEach(asked::add);
            }
            return asked;
        }

        private int number(List<TrafficClass> asked) {
            Integer known = profiles.get(asked);
            if (known != null) {
                return known;
            }
            int number = profiles.size();
            if (number == MOST_PROFILES) {
                throw new IllegalArgumentException(
                        "traffic classes overlap in too many ways: allowed=" + (MOST_PROFILES - 1));
            }
            profiles.put(List.copyOf(asked), number);
            return number;
        }
    }
}
