// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.time.Duration;
import java.time.InstantSource;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.lib.report.CounterArray;

/** The ledger without a container; its pages go nowhere. */
public final class AccountingOnBench {
    private AccountingOnBench() {}

    /** Returns a ledger. */
    public static FlowStage open(InstantSource clock) {
        return new UsageAccounting(
                new AccountingSettings(
                        "bench",
                        Duration.ofHours(1).toMillis(),
                        Duration.ofDays(7).toMillis(),
                        500_000,
                        1L << 30),
                clock,
                (page, boundOctets) -> {},
                (name, size) -> new CounterArray(size));
    }
}
