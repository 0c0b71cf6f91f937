// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.EventLog;

/** The policy without a container. */
public final class PolicyOnBench {
    private PolicyOnBench() {}

    /** Returns the policy that is shipped: no classes, no order of preference. */
    public static FlowStage open() {
        return open(Map.of(), List.of());
    }

    /**
     * Returns a policy with traffic classes.
     *
     * @param classes the far ends of each class by its name; a name that ends in {@code night} holds from midnight to six
     * @param preference the order of exporters that see the same flows
     */
    public static FlowStage open(Map<String, List<Prefix>> classes, List<Prefix> preference) {
        PolicyFiles files = new PolicyFiles(Set.of(), () -> {});
        ClassHours night = new ClassHours(
                List.of(new ClassHours.Span(0, 21_600)), EnumSet.allOf(DayOfWeek.class), ZoneId.of("Europe/Prague"));
        classes.forEach((name, prefixes) -> files.put(
                name,
                new TrafficClass(
                        name, Set.of(), prefixes, name.endsWith("night") ? Optional.of(night) : Optional.empty())));
        return new PolicyStage(new PolicySettings(1024, preference, 120_000, 262_144), files, new EventLog(100, 100));
    }
}
