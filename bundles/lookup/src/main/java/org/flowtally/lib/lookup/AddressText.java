// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.lookup;

/** The reader of one address text; errors quote the whole text that the address is a part of. */
final class AddressText {
    private static final String ALLOWED = "an IPv4 address such as 192.0.2.1 or an IPv6 address such as 2001:db8::1";
    private static final int GROUPS = 8;

    private final String address;
    private final String whole;
    private final int[] groups = new int[GROUPS];
    private int count;
    private int gap = -1;

    AddressText(String address, String whole) {
        this.address = address;
        this.whole = whole;
    }

    Address read() {
        if (address.isEmpty()) {
            throw malformed(ALLOWED + ", but the address is missing");
        }
        if (address.indexOf('%') >= 0) {
            throw malformed("a zone (after %) names an interface of one host and is not allowed");
        }
        if (address.indexOf(':') < 0) {
            return Address.ofIpv4(readDotted(0));
        }
        readGroups();
        return new Address(half(0), half(4));
    }

    private void readGroups() {
        int position = 0;
        if (address.startsWith("::")) {
            gap = 0;
            position = 2;
        } else if (address.startsWith(":")) {
            throw malformed("an IPv6 address does not start with a single colon");
        }
        while (position < address.length()) {
            position = readGroup(position);
        }
        if (gap < 0 && count < GROUPS) {
            throw malformed("an IPv6 address has 8 groups, this one has " + count + " and no ::");
        }
        if (gap >= 0 && count == GROUPS) {
            throw malformed("the :: stands for at least one group, this address has 8 without it");
        }
        spread();
    }

    private int readGroup(int from) {
        int end = address.indexOf(':', from);
        int to = end < 0 ? address.length() : end;
        if (end < 0 && address.indexOf('.', from) >= 0) {
            readDottedTail(from);
            return to;
        }
        addGroup(readHex(from, to));
        if (end < 0) {
            return to;
        }
        int next = end + 1;
        if (next == address.length()) {
            throw malformed("an IPv6 address does not end with a single colon");
        }
        if (address.charAt(next) == ':') {
            if (gap >= 0) {
                throw malformed("an IPv6 address has one :: at most");
            }
            gap = count;
            next++;
        }
        return next;
    }

    private void readDottedTail(int from) {
        int dotted = readDotted(from);
        addGroup(dotted >>> 16);
        addGroup(dotted & 0xffff);
    }

    private void addGroup(int group) {
        if (count == GROUPS) {
            throw malformed("an IPv6 address has 8 groups, this one has more");
        }
        groups[count++] = group;
    }

    /** Moves the groups behind the gap to the end. */
    private void spread() {
        if (gap < 0) {
            return;
        }
        int behind = count - gap;
        System.arraycopy(groups.clone(), gap, groups, GROUPS - behind, behind);
        for (int group = gap; group < GROUPS - behind; group++) {
            groups[group] = 0;
        }
    }

    private long half(int from) {
        long half = 0;
        for (int group = from; group < from + 4; group++) {
            half = half << 16 | groups[group];
        }
        return half;
    }

    private int readHex(int from, int to) {
        if (to == from || to - from > 4) {
            throw malformed("a group of an IPv6 address has 1 to 4 hexadecimal digits, this one has " + (to - from));
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char symbol = address.charAt(i);
            int digit = symbol < 128 ? Character.digit(symbol, 16) : -1;
            if (digit < 0) {
                throw malformed(ALLOWED + ", found '" + symbol + "', which is no hexadecimal digit");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private int readDotted(int from) {
        int value = 0;
        int position = from;
        for (int part = 0; part < 4; part++) {
            int dot = address.indexOf('.', position);
            boolean last = part == 3;
            if (last != dot < 0) {
                throw malformed(
                        countDots(from) == 0
                                ? ALLOWED
                                : "an IPv4 address has 4 parts, this one has " + (countDots(from) + 1));
            }
            int to = last ? address.length() : dot;
            value = value << 8 | readDecimal(position, to);
            position = to + 1;
        }
        return value;
    }

    private int countDots(int from) {
        return (int)
                address.substring(from).chars().filter(symbol -> symbol == '.').count();
    }

    private int readDecimal(int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = address.charAt(i);
            if (digit < '0' || digit > '9') {
                throw malformed(ALLOWED + ", found '" + digit + "', which is no digit");
            }
            value = Math.min(value * 10 + digit - '0', 1000);
        }
        if (to == from || value > 255) {
            throw malformed("the parts of an IPv4 address are 0..255, found \"" + address.substring(from, to) + "\"");
        }
        if (to - from > 1 && address.charAt(from) == '0') {
            // Some programs read 010 as eight, others as ten: nobody shall have to guess.
            throw malformed("the parts of an IPv4 address have no leading zeros, found \"" + address.substring(from, to)
                    + "\"");
        }
        return value;
    }

    private MalformedPrefix malformed(String reason) {
        return new MalformedPrefix(whole, reason);
    }
}
