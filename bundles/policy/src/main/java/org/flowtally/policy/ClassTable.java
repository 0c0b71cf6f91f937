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
    private final Map<String, List<Profiled>> realms;
    private final List<Profiled> elsewhere;
    private final Set<String> names;
    private final List<String> conflicts;

    /** A prefix and the profile of the addresses whose longest prefix it is. */
    record Profiled(Prefix prefix, int profile) {}

    private ClassTable(
            List<List<TrafficClass>> profiles,
            Map<String, List<Profiled>> realms,
            List<Profiled> elsewhere,
            Set<String> names,
            List<String> conflicts) {
        this.profiles = profiles;
        this.realms = realms;
        this.elsewhere = elsewhere;
        this.names = Set.copyOf(names);
        this.conflicts = List.copyOf(conflicts);
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
        Map<String, List<Profiled>> tables = new HashMap<>();
        for (String realm : realms) {
            tables.put(
                    realm,
                    compiler.compile(
                            classes.stream().filter(given -> given.isIn(realm)).toList()));
        }
        List<Profiled> elsewhere = compiler.compile(
                classes.stream().filter(given -> given.realms().isEmpty()).toList());
        return new ClassTable(List.copyOf(compiler.profiles.keySet()), tables, elsewhere, names, compiler.conflicts);
    }

    /** Returns the realms that differ from others. */
    Set<String> realms() {
        return realms.keySet();
    }

    /** Returns the prefixes of a realm with their profiles. */
    List<Profiled> prefixes(String realm) {
        return realms.getOrDefault(realm, elsewhere);
    }

    /** Returns the prefixes of every realm that is not named. */
    List<Profiled> prefixes() {
        return elsewhere;
    }

    /** Returns the prefixes that two classes of the same kind name, with both: the first by name has it. */
    List<String> conflicts() {
        return conflicts;
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
        private final List<String> conflicts = new ArrayList<>();

        Compiler() {
            profiles.put(List.of(), ORDINARY);
        }

        List<Profiled> compile(List<TrafficClass> classes) {
            List<Profiled> profiled = new ArrayList<>();
            Deque<Map.Entry<Prefix, List<TrafficClass>>> around = new ArrayDeque<>();
            for (Map.Entry<Prefix, List<TrafficClass>> entry : byPrefix(classes).entrySet()) {
                while (!around.isEmpty() && !around.peek().getKey().contains(entry.getKey())) {
                    around.pop();
                }
                List<TrafficClass> inherited =
                        around.isEmpty() ? List.of() : around.peek().getValue();
                List<TrafficClass> asked = asked(entry.getKey(), entry.getValue(), inherited);
                around.push(Map.entry(entry.getKey(), asked));
                profiled.add(new Profiled(entry.getKey(), number(asked)));
            }
            return profiled;
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

        private List<TrafficClass> asked(Prefix prefix, List<TrafficClass> own, List<TrafficClass> inherited) {
            List<TrafficClass> asked = new ArrayList<>(own.size() + inherited.size());
            own.sort(ORDER);
            for (TrafficClass next : own) {
                TrafficClass before = asked.isEmpty() ? null : asked.get(asked.size() - 1);
                if (before != null && before.hours().isEmpty()) {
                    conflicts.add("prefix=%s, classes=%s, %s".formatted(prefix, before.name(), next.name()));
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
