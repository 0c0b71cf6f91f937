// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

/** IPv4 addresses as the 32 bits on the wire. */
public final class Ipv4 {
    private Ipv4() {}

    /** Returns the bits of an address in dotted form. */
    public static int parse(String dotted) {
        String[] parts = dotted.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an IPv4 address: text=" + dotted);
        }
        int bits = 0;
        for (String part : parts) {
            int octet = Integer.parseInt(part);
            if (octet < 0 || octet > 255) {
                throw new IllegalArgumentException("not an IPv4 address: text=" + dotted);
            }
            bits = (bits << 8) | octet;
        }
        return bits;
    }

    /** Returns an address in dotted form. */
    public static String format(int bits) {
        return (bits >>> 24) + "." + ((bits >>> 16) & 0xFF) + "." + ((bits >>> 8) & 0xFF) + "." + (bits & 0xFF);
    }
}
