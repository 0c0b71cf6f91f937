// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8, 104",
        "0.0.0.0/0, 0.0.0.0/0, 96",
        "192.0.2.1, 192.0.2.1/32, 128",
        "192.0.2.1/32, 192.0.2.1/32, 128",
        "2001:DB8::/32, 2001:db8::/32, 32",
        "2001:db8::1, 2001:db8::1/128, 128",
        "::/0, ::/0, 0",
        "::ffff:10.0.0.0/104, 10.0.0.0/8, 104",
        "::ffff:0:0/96, 0.0.0.0/0, 96",
        "' 10.0.0.0/8 ', 10.0.0.0/8, 104"
    })
    void readsCidrText(String given, String canonical, int length) {
        Prefix prefix = Prefix.parse(given);

        assertThat(prefix).hasToString(canonical);
        assertThat(prefix.length()).isEqualTo(length);
        assertThat(Prefix.parse(canonical)).isEqualTo(prefix);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8 | host bits are set, probably 10.0.0.0/8 is meant, or 10.0.0.1 for this address alone",
                "2001:db8::1/64 | probably 2001:db8::/64 is meant",
                "::ffff:10.0.0.0/8 | probably 10.0.0.0/8 is meant",
                "10.0.0.0/33 | the length behind / is 0..32 for this address, found \"33\"",
                "2001:db8::/129 | the length behind / is 0..128 for this address, found \"129\"",
                "10.0.0.0/ | the length behind / is 0..32 for this address, found \"\"",
                "10.0.0.0/+8 | found \"+8\"",
                "10.0.0.0/08 | found \"08\"",
                "10.0.0.0/255.0.0.0 | the length behind / is 0..32 for this address, found \"255.0.0.0\"",
                "10.0.0.0/8/8 | found \"8/8\"",
                "10.0/16 | an IPv4 address has 4 parts, this one has 2",
                "/8 | the address is missing",
                "10.0.0.300/24 | the parts of an IPv4 address are 0..255, found \"300\""
            })
    void saysWhatIsWrongAndWhatIsAllowed(String text, String message) {
        assertThatThrownBy(() -> Prefix.parse(text))
                .isInstanceOf(MalformedPrefix.class)
                .hasMessageContaining("text=\"" + text + "\"")
                .hasMessageContaining(message);
    }

    @Test
    void keepsTheFamiliesApart() {
        Prefix everyIpv6 = Prefix.parse("::/0");
        Prefix everyIpv4 = Prefix.parse("0.0.0.0/0");
        Address ipv4 = Address.parse("192.0.2.1");
        Address ipv6 = Address.parse("2001:db8::1");

        assertThat(everyIpv6.contains(ipv6.high(), ipv6.low())).isTrue();
        assertThat(everyIpv6.contains(ipv4.high(), ipv4.low())).isFalse();
        assertThat(everyIpv4.contains(ipv4.high(), ipv4.low())).isTrue();
        assertThat(everyIpv4.contains(ipv6.high(), ipv6.low())).isFalse();
        assertThat(everyIpv6.contains(everyIpv4)).isFalse();
        assertThat(everyIpv6.contains(Prefix.parse("2001:db8::/32"))).isTrue();
    }

    @Property
    void containsTheAddressItCoversAndComesBeforeWhatIsInside(
            @ForAll long high,
            @ForAll long low,
            @ForAll @IntRange(max = 128) int outer,
            @ForAll @IntRange(max = 128) int inner) {
        Prefix wide = Prefix.covering(high, low, Math.min(outer, inner));
        Prefix narrow = Prefix.covering(high, low, Math.max(outer, inner));

        assertThat(narrow.contains(high, low)).isTrue();
        assertThat(wide.contains(narrow)).isTrue();
        assertThat(wide.compareTo(narrow)).isEqualTo(outer == inner ? 0 : -1);
        assertThat(Prefix.parse(narrow.toString())).isEqualTo(narrow);
    }

    @Test
    void ordersFamiliesOneAfterTheOther() {
        List<String> ordered =
                List.of("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "200.0.0.0/8", "::/0", "::/96", "fe80::/10");

        assertThat(ordered.stream().map(Prefix::parse).sorted().map(Prefix::toString))
                .containsExactlyElementsOf(ordered);
    }

    @Test
    void refusesBitsBehindTheLengthInCodeToo() {
        assertThatThrownBy(() -> new Prefix(1, 0, 63)).hasMessageContaining("bits behind the prefix length are set");
        assertThatThrownBy(() -> new Prefix(0, 0, 129)).hasMessageContaining("allowed=0..128");
        assertThatThrownBy(() -> new Prefix(0, 0, -1)).hasMessageContaining("allowed=0..128");
    }
}
