// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * Information elements by number, as IANA registers them; v9 uses the same numbers for what it has. A number of another
 * name space is kept apart by the bits above sixteen.
 */
final class Element {
    /** The element of the opposite direction, RFC 5103. */
    static final int REVERSE = 1 << 16;
    /** A scope of v9, whose numbers are a space of their own. */
    static final int V9_SCOPE = 1 << 17;
    /** An element of an enterprise that is not known here. */
    static final int FOREIGN = 1 << 18;

    /** The enterprise number that marks reverse elements. */
    static final int REVERSE_ENTERPRISE = 29305;

    static final int OCTET_DELTA = 1;
    static final int PACKET_DELTA = 2;
    static final int FLOW_DELTA = 3;
    static final int PROTOCOL = 4;
    static final int TYPE_OF_SERVICE = 5;
    static final int TCP_FLAGS = 6;
    static final int SOURCE_PORT = 7;
    static final int SOURCE_IPV4 = 8;
    static final int SOURCE_IPV4_LENGTH = 9;
    static final int INGRESS_INTERFACE = 10;
    static final int DESTINATION_PORT = 11;
    static final int DESTINATION_IPV4 = 12;
    static final int DESTINATION_IPV4_LENGTH = 13;
    static final int EGRESS_INTERFACE = 14;
    static final int NEXT_HOP_IPV4 = 15;
    static final int SOURCE_AS = 16;
    static final int DESTINATION_AS = 17;
    static final int END_UPTIME = 21;
    static final int START_UPTIME = 22;
    static final int POST_OCTET_DELTA = 23;
    static final int POST_PACKET_DELTA = 24;
    static final int SOURCE_IPV6 = 27;
    static final int DESTINATION_IPV6 = 28;
    static final int SOURCE_IPV6_LENGTH = 29;
    static final int DESTINATION_IPV6_LENGTH = 30;
    static final int ICMP_IPV4 = 32;
    static final int SAMPLING_INTERVAL = 34;
    static final int SOURCE_IPV4_PREFIX = 44;
    static final int DESTINATION_IPV4_PREFIX = 45;
    static final int SAMPLER_ID = 48;
    static final int SAMPLER_INTERVAL = 50;
    static final int SOURCE_MAC = 56;
    static final int POST_DESTINATION_MAC = 57;
    static final int VLAN = 58;
    static final int POST_VLAN = 59;
    static final int DIRECTION = 61;
    static final int NEXT_HOP_IPV6 = 62;
    static final int DESTINATION_MAC = 80;
    static final int POST_SOURCE_MAC = 81;
    static final int INTERFACE_NAME = 82;
    static final int INTERFACE_DESCRIPTION = 83;
    static final int OCTET_TOTAL = 85;
    static final int PACKET_TOTAL = 86;
    static final int EXPORTER_IPV4 = 130;
    static final int EXPORTER_IPV6 = 131;
    static final int FLOW_END_REASON = 136;
    static final int ICMP_IPV6 = 139;
    static final int EXPORTING_PROCESS = 144;
    static final int FLOW_ID = 148;
    static final int START_SECONDS = 150;
    static final int END_SECONDS = 151;
    static final int START_MILLIS = 152;
    static final int END_MILLIS = 153;
    static final int START_MICROS = 154;
    static final int END_MICROS = 155;
    static final int START_NANOS = 156;
    static final int END_NANOS = 157;
    static final int START_DELTA_MICROS = 158;
    static final int END_DELTA_MICROS = 159;
    static final int BOOT_MILLIS = 160;
    static final int DURATION_MILLIS = 161;
    static final int DURATION_MICROS = 162;
    static final int SOURCE_IPV6_PREFIX = 170;
    static final int DESTINATION_IPV6_PREFIX = 169;
    static final int ICMP_IPV4_TYPE = 176;
    static final int ICMP_IPV4_CODE = 177;
    static final int ICMP_IPV6_TYPE = 178;
    static final int ICMP_IPV6_CODE = 179;
    static final int DIFFSERV_CODE_POINT = 195;
    static final int NAT_SOURCE_IPV4 = 225;
    static final int NAT_DESTINATION_IPV4 = 226;
    static final int NAT_SOURCE_PORT = 227;
    static final int NAT_DESTINATION_PORT = 228;
    static final int NAT_EVENT = 230;
    static final int INITIATOR_OCTETS = 231;
    static final int RESPONDER_OCTETS = 232;
    static final int FIREWALL_EVENT = 233;
    static final int INGRESS_VRF = 234;
    static final int EGRESS_VRF = 235;
    static final int DOT1Q_VLAN = 243;
    static final int POST_DOT1Q_VLAN = 254;
    static final int NAT_SOURCE_IPV6 = 281;
    static final int NAT_DESTINATION_IPV6 = 282;
    static final int BASIC_LIST = 291;
    static final int SUB_TEMPLATE_LIST = 292;
    static final int SUB_TEMPLATE_MULTI_LIST = 293;
    static final int INITIATOR_PACKETS = 298;
    static final int RESPONDER_PACKETS = 299;
    static final int SELECTOR_ID = 302;
    static final int SAMPLING_PACKET_INTERVAL = 305;
    static final int SAMPLING_PACKET_SPACE = 306;
    static final int SAMPLING_SIZE = 309;
    static final int SAMPLING_POPULATION = 310;
    static final int SAMPLING_PROBABILITY = 311;
    static final int OBSERVATION_SECONDS = 322;
    static final int OBSERVATION_MILLIS = 323;
    static final int OBSERVATION_MICROS = 324;
    static final int OBSERVATION_NANOS = 325;
    static final int LAYER2_OCTET_DELTA = 352;
    static final int PORT_RANGE_START = 361;
    static final int PORT_RANGE_END = 362;
    static final int PORT_RANGE_SIZE = 364;

    /** What Cisco ASA called the elements of translations before IANA did, in v9 only. */
    private static final int ASA_FIRST = 40001;

    private static final int[] ASA = {
        NAT_SOURCE_IPV4, NAT_DESTINATION_IPV4, NAT_SOURCE_PORT, NAT_DESTINATION_PORT, FIREWALL_EVENT
    };

    private Element() {}

    /** Returns the element that a number of v9 stands for. */
    static int ofV9(int number) {
        int asa = number - ASA_FIRST;
        return asa >= 0 && asa < ASA.length ? ASA[asa] : number;
    }

    /** Returns the element that a number of IPFIX stands for. */
    static int ofIpfix(int number, int enterprise) {
        return switch (enterprise) {
            case 0 -> number;
            case REVERSE_ENTERPRISE -> REVERSE | number;
            default -> FOREIGN | number;
        };
    }
}
