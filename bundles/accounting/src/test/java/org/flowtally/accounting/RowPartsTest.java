// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.accounting.TestPages.unsigned;
import static org.flowtally.accounting.TestRows.HOUR;
import static org.flowtally.accounting.TestRows.TEN;

import java.math.BigInteger;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.flowtally.api.subscriber.Subscribers;
import org.junit.jupiter.api.Test;

class RowPartsTest {
    private static final long TEN_OCLOCK_BUCKET = TEN / HOUR;

    private final RowParts parts = new RowParts();
    private final ClassTimes classes = new ClassTimes();

    @Test
    void leavesAFlowWholeThatEndsExactlyAtTheBorder() {
        parts.split(Subscribers.NOBODY, 3, classes, 0, TEN - 1000, TEN, 500, 5, HOUR);

        assertThat(parts.size()).isOne();
        assertThat(parts.bucket(0)).isEqualTo(TEN_OCLOCK_BUCKET - 1);
        assertThat(parts.octets(0)).isEqualTo(500);
    }

    @Test
    void putsAFlowWithoutDurationWhollyIntoTheBucketOfItsTime() {
        parts.split(Subscribers.NOBODY, 3, classes, 0, TEN, TEN, 500, 5, HOUR);

        assertThat(parts.size()).isOne();
        assertThat(parts.bucket(0)).isEqualTo(TEN_OCLOCK_BUCKET);
        assertThat(parts.packets(0)).isEqualTo(5);
    }

    @Test
    void splitsAtTheBorderByTimeRoundedDown() {
        parts.split(Subscribers.NOBODY, 3, classes, 0, TEN - 1000, TEN + 2000, 1000, 10, HOUR);

        assertThat(parts.size()).isEqualTo(2);
        assertThat(parts.octets(0)).isEqualTo(333);
        assertThat(parts.octets(1)).isEqualTo(667);
        assertThat(parts.packets(0)).isEqualTo(3);
        assertThat(parts.packets(1)).isEqualTo(7);
    }

    @Test
    void splitsAtTheHandOverOfTheAddress() {
        TestSubscribers subscribers = new TestSubscribers(3);
        int timeline = subscribers.timeline(Map.of(0L, 1, TEN + 1000, Subscribers.UNMATCHED_HOME, TEN + 2000, 2));

        parts.split(subscribers, timeline, classes, 0, TEN, TEN + 4000, 400, 0, HOUR);

        assertThat(parts.size()).isEqualTo(3);
        assertThat(parts.holder(0)).isEqualTo(1);
        assertThat(parts.octets(0)).isEqualTo(100);
        assertThat(parts.holder(1)).isEqualTo(Subscribers.UNMATCHED_HOME);
        assertThat(parts.octets(1)).isEqualTo(100);
        assertThat(parts.holder(2)).isEqualTo(2);
        assertThat(parts.octets(2)).isEqualTo(200);
        assertThat(parts.isHeld()).isTrue();
    }

    @Test
    void splitsWhereTheClassOfTheFarEndChanges() {
        classes.follow(new TestClasses(Map.of(), Map.of(0L, "", TEN + 1000, "night", TEN + 3000, "")));

        parts.split(Subscribers.NOBODY, 3, classes, 1, TEN, TEN + 4000, 400, 4, HOUR);

        assertThat(parts.size()).isEqualTo(3);
        assertThat(classes.names().name(parts.trafficClass(0))).isEmpty();
        assertThat(classes.names().name(parts.trafficClass(1))).isEqualTo("night");
        assertThat(parts.trafficClass(2)).isEqualTo(parts.trafficClass(0));
        assertThat(parts.octets(0)).isEqualTo(100);
        assertThat(parts.octets(1)).isEqualTo(200);
        assertThat(parts.octets(2)).isEqualTo(100);
    }

    @Test
    void dropsLaterPartsThatMovedNothing() {
        parts.split(Subscribers.NOBODY, 3, classes, 0, TEN, TEN + 20 * HOUR, 1, 1, HOUR);

        assertThat(parts.size()).isEqualTo(2);
        assertThat(parts.octets(0)).isZero();
        assertThat(parts.bucket(1)).isEqualTo(TEN_OCLOCK_BUCKET + 19);
        assertThat(parts.octets(1)).isOne();
    }

    @Property
    void sharesAsIntegersWithoutBoundWould(
            @ForAll long whole, @ForAll @IntRange(min = 1) int duration, @ForAll @LongRange(min = 0) long seed) {
        long elapsed = seed % (duration + 1L);

        long share = RowParts.share(whole, elapsed, duration);

        BigInteger exact = unsigned(whole).multiply(BigInteger.valueOf(elapsed)).divide(BigInteger.valueOf(duration));
        assertThat(unsigned(share)).isEqualTo(exact);
    }

    @Property
    void addsUpToTheWhole(
            @ForAll long octets,
            @ForAll long packets,
            @ForAll @IntRange(min = 0) int duration,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long start) {
        parts.split(Subscribers.NOBODY, 3, classes, 0, start, start + duration, octets, packets, HOUR);

        long octetsSum = 0;
        long packetsSum = 0;
        for (int part = 0; part < parts.size(); part++) {
            octetsSum += parts.octets(part);
            packetsSum += parts.packets(part);
            assertThat(Long.compareUnsigned(parts.octets(part), octets)).isLessThanOrEqualTo(0);
            assertThat(part == 0 || parts.bucket(part) > parts.bucket(part - 1)).isTrue();
        }
        assertThat(octetsSum).isEqualTo(octets);
        assertThat(packetsSum).isEqualTo(packets);
    }
}
