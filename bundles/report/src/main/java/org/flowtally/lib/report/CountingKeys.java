// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.InterfaceRange;
import org.flowtally.api.endpoint.MatchAddress;

/**
 * The keys {@code counting.rule}, {@code counting.interfaces}, {@code metering.version} and {@code match.address}, which
 * endpoints and single exporters have in common.
 */
public final class CountingKeys {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,10})(?:-(\\d{1,10}))?");
    private static final Pattern VERSION = Pattern.compile("1|5|7|9|10|8(?:\\.(\\d{1,2}))?");
    private static final long LAST_INDEX = 0xFFFF_FFFFL;
    private static final int LAST_METHOD = 14;

    private CountingKeys() {}

    /**
     * Reads and checks the four keys.
     *
     * @throws org.flowtally.api.config.ConfigurationRejected if one is wrong
     */
    public static Counting read(
            ConfigurationValues values, String rule, String[] interfaces, String meteringVersion, String matchAddress) {
        CountingRule read = rule(values, rule);
        List<InterfaceRange> ranges = interfaces(values, interfaces);
        boolean needsInterfaces = read == CountingRule.INTERFACES || read == CountingRule.INTERFACES_IN_OUT;
        if (needsInterfaces && ranges.isEmpty()) {
            throw values.refused("counting.interfaces", "at least one index while counting.rule=" + rule.strip());
        }
        String version = meteringVersion.strip().toLowerCase(Locale.ROOT);
        return new Counting(
                read,
                ranges,
                version(values, version),
                version.startsWith("8.") ? Integer.parseInt(version.substring(2)) : Counting.ANY,
                matchAddress(values, matchAddress));
    }

    private static CountingRule rule(ConfigurationValues values, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "all" -> CountingRule.ALL;
            case "none" -> CountingRule.NONE;
            case "ingress" -> CountingRule.INGRESS;
            case "egress" -> CountingRule.EGRESS;
            case "interfaces" -> CountingRule.INTERFACES;
            case "interfaces-in-out" -> CountingRule.INTERFACES_IN_OUT;
            default ->
                throw values.refused("counting.rule", "all, none, ingress, egress, interfaces or interfaces-in-out");
        };
    }

    private static List<InterfaceRange> interfaces(ConfigurationValues values, String[] texts) {
        List<InterfaceRange> ranges = new ArrayList<>();
        List<String> words = Arrays.stream(texts)
                .flatMap(SEPARATOR::splitAsStream)
                .filter(word -> !word.isEmpty())
                .toList();
        for (String word : words) {
            Matcher range = RANGE.matcher(word);
            long first = range.matches() ? Long.parseLong(range.group(1)) : Long.MAX_VALUE;
            long last = range.matches() && range.group(2) != null ? Long.parseLong(range.group(2)) : first;
            if (first > last || last > LAST_INDEX) {
                throw values.refused("counting.interfaces", "SNMP indexes 0..4294967295, or ranges such as 100-199");
            }
            ranges.add(new InterfaceRange(first, last));
        }
        return ranges;
    }

    private static int version(ConfigurationValues values, String text) {
        if (text.equals("any")) {
            return Counting.ANY;
        }
        Matcher version = VERSION.matcher(text);
        if (!version.matches() || (version.group(1) != null && !isMethod(version.group(1)))) {
            throw values.refused("metering.version", "any, 1, 5, 7, 8, 9, 10, or a method of version 8, 8.1 to 8.14");
        }
        return Integer.parseInt(text.replaceFirst("\\..*", ""));
    }

    private static boolean isMethod(String number) {
        int method = Integer.parseInt(number);
        return method >= 1 && method <= LAST_METHOD;
    }

    private static MatchAddress matchAddress(ConfigurationValues values, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "original" -> MatchAddress.ORIGINAL;
            case "post-nat" -> MatchAddress.POST_NAT;
            case "either" -> MatchAddress.EITHER;
            default -> throw values.refused("match.address", "original, post-nat or either");
        };
    }
}
