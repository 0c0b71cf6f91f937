// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastingCountersTest {
    @Test
    void goesOnWhereTheOwnerBeforeStopped() {
        LastingCounters.of("test.goes-on", 3).add(1, 7);

        assertThat(LastingCounters.of("test.goes-on", 3).value(1)).isEqualTo(7);
        assertThat(LastingCounters.of("test.other", 3).value(1)).isZero();
    }

    @Test
    void startsAgainWhenTheNumberOfCountersChanges() {
        LastingCounters.of("test.resized", 3).add(1, 7);

        assertThat(LastingCounters.of("test.resized", 4).total()).isZero();
    }
}
