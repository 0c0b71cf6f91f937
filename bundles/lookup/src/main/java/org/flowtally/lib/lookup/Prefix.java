// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

/**
 * A prefix in the space of 128 bits in which IPv4 lives at {@code ::ffff:0:0/96}: 10.0.0.0/8 has length 104.
 *
 * <p>The two families are kept apart as operators write them: {@code ::/0} is every IPv6 address and no IPv4 address,
 * {@code 0.0.0.0/0} the other way round. Bits behind the length are zero. The order puts all
 * IPv4 prefixes first, and a prefix directly before everything that lies inside it.
 */
public record Prefix(long high, long low, int length) implements Comparable<Prefix> {
    /** The number of leading bits that mark an IPv4 address. */
    public static final int IPV4_BITS_BEFORE = 96;

    private static final int ADDRESS_BITS = 128;

    /** Checks the length and that no bit behind it is set. */
    public Prefix {
        if (length < 0 || length > ADDRESS_BITS) {
            throw new IllegalArgumentException("prefix length out of range: length=" + length + ", allowed=0..128");
        }
        if (high != (high & highMask(length)) || low != (low & lowMask(length))) {
            throw new IllegalArgumentException(
                    "bits behind the prefix length are set: address=" + Address.text(high, low) + ", length=" + length);
        }
    }

    /**
     * Reads {@code address/length} strictly; an address alone is a prefix of that one address.
     *
     * @throws MalformedPrefix if the text is anything else; where host bits are set the message names the prefix that
     *     was probably meant
     */
    public static Prefix parse(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        Address address = new AddressText(slash < 0 ? trimmed : trimmed.substring(0, slash), text).read();
        boolean dotted = trimmed.indexOf(':') < 0;
        int before = dotted ? IPV4_BITS_BEFORE : 0;
        int length =
                slash < 0 ? ADDRESS_BITS : before + readLength(trimmed, slash + 1, dotted ? 32 : ADDRESS_BITS, text);
        Prefix meant = covering(address.high(), address.low(), length);
        if (meant.high != address.high() || meant.low != address.low()) {
            throw new MalformedPrefix(
                    text,
                    "host bits are set, probably %s is meant, or %s for this address alone"
                            .formatted(probablyMeant(address, length), address));
        }
        return meant;
    }

    private static Prefix probablyMeant(Address address, int length) {
        // Whoever writes ::ffff:10.0.0.0/8 counts from the first bit of the IPv4 address.
        boolean countedFromIpv4 = address.isIpv4() && length <= ADDRESS_BITS - IPV4_BITS_BEFORE;
        return covering(address.high(), address.low(), countedFromIpv4 ? length + IPV4_BITS_BEFORE : length);
    }

    private static int readLength(String trimmed, int from, int longest, String text) {
        int digits = trimmed.length() - from;
        int length = digits == 0 || digits > 3 ? -1 : 0;
        for (int i = from; i < trimmed.length() && length >= 0; i++) {
            char digit = trimmed.charAt(i);
            boolean valid = digit >= '0' && digit <= '9' && !(i == from && digit == '0' && digits > 1);
            length = valid ? length * 10 + digit - '0' : -1;
        }
        if (length < 0 || length > longest) {
            throw new MalformedPrefix(
                    text,
                    "the length behind / is 0..%d for this address, found \"%s\""
                            .formatted(longest, trimmed.substring(from)));
        }
        return length;
    }

    /** Returns the prefix of the given length that an address lies in. */
    public static Prefix covering(long high, long low, int length) {
        return new Prefix(high & highMask(length), low & lowMask(length), length);
    }

    /** Returns the mask of the high half for a length of 0..128. */
    static long highMask(int length) {
        return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    }

    /** Returns the mask of the low half for a length of 0..128. */
    static long lowMask(int length) {
        return length <= 64 ? 0 : -1L << (ADDRESS_BITS - length);
    }

    /** Tells whether this is an IPv4 prefix. */
    public boolean isIpv4() {
        return Address.isIpv4(high, low); // Shorter than 96 bits the mark would be host bits.
    }

    /** Returns the length as it is written behind the slash, 8 for 10.0.0.0/8. */
    public int writtenLength() {
        return isIpv4() ? length - IPV4_BITS_BEFORE : length;
    }

    /** Tells whether the address lies inside, within the same family. */
    public boolean contains(long addressHigh, long addressLow) {
        return (addressHigh & highMask(length)) == high
                && (addressLow & lowMask(length)) == low
                && isIpv4() == Address.isIpv4(addressHigh, addressLow);
    }

    /** Tells whether the other prefix is this one or lies inside, within the same family. */
    public boolean contains(Prefix other) {
        return other.length >= length
                && (other.high & highMask(length)) == high
                && (other.low & lowMask(length)) == low
                && isIpv4() == other.isIpv4();
    }

    @Override
    public int compareTo(Prefix other) {
        if (isIpv4() != other.isIpv4()) {
            return isIpv4() ? -1 : 1;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        int byLow = byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
        return byLow != 0 ? byLow : Integer.compare(length, other.length);
    }

    /** Returns the prefix in CIDR form with the address as of RFC 5952. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(43);
        Address.appendTo(text, high, low);
        return text.append('/').append(writtenLength()).toString();
    }
}
