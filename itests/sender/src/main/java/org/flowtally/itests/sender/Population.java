// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

/**
 * Subscribers of an invented operator: one IPv4 address each from 100.64.0.0 on, an account and a service each.
 *
 * @param size how many there are, at most 4 million
 */
public record Population(int size) {
    /** The operator's home networks. */
    public static final String HOME_NETWORK = "100.64.0.0/10";

    private static final int FIRST_ADDRESS = Ipv4.parse("100.64.0.0");

    /** Returns the address of a subscriber. */
    public int address(int subscriber) {
        return FIRST_ADDRESS + subscriber;
    }

    /** Returns the prefix of a subscriber in CIDR form. */
    public String prefix(int subscriber) {
        return Ipv4.format(address(subscriber)) + "/32";
    }

    /** Returns the account of a subscriber. */
    public String accountId(int subscriber) {
        return "account-%07d".formatted(subscriber);
    }

    /** Returns the service of a subscriber. */
    public String serviceId(int subscriber) {
        return "line-%07d".formatted(subscriber);
    }
}
