// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.policy.ClassTable.Profiled;
import org.junit.jupiter.api.Test;

class AddressTableTest {
    @Test
    void knowsNothingOfAnythingWithoutLists() {
        AddressTable table = AddressTable.of(List.of(), List.of());

        assertThat(table.hasClasses()).isFalse();
        assertThat(AddressTable.isListed(table.find(0, 1))).isFalse();
        assertThat(AddressTable.profile(table.find(0, 1))).isZero();
    }

    @Test
    void tellsOfTwoValuesWhetherOneIsListed() {
        AddressTable table = AddressTable.of(List.of(Prefix.parse("10.0.0.0/8")), List.of());
        int listed = find(table, Address.parse("10.0.0.1"));
        int unlisted = find(table, Address.parse("11.0.0.1"));

        assertThat(AddressTable.isListed(listed & unlisted)).isTrue();
        assertThat(AddressTable.isListed(unlisted & listed)).isTrue();
        assertThat(AddressTable.isListed(unlisted & find(table, Address.parse("12.0.0.1"))))
                .isFalse();
    }

    @Test
    void tellsWhetherAllOfAPrefixIsListedHoweverItIsDividedIntoClasses() {
        AddressTable table = AddressTable.of(
                List.of(Prefix.parse("10.0.0.0/24"), Prefix.parse("10.0.1.0/24")),
                List.of(
                        new Profiled(Prefix.parse("10.0.0.0/8"), 1),
                        new Profiled(Prefix.parse("10.0.0.64/26"), 2),
                        new Profiled(Prefix.parse("10.0.1.7/32"), 3)));

        assertThat(isAllListed(table, "10.0.0.0/23")).isTrue();
        assertThat(isAllListed(table, "10.0.0.0/22")).isFalse();
        assertThat(isAllListed(table, "10.0.2.0/24")).isFalse();
    }

    @Property(tries = 300)
    void answersAsASearchThroughBothListsWould(@ForAll long seed) {
        Random random = new Random(seed);
        List<Prefix> whitelist = prefixes(random);
        List<Profiled> classes = new ArrayList<>();
        prefixes(random).stream().distinct().forEach(prefix -> classes.add(new Profiled(prefix, random.nextInt(4))));
        whitelist.addAll(classes.stream()
                .map(Profiled::prefix)
                .filter(any -> random.nextBoolean())
                .toList());

        AddressTable table = AddressTable.of(whitelist, classes);

        for (int number = 0; number < 200; number++) {
            Address address = address(random);
            int value = find(table, address);
            assertThat(AddressTable.isListed(value))
                    .as("listed: %s", address)
                    .isEqualTo(whitelist.stream().anyMatch(prefix -> contains(prefix, address)));
            assertThat(AddressTable.profile(value))
                    .as("profile: %s", address)
                    .isEqualTo(classes.stream()
                            .filter(entry -> contains(entry.prefix(), address))
                            .max(Comparator.comparing(entry -> entry.prefix().length()))
                            .map(Profiled::profile)
                            .orElse(0));
        }
    }

    private static List<Prefix> prefixes(Random random) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int number = random.nextInt(20); number > 0; number--) {
            Address address = address(random);
            int shortest = address.isIpv4() ? Prefix.IPV4_BITS_BEFORE : 0;
            prefixes.add(Prefix.covering(address.high(), address.low(), shortest + random.nextInt(128 - shortest + 1)));
        }
        return prefixes;
    }

    private static Address address(Random random) {
        return random.nextBoolean()
                ? Address.ofIpv4((10 << 24) + (random.nextInt(3) << 16) + random.nextInt(64))
                : new Address(0x2001_0db8_0000_0000L + random.nextInt(3), random.nextInt(8));
    }

    private static boolean contains(Prefix prefix, Address address) {
        return prefix.contains(address.high(), address.low());
    }

    private static int find(AddressTable table, Address address) {
        return table.find(address.high(), address.low());
    }

    private static boolean isAllListed(AddressTable table, String text) {
        Prefix prefix = Prefix.parse(text);
        return table.isAllListed(prefix.high(), prefix.low(), prefix.writtenLength());
    }
}
