// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Forged senders leave the heap where it is once the tables are full, and the real ones beside them lose nothing. */
class FloodTest {
    private static final int FORGED = 100_000;
    private static final long SLACK_OCTETS = 8L << 20;

    @Test
    void leavesTheHeapWhereItWasAndRealRoutersAlone() {
        Flood flood = new Flood();
        Flood.Result full = flood.run(FORGED);

        Flood.Result later = flood.run(2L * FORGED);

        assertThat(later.heapOctets()).as("%s%n%s", full, later).isLessThan(full.heapOctets() + SLACK_OCTETS);
        assertThat(later.realRowsDecoded()).isEqualTo(later.realRowsSent());
        assertThat(later.realOctetsMissing()).isZero();
        assertThat(later.realLost()).isZero();
        assertThat(later.senders().get("EVICTED")).as("the tables were full").isGreaterThan(FORGED);
        assertThat(later.senders().get("KNOWN")).isLessThanOrEqualTo(8000);
    }
}
