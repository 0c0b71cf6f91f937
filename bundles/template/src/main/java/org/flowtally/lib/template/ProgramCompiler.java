// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;

/**
 * Makes the program of a template for one direction. Of several fields that say the same, the order of the calls here says
 * which is taken: it is the documented precedence.
 */
final class ProgramCompiler {
    /** What counts octets of this direction, in order, beside post counters. */
    private static final int[] OCTETS = {
        Element.OCTET_DELTA, Element.OCTET_TOTAL, Element.INITIATOR_OCTETS, Element.LAYER2_OCTET_DELTA
    };
    /** What counts packets of this direction, in order, beside post counters. */
    private static final int[] PACKETS = {Element.PACKET_DELTA, Element.PACKET_TOTAL, Element.INITIATOR_PACKETS};

    private static final int DELTA = 0;
    private static final int TOTAL = 1;
    private static final int NO_ELEMENT = -1;
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;

    private final Template template;
    private final boolean isReverse;
    private final int[] offsets;
    private final List<Operation> operations = new ArrayList<>();
    private long fields;

    private ProgramCompiler(Template template, boolean isReverse) {
        this.template = template;
        this.isReverse = isReverse;
        offsets = new int[template.fields()];
        int offset = 0;
        for (int field = 0; field < offsets.length; field++) {
            offsets[field] = offset;
            offset += template.length(field); // Without meaning, and not used, behind a field of variable length.
        }
    }

    /** Compiles the direction in which addresses are as they stand. */
    static Program forward(Template template) {
        return new ProgramCompiler(template, false).compile();
    }

    /** Compiles the opposite direction: source is destination, and counters are those of reverse or responder. */
    static Program reverse(Template template) {
        return new ProgramCompiler(template, true).compile();
    }

    private Program compile() {
        addresses();
        counters();
        transport();
        network();
        translation();
        times();
        boolean hasIcmp = icmp();
        long portsAndProtocol = FlowField.PORTS | FlowField.PROTOCOL;
        Verdict verdict = verdict();
        return new Program(
                operations.toArray(new Operation[0]),
                fields,
                verdict,
                verdict == Verdict.COUNTED && (fields & (FlowField.NAT_EVENT | FlowField.FIREWALL_EVENT)) != 0,
                !hasIcmp && (fields & portsAndProtocol) == portsAndProtocol);
    }

    /** Says what a row can be at most, seeing which fields it has. */
    private Verdict verdict() {
        boolean hasCounters = (fields & (FlowField.OCTETS | FlowField.PACKETS)) != 0;
        long translation = FlowField.NAT_EVENT
                | FlowField.FIREWALL_EVENT
                | FlowField.NAT_ADDRESSES
                | FlowField.NAT_PORTS
                | FlowField.PORT_BLOCK;
        if (!hasCounters && (fields & translation) != 0) {
            return Verdict.EVENT;
        }
        if ((fields & FlowField.OCTETS) == 0) {
            return Verdict.INCOMPLETE;
        }
        boolean hasPrefix = (fields & (FlowField.SOURCE_IS_PREFIX | FlowField.DESTINATION_IS_PREFIX)) != 0;
        if (hasPrefix || template.reading().baseFields().hasAddresses(fields)) {
            return Verdict.COUNTED; // Whether one subscriber holds a whole prefix is the subscriber stage's to say.
        }
        return isAggregated() ? Verdict.AGGREGATED : Verdict.INCOMPLETE;
    }

    private boolean isAggregated() {
        return has(Element.SOURCE_IPV4_PREFIX)
                || has(Element.DESTINATION_IPV4_PREFIX)
                || has(Element.SOURCE_IPV6_PREFIX)
                || has(Element.DESTINATION_IPV6_PREFIX);
    }

    private void addresses() {
        boolean hasSource = address(
                Column.SOURCE_IPV4,
                side(Element.SOURCE_IPV4, Element.DESTINATION_IPV4),
                Column.SOURCE_IPV6,
                side(Element.SOURCE_IPV6, Element.DESTINATION_IPV6));
        boolean hasDestination = address(
                Column.DESTINATION_IPV4,
                side(Element.DESTINATION_IPV4, Element.SOURCE_IPV4),
                Column.DESTINATION_IPV6,
                side(Element.DESTINATION_IPV6, Element.SOURCE_IPV6));
        fields |= hasSource ? FlowField.SOURCE_ADDRESS : 0;
        fields |= hasDestination ? FlowField.DESTINATION_ADDRESS : 0;
        if (!hasSource
                && prefix(
                        Column.SOURCE_IPV4,
                        side(Element.SOURCE_IPV4_PREFIX, Element.DESTINATION_IPV4_PREFIX),
                        side(Element.SOURCE_IPV4_LENGTH, Element.DESTINATION_IPV4_LENGTH),
                        Column.SOURCE_IPV6,
                        side(Element.SOURCE_IPV6_PREFIX, Element.DESTINATION_IPV6_PREFIX),
                        side(Element.SOURCE_IPV6_LENGTH, Element.DESTINATION_IPV6_LENGTH))) {
            fields |= FlowField.SOURCE_ADDRESS | FlowField.SOURCE_IS_PREFIX;
        }
        if (!hasDestination
                && prefix(
                        Column.DESTINATION_IPV4,
                        side(Element.DESTINATION_IPV4_PREFIX, Element.SOURCE_IPV4_PREFIX),
                        side(Element.DESTINATION_IPV4_LENGTH, Element.SOURCE_IPV4_LENGTH),
                        Column.DESTINATION_IPV6,
                        side(Element.DESTINATION_IPV6_PREFIX, Element.SOURCE_IPV6_PREFIX),
                        side(Element.DESTINATION_IPV6_LENGTH, Element.SOURCE_IPV6_LENGTH))) {
            fields |= FlowField.DESTINATION_ADDRESS | FlowField.DESTINATION_IS_PREFIX;
        }
        if ((fields & FlowField.SOURCE_ADDRESS) == 0) {
            zero(Column.SOURCE_IPV6);
        }
        if ((fields & FlowField.DESTINATION_ADDRESS) == 0) {
            zero(Column.DESTINATION_IPV6);
        }
        if (address(Column.NEXT_HOP_IPV4, Element.NEXT_HOP_IPV4, Column.NEXT_HOP_IPV6, Element.NEXT_HOP_IPV6)) {
            fields |= FlowField.NEXT_HOP;
        }
    }

    /** Takes the IPv4 address unless it is 0.0.0.0 and there is an IPv6 address. */
    private boolean address(Column ipv4Column, int ipv4Element, Column ipv6Column, int ipv6Element) {
        int ipv4 = find(ipv4Element, IPV4_OCTETS);
        int ipv6 = find(ipv6Element, IPV6_OCTETS);
        if (ipv4 >= 0) {
            add(ipv4Column, ipv4, false);
        }
        if (ipv6 >= 0) {
            add(ipv6Column, ipv6, ipv4 >= 0);
        }
        return ipv4 >= 0 || ipv6 >= 0;
    }

    /** Takes a prefix for the address, if its length is there too; without it nobody knows whose it is. */
    private boolean prefix(
            Column ipv4Column, int ipv4Element, int ipv4Length, Column ipv6Column, int ipv6Element, int ipv6Length) {
        return (has(ipv4Length) || has(ipv6Length)) && address(ipv4Column, ipv4Element, ipv6Column, ipv6Element);
    }

    private void counters() {
        if (isReverse) {
            one(FlowField.OCTETS, Column.OCTETS, reverseOctets(template));
            one(FlowField.PACKETS, Column.PACKETS, reversePackets(template));
            return;
        }
        if (isInstead(template)) { // Both from the same place: a packet that was dropped has no octets.
            one(FlowField.OCTETS, Column.OCTETS, Element.POST_OCTET_DELTA);
            one(FlowField.PACKETS, Column.PACKETS, Element.POST_PACKET_DELTA);
            return;
        }
        boolean isSpare = template.reading().postCounters() != PostCounters.IGNORE;
        counter(FlowField.OCTETS, Column.OCTETS, isSpare ? Element.POST_OCTET_DELTA : NO_ELEMENT, OCTETS);
        counter(FlowField.PACKETS, Column.PACKETS, isSpare ? Element.POST_PACKET_DELTA : NO_ELEMENT, PACKETS);
    }

    /** Writes a counter from the first of its elements; where that is a delta of 0 and nothing else counts, from the spare. */
    private void counter(long fieldBit, Column column, int spare, int... elementsInOrder) {
        boolean isAlone = !one(fieldBit, column, elementsInOrder);
        if (isAlone) {
            one(fieldBit, column, spare);
        } else if (template.reading().postCounters() == PostCounters.SPARE
                && has(elementsInOrder[DELTA])
                && !has(elementsInOrder[TOTAL])) {
            second(column, elementsInOrder[DELTA], spare);
        }
    }

    /** Returns what counts octets of the opposite direction, in order. */
    static int[] reverseOctets(Template template) {
        return reverse(
                template,
                OCTETS,
                Element.POST_OCTET_DELTA,
                Element.REVERSE | Element.OCTET_DELTA,
                Element.REVERSE | Element.OCTET_TOTAL,
                Element.RESPONDER_OCTETS);
    }

    /** Returns what counts packets of the opposite direction, in order. */
    static int[] reversePackets(Template template) {
        return reverse(
                template,
                PACKETS,
                Element.POST_PACKET_DELTA,
                Element.REVERSE | Element.PACKET_DELTA,
                Element.REVERSE | Element.PACKET_TOTAL,
                Element.RESPONDER_PACKETS);
    }

    /** Adds what post counters say of the opposite direction; as its own counter only where this direction has one. */
    private static int[] reverse(Template template, int[] forward, int post, int... elementsInOrder) {
        PostCounters meaning = template.reading().postCounters();
        boolean isAnswer =
                meaning == PostCounters.REVERSE && Arrays.stream(forward).anyMatch(each -> template.find(each) >= 0);
        int further = isAnswer ? post : meaning == PostCounters.IGNORE ? NO_ELEMENT : Element.REVERSE | post;
        int[] inOrder = Arrays.copyOf(elementsInOrder, elementsInOrder.length + 1);
        inOrder[elementsInOrder.length] = further;
        return isInstead(template) && template.find(further) >= 0 ? new int[] {further} : inOrder;
    }

    /** Returns whether what comes in does not count: neither deltas nor totals. */
    static boolean isInstead(Template template) {
        return template.reading().postCounters() == PostCounters.INSTEAD
                && template.find(Element.POST_OCTET_DELTA) >= 0;
    }

    private void transport() {
        one(FlowField.FLOWS, Column.FLOWS, Element.FLOW_DELTA);
        one(FlowField.PROTOCOL, Column.PROTOCOL, Element.PROTOCOL);
        if (!one(FlowField.TOS, Column.TYPE_OF_SERVICE, own(Element.TYPE_OF_SERVICE))) {
            one(FlowField.TOS, Column.DIFFSERV_CODE_POINT, Element.DIFFSERV_CODE_POINT);
        }
        one(FlowField.TCP_FLAGS, Column.TCP_FLAGS, own(Element.TCP_FLAGS));
        pair(
                FlowField.PORTS,
                Column.SOURCE_PORT,
                side(Element.SOURCE_PORT, Element.DESTINATION_PORT),
                Column.DESTINATION_PORT,
                side(Element.DESTINATION_PORT, Element.SOURCE_PORT));
    }

    private void network() {
        pair(
                FlowField.INTERFACES,
                Column.INPUT_INTERFACE,
                side(Element.INGRESS_INTERFACE, Element.EGRESS_INTERFACE),
                Column.OUTPUT_INTERFACE,
                side(Element.EGRESS_INTERFACE, Element.INGRESS_INTERFACE));
        pair(
                FlowField.AUTONOMOUS_SYSTEMS,
                Column.SOURCE_AS,
                side(Element.SOURCE_AS, Element.DESTINATION_AS),
                Column.DESTINATION_AS,
                side(Element.DESTINATION_AS, Element.SOURCE_AS));
        prefixLengths();
        pair(
                FlowField.MAC_ADDRESSES,
                Column.SOURCE_MAC,
                side(
                        first(Element.SOURCE_MAC, Element.POST_SOURCE_MAC),
                        first(Element.DESTINATION_MAC, Element.POST_DESTINATION_MAC)),
                Column.DESTINATION_MAC,
                side(
                        first(Element.DESTINATION_MAC, Element.POST_DESTINATION_MAC),
                        first(Element.SOURCE_MAC, Element.POST_SOURCE_MAC)));
        int vlan = first(Element.VLAN, Element.DOT1Q_VLAN);
        int postVlan = first(Element.POST_VLAN, Element.POST_DOT1Q_VLAN);
        pair(FlowField.VLANS, Column.VLAN, side(vlan, postVlan), Column.POST_VLAN, side(postVlan, vlan));
        pair(
                FlowField.VRFS,
                Column.INGRESS_VRF,
                side(Element.INGRESS_VRF, Element.EGRESS_VRF),
                Column.EGRESS_VRF,
                side(Element.EGRESS_VRF, Element.INGRESS_VRF));
        one(FlowField.DIRECTION, Column.DIRECTION, own(Element.DIRECTION));
    }

    private void prefixLengths() {
        int source = side(Element.SOURCE_IPV4_LENGTH, Element.DESTINATION_IPV4_LENGTH);
        int sourceIpv6 = side(Element.SOURCE_IPV6_LENGTH, Element.DESTINATION_IPV6_LENGTH);
        int destination = side(Element.DESTINATION_IPV4_LENGTH, Element.SOURCE_IPV4_LENGTH);
        int destinationIpv6 = side(Element.DESTINATION_IPV6_LENGTH, Element.SOURCE_IPV6_LENGTH);
        pair(
                FlowField.PREFIX_LENGTHS,
                Column.SOURCE_LENGTH,
                first(source, sourceIpv6),
                Column.DESTINATION_LENGTH,
                first(destination, destinationIpv6));
        second(Column.SOURCE_LENGTH, source, sourceIpv6);
        second(Column.DESTINATION_LENGTH, destination, destinationIpv6);
    }

    private void translation() {
        pairOfAddresses();
        pair(
                FlowField.NAT_PORTS,
                Column.NAT_SOURCE_PORT,
                side(Element.NAT_SOURCE_PORT, Element.NAT_DESTINATION_PORT),
                Column.NAT_DESTINATION_PORT,
                side(Element.NAT_DESTINATION_PORT, Element.NAT_SOURCE_PORT));
        if (has(Element.PORT_RANGE_START)) {
            pair(
                    FlowField.PORT_BLOCK,
                    Column.PORT_BLOCK_FIRST,
                    Element.PORT_RANGE_START,
                    Column.PORT_BLOCK_LAST,
                    Element.PORT_RANGE_END);
            if (!has(Element.PORT_RANGE_END) && has(Element.PORT_RANGE_SIZE)) {
                add(Column.PORT_BLOCK_SIZE, template.find(Element.PORT_RANGE_SIZE), false);
            }
        }
        one(FlowField.NAT_EVENT, Column.NAT_EVENT, Element.NAT_EVENT);
        one(FlowField.FIREWALL_EVENT, Column.FIREWALL_EVENT, Element.FIREWALL_EVENT);
    }

    private void pairOfAddresses() {
        boolean hasSource = address(
                Column.NAT_SOURCE_IPV4,
                side(Element.NAT_SOURCE_IPV4, Element.NAT_DESTINATION_IPV4),
                Column.NAT_SOURCE_IPV6,
                side(Element.NAT_SOURCE_IPV6, Element.NAT_DESTINATION_IPV6));
        boolean hasDestination = address(
                Column.NAT_DESTINATION_IPV4,
                side(Element.NAT_DESTINATION_IPV4, Element.NAT_SOURCE_IPV4),
                Column.NAT_DESTINATION_IPV6,
                side(Element.NAT_DESTINATION_IPV6, Element.NAT_SOURCE_IPV6));
        if (hasSource && !hasDestination) {
            zero(Column.NAT_DESTINATION_IPV6);
        }
        if (hasDestination && !hasSource) {
            zero(Column.NAT_SOURCE_IPV6);
        }
        if (hasSource || hasDestination) {
            fields |= FlowField.NAT_ADDRESSES;
        }
    }

    /** Absolute times go before uptimes, and finer ones before coarser ones; the observation of an event comes last. */
    private void times() {
        boolean hasStart = time(Column.START_MILLIS, Element.START_MILLIS)
                || time(Column.START_NTP, Element.START_MICROS)
                || time(Column.START_NTP, Element.START_NANOS)
                || time(Column.START_SECONDS, Element.START_SECONDS)
                || time(Column.START_DELTA_MICROS, Element.START_DELTA_MICROS);
        boolean hasEnd = time(Column.END_MILLIS, Element.END_MILLIS)
                || time(Column.END_NTP, Element.END_MICROS)
                || time(Column.END_NTP, Element.END_NANOS)
                || time(Column.END_SECONDS, Element.END_SECONDS)
                || time(Column.END_DELTA_MICROS, Element.END_DELTA_MICROS);
        if (hasStart || hasEnd) {
            fields |= FlowField.ABSOLUTE_TIMES;
            complete(hasStart, hasEnd);
            return;
        }
        boolean hasStartUptime = time(Column.START_UPTIME, Element.START_UPTIME);
        boolean hasEndUptime = time(Column.END_UPTIME, Element.END_UPTIME);
        if (hasStartUptime || hasEndUptime) {
            complete(hasStartUptime, hasEndUptime);
            fields |= time(Column.BOOT_MILLIS, Element.BOOT_MILLIS) ? FlowField.ABSOLUTE_TIMES : FlowField.UPTIME_TIMES;
            return;
        }
        if (time(Column.END_MILLIS, Element.OBSERVATION_MILLIS)
                || time(Column.END_NTP, Element.OBSERVATION_MICROS)
                || time(Column.END_NTP, Element.OBSERVATION_NANOS)
                || time(Column.END_SECONDS, Element.OBSERVATION_SECONDS)) {
            fields |= FlowField.ABSOLUTE_TIMES;
            complete(false, true);
        }
    }

    private boolean time(Column column, int element) {
        int field = template.find(own(element));
        if (field >= 0) {
            add(column, field, false);
        }
        return field >= 0;
    }

    /** Makes the missing one of start and end from the duration; without one the flow has no length. */
    private void complete(boolean hasStart, boolean hasEnd) {
        if (hasStart && hasEnd) {
            return;
        }
        boolean made = hasEnd
                ? time(Column.START_BY_DURATION_MILLIS, Element.DURATION_MILLIS)
                        || time(Column.START_BY_DURATION_MICROS, Element.DURATION_MICROS)
                : time(Column.END_BY_DURATION_MILLIS, Element.DURATION_MILLIS)
                        || time(Column.END_BY_DURATION_MICROS, Element.DURATION_MICROS);
        if (!made) {
            zero(hasEnd ? Column.START_OF_END : Column.END_OF_START);
        }
    }

    private boolean icmp() {
        int whole = own(Element.ICMP_IPV4);
        int wholeIpv6 = own(Element.ICMP_IPV6);
        if (one(FlowField.ICMP, Column.ICMP, whole, wholeIpv6)) {
            second(Column.ICMP, whole, wholeIpv6);
            return true;
        }
        int type = first(own(Element.ICMP_IPV4_TYPE), own(Element.ICMP_IPV6_TYPE));
        int code = first(own(Element.ICMP_IPV4_CODE), own(Element.ICMP_IPV6_CODE));
        if (has(type) && one(FlowField.ICMP, Column.ICMP_TYPE, type)) {
            one(FlowField.ICMP, Column.ICMP_CODE, code);
            return true;
        }
        return false;
    }

    /** Writes a column from the first of these elements that the template has. */
    private boolean one(long fieldBit, Column column, int... elementsInOrder) {
        for (int element : elementsInOrder) {
            int field = template.find(element);
            if (field >= 0) {
                add(column, field, false);
                fields |= fieldBit;
                return true;
            }
        }
        return false;
    }

    /** Writes two columns that are present together; the half that the template lacks becomes 0. */
    private void pair(long fieldBit, Column column, int element, Column otherColumn, int otherElement) {
        int field = template.find(element);
        int otherField = template.find(otherElement);
        if (field >= 0 || otherField >= 0) {
            half(column, field);
            half(otherColumn, otherField);
            fields |= fieldBit;
        }
    }

    private void half(Column column, int field) {
        if (field >= 0) {
            add(column, field, false);
        } else {
            zero(column);
        }
    }

    /** Where both elements are there, writes the second where the first was 0. */
    private void second(Column column, int element, int secondElement) {
        if (has(element) && has(secondElement)) {
            add(column, template.find(secondElement), true);
        }
    }

    private void add(Column column, int field, boolean isSecond) {
        operations.add(new Operation(column, field, offsets[field], template.length(field), isSecond));
    }

    private void zero(Column column) {
        operations.add(new Operation(column, Operation.NO_FIELD, 0, 0, false));
    }

    private boolean has(int element) {
        return template.find(element) >= 0;
    }

    private int find(int element, int octets) {
        int field = template.find(element);
        return field >= 0 && template.length(field) == octets ? field : -1;
    }

    private int side(int forward, int reverse) {
        return isReverse ? reverse : forward;
    }

    private int first(int element, int otherElement) {
        return has(element) ? element : otherElement;
    }

    /** Returns the element of this direction: its reverse twin, if there is one. */
    private int own(int element) {
        return isReverse && has(Element.REVERSE | element) ? Element.REVERSE | element : element;
    }
}
