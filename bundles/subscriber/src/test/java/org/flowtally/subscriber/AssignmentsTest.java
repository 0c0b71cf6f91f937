// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.api.subscriber.Subscribers.FIRST_TIMELINE;
import static org.flowtally.api.subscriber.Subscribers.NO_SUBSCRIBER;
import static org.flowtally.api.subscriber.Subscribers.UNMATCHED_HOME;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.Test;

class AssignmentsTest {
    private static final long EVER = Long.MIN_VALUE + 1;
    private static final int ANNA = 1;
    private static final int BERT = 2;
    private static final int CARL = 3;

    private final List<Assignment> table = new ArrayList<>();
    private final List<Prefix> homes = new ArrayList<>();

    @Test
    void findsWhoHeldTheAddressAtThatTime() {
        assign("10.0.0.1/32", ANNA, 1000, 2000);
        assign("10.0.0.1/32", BERT, 2000, Assignment.OPEN);

        assertThat(holder("10.0.0.1", 999, 999)).isEqualTo(NO_SUBSCRIBER);
        assertThat(holder("10.0.0.1", 1000, 1500)).isEqualTo(ANNA);
        assertThat(holder("10.0.0.1", 1999, 2000)).as("ends at the hand-over").isEqualTo(ANNA);
        assertThat(holder("10.0.0.1", 2000, 2000)).isEqualTo(BERT);
        assertThat(holder("10.0.0.1", 2000, 1L << 60)).isEqualTo(BERT);
        assertThat(holder("10.0.0.2", 1500, 1500)).isEqualTo(NO_SUBSCRIBER);
    }

    @Test
    void handsOverATimelineWhenTheHolderChangesDuringTheFlow() {
        assign("10.0.0.1/32", ANNA, 1000, 2000);
        assign("10.0.0.1/32", BERT, 2000, 3000);
        homes.add(Prefix.parse("10.0.0.0/8"));
        Assignments assignments = compile(0);

        int column = holder(assignments, "", "10.0.0.1", 1500, 3500);

        assertThat(column).isLessThanOrEqualTo(FIRST_TIMELINE);
        assertThat(assignments.holderAt(column, 1500)).isEqualTo(ANNA);
        assertThat(assignments.handoverAfter(column, 1500)).isEqualTo(2000);
        assertThat(assignments.holderAt(column, 2000)).isEqualTo(BERT);
        assertThat(assignments.handoverAfter(column, 2000)).isEqualTo(3000);
        assertThat(assignments.holderAt(column, 3000)).isEqualTo(UNMATCHED_HOME);
        assertThat(assignments.handoverAfter(column, 3000)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void fallsBackToThePrefixAroundWhileTheLongerOneIsNotHeld() {
        assign("10.0.0.0/24", ANNA, 0, Assignment.OPEN);
        assign("10.0.0.1/32", BERT, 1000, 2000);

        assertThat(holder("10.0.0.1", 500, 900)).isEqualTo(ANNA);
        assertThat(holder("10.0.0.1", 1000, 2000)).isEqualTo(BERT);
        assertThat(holder("10.0.0.1", 2000, 9000)).isEqualTo(ANNA);
        assertThat(holder("10.0.0.2", 0, 9000)).isEqualTo(ANNA);
    }

    @Test
    void keepsRealmsApart() {
        assign("10.0.0.0/8", ANNA, EVER, Assignment.OPEN);
        table.add(new Assignment("north", Prefix.parse("10.0.0.0/8"), BERT, EVER, Assignment.OPEN));
        homes.add(Prefix.parse("10.0.0.0/8"));
        Assignments assignments = compile(0);

        assertThat(holder(assignments, "", "10.0.0.1", 5, 5)).isEqualTo(ANNA);
        assertThat(holder(assignments, "north", "10.0.0.1", 5, 5)).isEqualTo(BERT);
        assertThat(holder(assignments, "south", "10.0.0.1", 5, 5)).isEqualTo(UNMATCHED_HOME);
        assertThat(holder(assignments, "south", "11.0.0.1", 5, 5)).isEqualTo(NO_SUBSCRIBER);
    }

    @Test
    void takesAHomeNetworkInsideAnAssignmentAndTheOtherWayRound() {
        assign("10.0.0.0/8", ANNA, 1000, 2000);
        assign("10.1.2.0/24", BERT, 1500, 1600);
        homes.add(Prefix.parse("10.1.0.0/16"));

        assertThat(holder("10.1.2.3", 500, 500)).isEqualTo(UNMATCHED_HOME);
        assertThat(holder("10.1.2.3", 1000, 1000)).isEqualTo(ANNA);
        assertThat(holder("10.1.2.3", 1500, 1500)).isEqualTo(BERT);
        assertThat(holder("10.1.2.3", 2000, 2000)).isEqualTo(UNMATCHED_HOME);
        assertThat(holder("10.9.2.3", 2000, 2000)).isEqualTo(NO_SUBSCRIBER);
    }

    @Test
    void letsTheLaterStartWinAConflictAndCountsIt() {
        assign("10.0.0.1/32", ANNA, 1000, Assignment.OPEN);
        assign("10.0.0.1/32", BERT, 2000, 3000);

        assertThat(holder("10.0.0.1", 1999, 1999)).isEqualTo(ANNA);
        assertThat(holder("10.0.0.1", 2000, 3000)).isEqualTo(BERT);
        assertThat(holder("10.0.0.1", 3000, 3000)).isEqualTo(ANNA);
        assertThat(compile(0).conflicts()).isEqualTo(1);
    }

    @Test
    void countsNoConflictWhereOneHolderOverlapsOrPrefixesAreNested() {
        assign("10.0.0.1/32", ANNA, 1000, 3000);
        assign("10.0.0.1/32", ANNA, 2000, 4000);
        assign("10.0.0.1/32", BERT, 4000, 5000);
        assign("10.0.0.0/24", CARL, 0, Assignment.OPEN);

        assertThat(compile(0).conflicts()).isZero();
    }

    @Test
    void servesIpv6AndDefaultRoutesOfBothFamilies() {
        assign("::/0", ANNA, 0, Assignment.OPEN);
        assign("2001:db8:1::/48", BERT, 0, Assignment.OPEN);
        assign("10.0.0.0/8", CARL, 0, Assignment.OPEN);

        assertThat(holder("2001:db8:1::1", 5, 5)).isEqualTo(BERT);
        assertThat(holder("2001:db8:2::1", 5, 5)).isEqualTo(ANNA);
        assertThat(holder("10.0.0.1", 5, 5)).isEqualTo(CARL);
        assertThat(holder("11.0.0.1", 5, 5)).isEqualTo(NO_SUBSCRIBER);
    }

    /** Few addresses, prefixes and instants, so that everything meets everything. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void agreesWithANaiveSearch(@ForAll long seed) {
        Random random = new Random(seed);
        table.clear();
        homes.clear();
        for (int i = random.nextInt(40); i > 0; i--) {
            long from = random.nextInt(50);
            long to = random.nextInt(3) == 0 ? Assignment.OPEN : from + 1 + random.nextInt(20);
            String realm = random.nextInt(4) == 0 ? "north" : "";
            table.add(new Assignment(realm, anyPrefix(random), random.nextInt(5), from, to));
        }
        Stream.generate(() -> anyPrefix(random))
                .limit(random.nextInt(4))
                .distinct()
                .forEach(homes::add);
        Assignments assignments = compile(random.nextInt(80));

        for (int question = 0; question < 100; question++) {
            Address address = anyAddress(random);
            String realm = random.nextInt(4) == 0 ? "north" : "";
            long start = random.nextInt(80);
            long end = start + random.nextInt(30);
            int column = holder(assignments, realm, address.toString(), start, end);
            boolean changes = false;
            for (long at = start; at < Math.max(end, start + 1); at++) {
                int expected = naively(realm, address, at);
                changes |= expected != naively(realm, address, start);
                int found = column <= FIRST_TIMELINE ? assignments.holderAt(column, at) : column;
                assertThat(found).as("address=%s, at=%d", address, at).isEqualTo(expected);
            }
            assertThat(column <= FIRST_TIMELINE).isEqualTo(changes);
            if (changes) {
                long handover = assignments.handoverAfter(column, start);
                assertThat(naively(realm, address, handover)).isNotEqualTo(naively(realm, address, start));
                assertThat(naively(realm, address, handover - 1)).isEqualTo(naively(realm, address, start));
            }
        }
    }

    private static Address anyAddress(Random random) {
        return random.nextBoolean()
                ? Address.ofIpv4(0x0a000000 | random.nextInt(8))
                : new Address(0x20010db800000000L, random.nextInt(8));
    }

    private static Prefix anyPrefix(Random random) {
        Address address = anyAddress(random);
        int length = address.isIpv4() && random.nextInt(8) == 0 ? 96 : 124 + random.nextInt(5);
        return Prefix.covering(address.high(), address.low(), !address.isIpv4() && random.nextInt(8) == 0 ? 0 : length);
    }

    private int naively(String realm, Address address, long at) {
        return table.stream()
                .filter(assignment -> assignment.realm().equals(realm))
                .filter(assignment -> assignment.prefix().contains(address.high(), address.low()))
                .filter(assignment -> assignment.fromMillis() <= at && at < assignment.toMillis())
                .max(Comparator.comparing(
                                (Assignment assignment) -> assignment.prefix().length())
                        .thenComparing(Comparator.naturalOrder()))
                .map(Assignment::subscriber)
                .orElse(
                        homes.stream().anyMatch(home -> home.contains(address.high(), address.low()))
                                ? UNMATCHED_HOME
                                : NO_SUBSCRIBER);
    }

    private void assign(String prefix, int subscriber, long from, long to) {
        table.add(new Assignment("", Prefix.parse(prefix), subscriber, from, to));
    }

    private Assignments compile(long settledMillis) {
        return Assignments.of(
                new SubscriberDirectory(),
                table.stream().sorted().toList(),
                homes.stream().sorted().toList(),
                settledMillis);
    }

    /** Asks with the instant from which holders are settled before, within and after the flow: no difference is allowed. */
    private int holder(String address, long start, long end) {
        int column = holder(compile(start), "", address, start, end);
        assertThat(holder(compile(start - 1), "", address, start, end)).isEqualTo(column);
        assertThat(holder(compile(start + 1), "", address, start, end)).isEqualTo(column);
        return column;
    }

    private static int holder(Assignments assignments, String realm, String address, long start, long end) {
        Address parsed = Address.parse(address);
        return assignments.holder(assignments.table(realm), parsed.high(), parsed.low(), start, end);
    }
}
