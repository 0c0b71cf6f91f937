// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrefixTableTest {
    @Test
    void findsTheLongestPrefix() {
        PrefixTable table = table("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32");

        assertThat(find(table, "192.0.2.1")).isZero();
        assertThat(find(table, "10.2.0.1")).isEqualTo(1);
        assertThat(find(table, "10.1.3.1")).isEqualTo(2);
        assertThat(find(table, "10.1.2.4")).isEqualTo(3);
        assertThat(find(table, "10.1.2.3")).isEqualTo(4);
        assertThat(table.findIpv4(0x0a010203)).isEqualTo(4);
    }

    @Test
    void doesNotCareInWhichOrderPrefixesCome() {
        PrefixTable table = table("10.1.2.3/32", "10.1.2.0/24", "10.0.0.0/8");

        assertThat(find(table, "10.1.2.3")).isZero();
        assertThat(find(table, "10.1.2.4")).isEqualTo(1);
        assertThat(find(table, "10.9.9.9")).isEqualTo(2);
    }

    @Test
    void answersNotFoundOutsideAllPrefixes() {
        PrefixTable table = table("10.0.0.0/8", "2001:db8::/32");

        assertThat(find(table, "11.0.0.0")).isEqualTo(PrefixTable.NOT_FOUND);
        assertThat(find(table, "9.255.255.255")).isEqualTo(PrefixTable.NOT_FOUND);
        assertThat(find(table, "2001:db9::")).isEqualTo(PrefixTable.NOT_FOUND);
        assertThat(find(PrefixTable.empty(), "10.0.0.1")).isEqualTo(PrefixTable.NOT_FOUND);
        assertThat(find(PrefixTable.empty(), "::1")).isEqualTo(PrefixTable.NOT_FOUND);
        assertThat(PrefixTable.empty().size()).isZero();
    }

    @Test
    void keepsTheFamiliesApart() {
        PrefixTable everyIpv6 = table("::/0");
        PrefixTable everyIpv4 = table("0.0.0.0/0");

        assertThat(find(everyIpv6, "10.0.0.1")).isEqualTo(PrefixTable.NOT_FOUND);
        assertThat(find(everyIpv6, "::")).isZero();
        assertThat(find(everyIpv6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).isZero();
        assertThat(find(everyIpv4, "0.0.0.0")).isZero();
        assertThat(find(everyIpv4, "255.255.255.255")).isZero();
        assertThat(find(everyIpv4, "::1")).isEqualTo(PrefixTable.NOT_FOUND);
    }

    @Test
    void takesIpv4WrittenAsMappedIpv6() {
        PrefixTable table = table("::ffff:10.0.0.0/104");

        assertThat(find(table, "10.255.255.255")).isZero();
    }

    @Test
    void letsTheLaterOfTwoEqualPrefixesCount() {
        PrefixTable table = PrefixTable.builder()
                .put(Prefix.parse("10.0.0.0/8"), 7)
                .put(Prefix.parse("2001:db8::/32"), 8)
                .put(Prefix.parse("10.0.0.0/8"), 3)
                .put(Prefix.parse("2001:db8::/32"), 2)
                .build();

        assertThat(find(table, "10.0.0.1")).isEqualTo(3);
        assertThat(find(table, "2001:db8::1")).isEqualTo(2);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void takesValuesUpToTheLargestInt() {
        PrefixTable table = PrefixTable.builder()
                .put(Prefix.parse("10.0.0.1"), Integer.MAX_VALUE)
                .put(Prefix.parse("2001:db8::1"), Integer.MAX_VALUE)
                .build();

        assertThat(find(table, "10.0.0.1")).isEqualTo(Integer.MAX_VALUE);
        assertThat(find(table, "2001:db8::1")).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> PrefixTable.builder().put(Prefix.parse("10.0.0.1"), -1))
                .hasMessageContaining("prefix=10.0.0.1/32, value=-1");
    }

    @Test
    void answersEveryAddressOfADenseNode() {
        PrefixTable.Builder singles = PrefixTable.builder();
        for (int host = 0; host < 256; host++) {
            singles.put(Prefix.parse("192.0.2." + host), host);
        }

        PrefixTable table = singles.build();

        for (int host = 0; host < 256; host++) {
            assertThat(table.findIpv4(0xc0000200 | host)).isEqualTo(host);
        }
        assertThat(table.findIpv4(0xc0000300)).isEqualTo(PrefixTable.NOT_FOUND);
    }

    @Test
    void tellsOfAListWhatLiesInSomeOfIt() {
        PrefixTable table = PrefixTable.of(List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("192.0.2.1/32")));

        assertThat(find(table, "10.1.2.3")).isZero();
        assertThat(find(table, "192.0.2.1")).isZero();
        assertThat(find(table, "192.0.2.2")).isEqualTo(PrefixTable.NOT_FOUND);
    }

    @Test
    void takesTheLargestValuesThatAnswerAtOnceAndTheFirstThatDoNot() {
        for (int most : new int[] {0, 252, 253, 254, 255, 256}) {
            PrefixTable table = PrefixTable.builder()
                    .put(Prefix.parse("10.0.0.0/8"), most)
                    .put(Prefix.parse("10.7.7.7/32"), 0)
                    .build();

            assertThat(find(table, "10.0.0.1")).isEqualTo(most);
            assertThat(find(table, "10.7.7.6")).isEqualTo(most);
            assertThat(find(table, "10.7.7.7")).isZero();
            assertThat(find(table, "11.0.0.1")).isEqualTo(PrefixTable.NOT_FOUND);
        }
    }

    @Test
    void keepsScatteredSingleAddressesSmall() {
        Random random = new Random(11);
        PrefixTable.Builder builder = PrefixTable.builder();
        for (int i = 0; i < 50_000; i++) {
            builder.put(Prefix.covering(0, Address.lowOfIpv4(random.nextInt()), 128), i);
        }

        assertThat(builder.build().memoryOctets()).isLessThan(10_000_000);
    }

    @Property(tries = 150)
    void agreesWithANaiveSearchInIpv4(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int prefixes) {
        Random random = new Random(seed);
        int spread = 0xffffffff >>> random.nextInt(24);

        assertAgrees(random, prefixes, 96, 33, () -> {
            return new Address(0, Address.lowOfIpv4(0x0a000000 ^ (random.nextInt() & spread)));
        });
    }

    @Property(tries = 100)
    void agreesWithANaiveSearchInBothFamilies(@ForAll long seed, @ForAll @IntRange(min = 1, max = 253) int prefixes) {
        Random random = new Random(seed);

        assertAgrees(random, prefixes, 96, 33, () -> {
            boolean isIpv4 = random.nextInt(3) > 0;
            long low = Address.lowOfIpv4(0x0a000000 ^ (random.nextInt() & 0x3_ffff));
            return isIpv4 ? new Address(0, low) : new Address(0x2001_0db8_0000_0000L, random.nextLong());
        });
    }

    @Property(tries = 150)
    void agreesWithANaiveSearchInIpv6(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int prefixes) {
        Random random = new Random(seed);
        long spreadHigh = -1L >>> random.nextInt(64);
        long spreadLow = -1L >>> random.nextInt(64);

        assertAgrees(random, prefixes, 0, 129, () -> {
            return new Address(0x20010db800000000L ^ (random.nextLong() & spreadHigh), random.nextLong() & spreadLow);
        });
    }

    @Test
    void containsAPrefixOnlyWhole() {
        PrefixTable table = table("10.0.0.0/24", "10.0.1.0/25", "10.0.1.128/25", "172.16.0.0/12", "2001:db8::/32");

        assertThat(containsAll(table, "10.0.0.0/23")).isTrue();
        assertThat(containsAll(table, "10.0.0.0/22")).isFalse();
        assertThat(containsAll(table, "10.0.1.77/32")).isTrue();
        assertThat(containsAll(table, "172.16.0.0/12")).isTrue();
        assertThat(containsAll(table, "172.16.0.0/11")).isFalse();
        assertThat(containsAll(table, "0.0.0.0/0")).isFalse();
        assertThat(containsAll(table("0.0.0.0/0"), "0.0.0.0/0")).isTrue();
        assertThat(containsAll(table, "2001:db8::/32")).isFalse();
    }

    @Test
    void containsNoPrefixThatIsLongerThanAnAddress() {
        PrefixTable table = table("0.0.0.0/0", "::/0");

        for (int length : new int[] {33, 64, 96, 128, 129, 255}) {
            assertThat(containsAll(table, "10.0.0.1/" + length))
                    .as("length %d", length)
                    .isFalse();
        }
    }

    private static boolean containsAll(PrefixTable table, String prefix) {
        Address address = Address.parse(prefix.substring(0, prefix.indexOf('/')));
        int length = Integer.parseInt(prefix.substring(prefix.indexOf('/') + 1));
        return table.allMatch(address.high(), address.low(), length, value -> value != PrefixTable.NOT_FOUND);
    }

    @Property(tries = 100)
    void showsEveryValueOfARangeBlockByBlock(@ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int prefixes) {
        Random random = new Random(seed);
        PrefixTable.Builder builder = PrefixTable.builder();
        for (int value = 0; value < prefixes; value++) {
            int address = 0x0a000000 ^ (random.nextInt() & 0x1_ffff);
            builder.put(Prefix.covering(0, Address.lowOfIpv4(address), 96 + random.nextInt(33)), value);
        }

        PrefixTable table = builder.build();

        int block = 0x0a000000;
        while (block <= 0x0a01ffff) {
            int end = table.blockEndIpv4(block);
            assertThat(end).isGreaterThanOrEqualTo(block);
            int value = table.findIpv4(block);
            for (int address = block; address <= end; address++) {
                if (table.findIpv4(address) != value) {
                    assertThat(table.findIpv4(address))
                            .as("address=%x", address)
                            .isEqualTo(value);
                }
            }
            block = end + 1;
        }
    }

    private interface AnyAddress {
        Address next();
    }

    private static void assertAgrees(Random random, int prefixes, int shortest, int lengths, AnyAddress any) {
        Map<Prefix, Integer> naive = new LinkedHashMap<>();
        PrefixTable.Builder builder = PrefixTable.builder();
        List<Address> questions = new ArrayList<>();
        for (int value = 0; value < prefixes; value++) {
            Address address = any.next();
            Prefix prefix = Prefix.covering(address.high(), address.low(), shortest + random.nextInt(lengths));
            naive.put(prefix, value);
            builder.put(prefix, value);
            questions.add(any.next());
            questions.add(new Address(prefix.high(), prefix.low()));
            questions.add(new Address(
                    prefix.high() | ~Prefix.highMask(prefix.length()),
                    prefix.low() | ~Prefix.lowMask(prefix.length())));
            questions.add(new Address(prefix.high(), prefix.low() - 1));
            questions.add(new Address(prefix.high(), prefix.low() + 1));
        }

        PrefixTable table = builder.build();

        assertThat(table.size()).isEqualTo(naive.size());
        for (Address question : questions) {
            int expected = naively(naive, question);
            assertThat(table.find(question.high(), question.low()))
                    .as("address=%s", question)
                    .isEqualTo(expected);
            assertThat(table.contains(question.high(), question.low())).isEqualTo(expected >= 0);
        }
        assertFindsTogether(table, naive, questions);
    }

    private static void assertFindsTogether(PrefixTable table, Map<Prefix, Integer> naive, List<Address> questions) {
        PrefixSearch search = new PrefixSearch();
        for (int from = 0; from < questions.size(); from += PrefixSearch.CAPACITY) {
            List<Address> some = questions.subList(from, Math.min(from + PrefixSearch.CAPACITY, questions.size()));
            for (int position = 0; position < some.size(); position++) {
                search.address(
                        position, some.get(position).high(), some.get(position).low());
            }
            search.find(table, some.size());
            for (int position = 0; position < some.size(); position++) {
                assertThat(search.value(position))
                        .as("address=%s", some.get(position))
                        .isEqualTo(naively(naive, some.get(position)));
            }
        }
    }

    private static int naively(Map<Prefix, Integer> prefixes, Address address) {
        int longest = -1;
        int value = PrefixTable.NOT_FOUND;
        for (Map.Entry<Prefix, Integer> entry : prefixes.entrySet()) {
            Prefix prefix = entry.getKey();
            if (prefix.length() > longest && prefix.contains(address.high(), address.low())) {
                longest = prefix.length();
                value = entry.getValue();
            }
        }
        return value;
    }

    private static PrefixTable table(String... prefixes) {
        PrefixTable.Builder builder = PrefixTable.builder();
        for (int position = 0; position < prefixes.length; position++) {
            builder.put(Prefix.parse(prefixes[position]), position);
        }
        return builder.build();
    }

    private static int find(PrefixTable table, String address) {
        Address parsed = Address.parse(address);
        return table.find(parsed.high(), parsed.low());
    }
}
