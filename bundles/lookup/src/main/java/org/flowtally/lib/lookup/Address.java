// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

/**
 * An IP address as two longs in network order, an IPv4 address as {@code ::ffff:a.b.c.d}.
 *
 * <p>The record is for places that keep or show addresses; the data path passes the two longs. No text is ever given to
 * a name service.
 */
public record Address(long high, long low) implements Comparable<Address> {
    static final long IPV4_MARK = 0xffffL;
    private static final int GROUPS = 8;
    private static final int MAX_IPV4_TEXT = 15;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Returns the address of an IPv4 address in network order, {@code 0x0a000001} for 10.0.0.1. */
    public static Address ofIpv4(int address) {
        return new Address(0, lowOfIpv4(address));
    }

    /** Returns the low half of an IPv4 address; the high half is zero. */
    public static long lowOfIpv4(int address) {
        return IPV4_MARK << 32 | (address & 0xffffffffL);
    }

    /** Tells whether the two halves are an IPv4 address. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == IPV4_MARK;
    }

    /**
     * Reads an address as people write it: {@code 192.0.2.1}, {@code 2001:db8::1}, {@code ::ffff:192.0.2.1}.
     *
     * @throws MalformedPrefix if the text is anything else, a host name and a zone included
     */
    public static Address parse(String text) {
        return new AddressText(text, text).read();
    }

    /** Returns the address of 4 or 16 octets in network order. */
    public static Address ofOctets(byte[] octets) {
        if (octets.length == 4) {
            return ofIpv4((int) half(octets, 0, 4));
        }
        if (octets.length == 16) {
            return new Address(half(octets, 0, 8), half(octets, 8, 8));
        }
        throw new IllegalArgumentException("an address has 4 or 16 octets: octets=" + octets.length);
    }

    private static long half(byte[] octets, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | (octets[i] & 0xff);
        }
        return value;
    }

    /** Tells whether this is an IPv4 address. */
    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    /** Returns the text of RFC 5952, dotted for an IPv4 address. */
    public static String text(long high, long low) {
        StringBuilder text = new StringBuilder(isIpv4(high, low) ? MAX_IPV4_TEXT : 39);
        appendTo(text, high, low);
        return text.toString();
    }

    /** Appends the text of RFC 5952, dotted for an IPv4 address. */
    public static void appendTo(StringBuilder text, long high, long low) {
        if (isIpv4(high, low)) {
            appendDotted(text, (int) low);
        } else {
            appendGroups(text, high, low);
        }
    }

    private static void appendDotted(StringBuilder text, int address) {
        text.append(address >>> 24).append('.');
        text.append(address >>> 16 & 0xff).append('.');
        text.append(address >>> 8 & 0xff).append('.');
        text.append(address & 0xff);
    }

    private static void appendGroups(StringBuilder text, long high, long low) {
        int gapStart = -1;
        int gapLength = 1; // RFC 5952 §4.2.2: a single group of zeros is not shortened.
        for (int group = 0; group < GROUPS; group++) {
            int zeros = 0;
            while (group + zeros < GROUPS && group(high, low, group + zeros) == 0) {
                zeros++;
            }
            if (zeros > gapLength) { // RFC 5952 §4.2.3: the longest run, the first of equals.
                gapStart = group;
                gapLength = zeros;
            }
            group += zeros;
        }
        boolean separated = true;
        for (int group = 0; group < GROUPS; group++) {
            if (group == gapStart) {
                text.append("::");
                group += gapLength - 1;
                separated = true;
            } else {
                appendHex(separated ? text : text.append(':'), group(high, low, group));
                separated = false;
            }
        }
    }

    private static void appendHex(StringBuilder text, int group) {
        for (int shift = 12; shift >= 0; shift -= 4) {
            if (shift == 0 || group >>> shift != 0) {
                text.append(HEX[group >>> shift & 0xf]);
            }
        }
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    @Override
    public int compareTo(Address other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return text(high, low);
    }
}
