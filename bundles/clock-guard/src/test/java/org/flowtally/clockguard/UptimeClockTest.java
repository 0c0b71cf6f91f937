// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class UptimeClockTest {
    private static final long EXPORT = 1_700_000_000_000L;
    private static final long WRAP = 1L << 32;
    private static final long HALF = 1L << 31;

    @Test
    void countsBackFromTheExport() {
        assertThat(UptimeClock.millis(EXPORT, 60_000, 45_000)).isEqualTo(EXPORT - 15_000);
        assertThat(UptimeClock.millis(EXPORT, 60_000, 60_000)).isEqualTo(EXPORT);
        assertThat(UptimeClock.millis(EXPORT, 60_000, 61_000)).isEqualTo(EXPORT + 1_000);
        assertThat(UptimeClock.millis(EXPORT, 60_000, 0)).isEqualTo(EXPORT - 60_000);
    }

    @Test
    void seesThatTheCounterWrappedBetweenFlowAndExport() {
        assertThat(UptimeClock.millis(EXPORT, 1_000, WRAP - 2_000)).isEqualTo(EXPORT - 3_000);
    }

    @Test
    void seesThatTheCounterWrappedBetweenExportAndFlow() {
        assertThat(UptimeClock.millis(EXPORT, WRAP - 1_000, 500)).isEqualTo(EXPORT + 1_500);
    }

    @Test
    void takesExactlyHalfTheRangeAsItIs() {
        assertThat(UptimeClock.millis(EXPORT, HALF, 0)).isEqualTo(EXPORT - HALF);
        assertThat(UptimeClock.millis(EXPORT, 0, HALF)).isEqualTo(EXPORT + HALF);
        assertThat(UptimeClock.millis(EXPORT, HALF + 1, 0)).isEqualTo(EXPORT + HALF - 1);
        assertThat(UptimeClock.millis(EXPORT, 0, HALF + 1)).isEqualTo(EXPORT - HALF + 1);
    }

    @Property
    void findsEveryInstantLessThanHalfTheRangeAway(
            @ForAll @LongRange(max = (1L << 40)) long trueUptime,
            @ForAll @LongRange(min = -(1L << 31) + 1, max = (1L << 31) - 1) long ago) {
        long uptime = Math.floorMod(trueUptime, WRAP);
        long switched = Math.floorMod(trueUptime - ago, WRAP);

        assertThat(UptimeClock.millis(EXPORT, uptime, switched)).isEqualTo(EXPORT - ago);
    }
}
