// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.time.Duration;
import java.time.InstantSource;
import org.flowtally.api.flow.FlowStage;

/** The clock guard without a container. */
public final class ClockGuardOnBench {
    private ClockGuardOnBench() {}

    /** Returns a guard with the limits that are shipped. */
    public static FlowStage open(InstantSource clock) {
        return new ClockGuard(
                new ClockGuardSettings(
                        Duration.ofSeconds(30).toMillis(),
                        Duration.ofDays(1).toMillis(),
                        Duration.ofDays(7).toMillis()),
                clock);
    }
}
