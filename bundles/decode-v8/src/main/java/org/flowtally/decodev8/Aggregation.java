// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import org.flowtally.api.flow.FlowField;

/**
 * The methods by which an exporter aggregates, as the header numbers them from 1 on, in that order. The first five and the
 * last six are caches of routers; three in the middle are the flow masks of Catalyst switches, whose addresses are hosts.
 */
enum Aggregation {
    AS(28, FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS),
    PROTOCOL_PORT(28, FlowField.PROTOCOL | FlowField.PORTS),
    SOURCE_PREFIX(32, Fields.SOURCE | FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS),
    DESTINATION_PREFIX(32, Fields.DESTINATION | FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS),
    PREFIX(40, Fields.BOTH | FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS),
    DESTINATION(32, FlowField.DESTINATION_ADDRESS | FlowField.INTERFACES | FlowField.TOS),
    SOURCE_DESTINATION(40, FlowField.ADDRESSES | FlowField.INTERFACES | FlowField.TOS),
    FULL_FLOW(44, FlowField.ADDRESSES | FlowField.INTERFACES | FlowField.TOS | FlowField.PROTOCOL | FlowField.PORTS),
    AS_TOS(32, FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS | FlowField.TOS),
    PROTOCOL_PORT_TOS(32, FlowField.PROTOCOL | FlowField.PORTS | FlowField.INTERFACES | FlowField.TOS),
    SOURCE_PREFIX_TOS(32, Fields.SOURCE | FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS | FlowField.TOS),
    DESTINATION_PREFIX_TOS(
            32, Fields.DESTINATION | FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS | FlowField.TOS),
    PREFIX_TOS(40, Fields.BOTH | FlowField.INTERFACES | FlowField.AUTONOMOUS_SYSTEMS | FlowField.TOS),
    PREFIX_PORT(40, Fields.BOTH | FlowField.PROTOCOL | FlowField.PORTS | FlowField.INTERFACES | FlowField.TOS);

    private static final Aggregation[] ALL = values();

    private final int recordOctets;
    private final long fields;

    Aggregation(int recordOctets, long fields) {
        this.recordOctets = recordOctets;
        this.fields = fields | FlowField.OCTETS | FlowField.PACKETS | FlowField.UPTIME_TIMES;
    }

    /** The addresses that are prefixes, with their lengths. */
    private static final class Fields {
        static final long SOURCE = FlowField.SOURCE_ADDRESS | FlowField.SOURCE_IS_PREFIX | FlowField.PREFIX_LENGTHS;
        static final long DESTINATION =
                FlowField.DESTINATION_ADDRESS | FlowField.DESTINATION_IS_PREFIX | FlowField.PREFIX_LENGTHS;
        static final long BOTH = SOURCE | DESTINATION;
    }

    /** Returns whether a method has this number. */
    static boolean isKnown(int number) {
        return number >= 1 && number <= ALL.length;
    }

    /** Returns the method with a number that is known. */
    static Aggregation of(int number) {
        return ALL[number - 1];
    }

    /** Returns the length of a record. */
    int recordOctets() {
        return recordOctets;
    }

    /** Returns what every record has. */
    long fields() {
        return fields | (isSwitched() ? FlowField.NARROW : FlowField.FLOWS);
    }

    /** Returns whether switches send it, which fill their datagrams up behind the last record. */
    boolean isSwitched() {
        return this == DESTINATION || this == SOURCE_DESTINATION || this == FULL_FLOW;
    }

    /** Returns whether a record names an address, be it of a prefix: otherwise nobody can be found who held it. */
    boolean hasAddress() {
        return (fields & FlowField.ADDRESSES) != 0;
    }
}
