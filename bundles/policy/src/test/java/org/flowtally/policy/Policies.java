// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.report.LastingArrays;

/** Stages of the policy with what a test gives them. */
final class Policies {
    private Policies() {}

    static PolicyStage stage() {
        return stage(files(), new EventLog(100, 100));
    }

    static PolicyStage stage(PolicyFiles files, EventLog events, String... preference) {
        LastingArrays.forget("policy.claims");
        return successor(files, events, preference);
    }

    /** As {@link #stage}, with what the stage before left behind. */
    static PolicyStage successor(PolicyFiles files, EventLog events, String... preference) {
        List<Prefix> order = Stream.of(preference).map(Prefix::parse).toList();
        return new PolicyStage(new PolicySettings(16, order, 120_000, 1024), files, events);
    }

    static PolicyFiles files() {
        return new PolicyFiles(Set.of(), () -> {});
    }

    /** Returns the class profile of an address in the realm without a name. */
    static int profile(ClassTable classes, long high, long low) {
        return AddressTable.profile(
                AddressTable.of(List.of(), classes.prefixes("")).find(high, low));
    }
}
