// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Map;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.lib.report.EventLog;

/** The clock guard without a container. */
public final class ClockGuardOnBench {
    private ClockGuardOnBench() {}

    /** Returns a guard with the configuration that is shipped. */
    public static FlowStage open(InstantSource clock) {
        ClockGuardConfig shipped = (ClockGuardConfig) Proxy.newProxyInstance(
                ClockGuardConfig.class.getClassLoader(),
                new Class<?>[] {ClockGuardConfig.class},
                (proxy, method, arguments) -> method.getDefaultValue());
        return ClockGuard.fresh(ClockGuardSettings.of(shipped, Map.of()), clock, new EventLog(1, 1));
    }
}
