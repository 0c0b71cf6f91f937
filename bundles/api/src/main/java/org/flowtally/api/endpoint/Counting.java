// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

import java.util.List;

/**
 * What of an exporter counts, and by which addresses: of an endpoint, and of single exporters where they differ.
 *
 * @param rule which rows count
 * @param interfaces the subscriber-side interfaces of the rules that ask for them; with {@link CountingRule#INGRESS} and
 *     {@link CountingRule#EGRESS} those that a row must cross, none meaning any
 * @param meteringVersion the only export version that counts, or {@link #ANY}
 * @param meteringMethod of NetFlow v8 the only aggregation method that counts, or {@link #ANY}
 * @param matchAddress by which addresses flows belong to subscribers
 */
public record Counting(
        CountingRule rule,
        List<InterfaceRange> interfaces,
        int meteringVersion,
        int meteringMethod,
        MatchAddress matchAddress) {
    /** Stands for any version or method. */
    public static final int ANY = 0;
    /** Everything counts, by its original addresses. */
    public static final Counting ALL = new Counting(CountingRule.ALL, List.of(), ANY, ANY, MatchAddress.ORIGINAL);

    /** Copies the list, so that the record is immutable. */
    public Counting {
        interfaces = List.copyOf(interfaces);
    }
}
