// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void keepsIpv4InTheMappedSpace() {
        Address address = Address.parse("10.1.2.3");

        assertThat(address).isEqualTo(new Address(0, 0xffff_0a01_0203L)).isEqualTo(Address.ofIpv4(0x0a010203));
        assertThat(address.isIpv4()).isTrue();
        assertThat(Address.parse("::ffff:10.1.2.3")).isEqualTo(address);
        assertThat(Address.parse("::FFFF:a01:203")).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:8:800:200C:417A, 2001:db8::8:800:200c:417a",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fe80::0001, fe80::1",
        "::1.2.3.4, ::102:304",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:255.255.255.255, 255.255.255.255"
    })
    void writesTheFormOfRfc5952(String given, String canonical) {
        assertThat(Address.parse(given)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 10.0.0.1",
                "10.0.0",
                "10.0.0.1.2",
                "10.0.0.256",
                "10.0.0.99999999999",
                "010.0.0.1",
                "10..0.1",
                "0x0a.0.0.1",
                "-1.0.0.1",
                "localhost",
                "router.example",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1.2.3.4::",
                "::1.2.3",
                "٣.0.0.1",
                "::٣"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(MalformedPrefix.class)
                .hasMessageContaining("text=\"" + text + "\"");
    }

    @Test
    void saysWhatIsAllowedInsteadOfAName() {
        assertThatThrownBy(() -> Address.parse("router.example"))
                .hasMessageEndingWith("2001:db8::1, found 'r', which is no digit");
        assertThatThrownBy(() -> Address.parse("localhost"))
                .hasMessageContaining(
                        "reason=an IPv4 address such as 192.0.2.1 or an IPv6 address such as 2001:db8::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/24", "localhost", "router.example", "g::", "1.2.3", "1.2.3.400", "10.0.0.0/33"})
    void givesAReasonThatReadsOnAfterAllowed(String text) {
        assertThatThrownBy(() -> Prefix.parse(text))
                .asInstanceOf(InstanceOfAssertFactories.type(MalformedPrefix.class))
                .extracting(MalformedPrefix::reason, InstanceOfAssertFactories.STRING)
                .matches("(an IPv4 address|the (parts|length)) .*")
                .doesNotContain("allowed");
    }

    @Property
    void readsBackWhatItWrites(@ForAll long high, @ForAll long low) {
        Address address = new Address(high, low);

        assertThat(Address.parse(address.toString())).isEqualTo(address);
    }

    @Property(tries = 2000)
    void agreesWithThePlatformOnManyZeros(@ForAll byte shape, @ForAll short group) throws UnknownHostException {
        byte[] octets = new byte[16];
        for (int i = 0; i < 8; i++) {
            boolean set = (shape >>> i & 1) != 0;
            octets[2 * i] = set ? (byte) (group >>> 8) : 0;
            octets[2 * i + 1] = set ? (byte) group : 0;
        }

        Address address = Address.ofOctets(octets);

        InetAddress platform = InetAddress.getByName(address.isIpv4() ? "::ffff:" + address : address.toString());
        assertThat(Address.ofOctets(platform.getAddress())).isEqualTo(address);
    }

    @Test
    void ordersAsUnsignedNumbers() {
        assertThat(Address.parse("10.0.0.1")).isLessThan(Address.parse("200.0.0.1"));
        assertThat(Address.parse("2001:db8::")).isLessThan(Address.parse("fe80::"));
        assertThat(Address.parse("200.0.0.1")).isLessThan(Address.parse("2001:db8::"));
    }

    @Test
    void takesFourOrSixteenOctetsOnly() {
        assertThat(Address.ofOctets(new byte[] {10, 0, 0, (byte) 255})).hasToString("10.0.0.255");
        assertThatThrownBy(() -> Address.ofOctets(new byte[5])).hasMessageContaining("octets=5");
    }
}
