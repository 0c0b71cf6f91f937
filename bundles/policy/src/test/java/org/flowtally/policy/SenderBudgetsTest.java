// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SenderBudgetsTest {
    private static final long NOW = 1_790_000_000_000L;

    private final SenderBudgets budgets = new SenderBudgets();

    @Test
    void grantsABurstOfTwoSecondsAndThenTheRate() {
        assertThat(spend(1, 1_000, NOW)).isEqualTo(20);
        assertThat(spend(1, 1_000, NOW + 1_000)).isEqualTo(10);
        assertThat(spend(1, 1_000, NOW + 1_050)).as("half a datagram is none").isZero();
        assertThat(spend(1, 1_000, NOW + 1_100)).isEqualTo(1);
        assertThat(spend(1, 1_000, NOW + 3_600_000)).isEqualTo(20);
    }

    @Test
    void grantsEachSenderAndEachEndpointItsOwn() {
        assertThat(spend(1, 1_000, NOW)).isEqualTo(20);
        assertThat(spend(2, 1_000, NOW)).isEqualTo(20);
        assertThat(budgets.spend("other", 0, 1, 10, NOW)).isTrue();
    }

    @Test
    void grantsNothingForAClockThatWasSetBack() {
        assertThat(spend(1, 1_000, NOW)).isEqualTo(20);

        assertThat(spend(1, 1_000, NOW - 3_600_000)).isZero();
        assertThat(spend(1, 1_000, NOW - 3_600_000 + 1_000)).isEqualTo(10);
    }

    @Test
    void holdsABusySenderToItsRateWhateverStrangersSend() {
        spend(1, 1_000, NOW);
        int granted = 0;
        for (int stranger = 2; stranger < 1_000_000; stranger++) {
            budgets.spend("edge", 0, stranger, 10, NOW);
            if (stranger % 64 == 0) {
                granted += spend(1, 1, NOW + 1); // It goes on sending.
            }
        }

        assertThat(granted).isZero();
        assertThat(spend(1, 1_000, NOW + 2)).isZero();
    }

    private int spend(long sender, int attempts, long nowMillis) {
        int granted = 0;
        for (int attempt = 0; attempt < attempts; attempt++) {
            granted += budgets.spend("edge", 0, sender, 10, nowMillis) ? 1 : 0;
        }
        return granted;
    }
}
