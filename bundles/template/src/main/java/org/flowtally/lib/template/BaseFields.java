// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;

/**
 * The fields without which a row is no flow but {@link Verdict#INCOMPLETE}. Addresses and octets are asked of the template,
 * since v8 and other aggregations leave addresses out on purpose; everything else is asked of each row, whatever its version.
 */
public final class BaseFields {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int ICMP_FOR_IPV6 = 58;
    private static final long TIMES = FlowField.ABSOLUTE_TIMES | FlowField.UPTIME_TIMES;
    private static final Map<String, Long> WORDS = words();

    /** What a row needs where nobody says otherwise: both addresses and an octet counter. */
    public static final BaseFields USUAL = new BaseFields(List.of("source-address", "destination-address", "octets"));

    private final List<String> names;
    private final long addresses;
    private final long others;
    private final boolean needTimes;
    private final boolean needPorts;
    private final boolean needIcmp;

    private BaseFields(Collection<String> names) {
        this.names = List.copyOf(names);
        long bits = 0;
        for (String name : names) {
            bits |= WORDS.getOrDefault(name, 0L);
        }
        addresses = bits & FlowField.ADDRESSES;
        needTimes = (bits & TIMES) != 0;
        needPorts = (bits & FlowField.PORTS) != 0;
        needIcmp = (bits & FlowField.ICMP) != 0;
        others = bits & ~(FlowField.ADDRESSES | FlowField.OCTETS | TIMES | FlowField.PORTS | FlowField.ICMP);
    }

    private static Map<String, Long> words() {
        Map<String, Long> words = new LinkedHashMap<>();
        words.put("source-address", FlowField.SOURCE_ADDRESS);
        words.put("destination-address", FlowField.DESTINATION_ADDRESS);
        words.put("octets", FlowField.OCTETS);
        words.put("packets", FlowField.PACKETS);
        words.put("times", TIMES);
        words.put("interfaces", FlowField.INTERFACES);
        words.put("protocol", FlowField.PROTOCOL);
        words.put("ports", FlowField.PORTS);
        words.put("icmp", FlowField.ICMP);
        words.put("tos", FlowField.TOS);
        words.put("tcp-flags", FlowField.TCP_FLAGS);
        words.put("direction", FlowField.DIRECTION);
        words.put("autonomous-systems", FlowField.AUTONOMOUS_SYSTEMS);
        words.put("prefix-lengths", FlowField.PREFIX_LENGTHS);
        words.put("next-hop", FlowField.NEXT_HOP);
        words.put("mac-addresses", FlowField.MAC_ADDRESSES);
        words.put("vlans", FlowField.VLANS);
        words.put("vrfs", FlowField.VRFS);
        return words;
    }

    /** Returns every word that {@link #of} takes. */
    public static Collection<String> allowed() {
        return WORDS.keySet();
    }

    /**
     * Returns the fields of these names.
     *
     * @throws IllegalArgumentException if a name is none of {@link #allowed}, or if {@code octets} or both addresses are
     *     missing: without them there is nothing to bill and nobody to bill it to
     */
    public static BaseFields of(Collection<String> names) {
        for (String name : names) {
            if (!WORDS.containsKey(name)) {
                throw new IllegalArgumentException("no such field: " + name);
            }
        }
        BaseFields made = new BaseFields(names);
        if (made.addresses == 0 || !names.contains("octets")) {
            throw new IllegalArgumentException("octets and at least one address are always needed");
        }
        return made;
    }

    /** Returns whether a template with these fields has the addresses and the octet counter. */
    boolean hasBase(long fields) {
        return (fields & FlowField.OCTETS) != 0 && hasAddresses(fields);
    }

    /** Returns whether these fields include the addresses. */
    boolean hasAddresses(long fields) {
        return (fields & addresses) == addresses;
    }

    /** Returns whether rows must be looked at beyond what their template says. */
    boolean areBeyondTemplates() {
        return others != 0 || needTimes || needPorts || needIcmp;
    }

    /** Judges rows that lack a field; returns how many. What was judged already stays as it is. */
    int judge(FlowBatch flows, int fromRow, int endRow) {
        int missing = 0;
        for (int row = fromRow; row < endRow; row++) {
            if (!isWhole(flows, row) && flows.verdict(row) == Verdict.COUNTED) {
                flows.judge(row, Verdict.INCOMPLETE);
                missing++;
            }
        }
        return missing;
    }

    private boolean isWhole(FlowBatch flows, int row) {
        return flows.has(row, others)
                && (!needTimes || flows.hasAny(row, TIMES))
                && (!needPorts || !isProtocol(flows, row, TCP, UDP) || flows.has(row, FlowField.PORTS))
                && (!needIcmp || !isProtocol(flows, row, ICMP, ICMP_FOR_IPV6) || flows.has(row, FlowField.ICMP));
    }

    private static boolean isProtocol(FlowBatch flows, int row, int one, int other) {
        return flows.has(row, FlowField.PROTOCOL) && (flows.protocol(row) == one || flows.protocol(row) == other);
    }

    /** Returns the names of what a template with these fields lacks. */
    List<String> missing(long fields) {
        List<String> missing = new ArrayList<>();
        boolean isAggregated = (fields & (FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX)) != 0;
        for (String name : names) {
            long bits = WORDS.getOrDefault(name, 0L);
            boolean isLeftOut = isAggregated && (bits & FlowField.ADDRESSES) != 0;
            boolean isMadeOfPorts = bits == FlowField.ICMP && (fields & FlowField.PORTS) != 0;
            if ((fields & bits) == 0 && !isLeftOut && !isMadeOfPorts) {
                missing.add(name);
            }
        }
        return missing;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BaseFields fields && fields.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return String.join(",", names);
    }
}
