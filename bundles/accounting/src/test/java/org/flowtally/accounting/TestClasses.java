// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flowtally.api.policy.TrafficClasses;

/** Traffic classes told one by one: which class holds from each instant on; the first key must precede every flow. */
final class TestClasses implements TrafficClasses {
    private final List<TreeMap<Long, String>> profiles;

    @SafeVarargs
    @SuppressWarnings("varargs") // They are only read.
    TestClasses(Map<Long, String>... profiles) {
        this.profiles = Stream.of(profiles).map(TreeMap::new).toList();
    }

    int profiles() {
        return profiles.size();
    }

    @Override
    public Set<String> names() {
        return profiles.stream().flatMap(profile -> profile.values().stream()).collect(Collectors.toSet());
    }

    @Override
    public String nameAt(int profile, long millis) {
        Map.Entry<Long, String> entry = profiles.get(profile).floorEntry(millis);
        return entry == null ? "" : entry.getValue();
    }

    @Override
    public long borderAfter(int profile, long millis) {
        Long next = profiles.get(profile).higherKey(millis);
        return next == null ? Long.MAX_VALUE : next;
    }

    @Override
    public long borderBefore(int profile, long millis) {
        Long last = profiles.get(profile).floorKey(millis);
        return last == null ? Long.MIN_VALUE : last;
    }
}
