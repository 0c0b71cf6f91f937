// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

/** What became of a decoded row. Every row ends in exactly one verdict; stages change it only from {@link #COUNTED}. */
public enum Verdict {
    /** Credited to at least one subscriber. */
    COUNTED,
    /** Lacks a field that a flow needs. */
    INCOMPLETE,
    /** Ends further in the future than the tolerance allows: the exporter's clock cannot be trusted. */
    IN_FUTURE,
    /** Ended longer before its arrival than allowed. */
    TOO_OLD,
    /** Held back until its exporter's clock is known. The one verdict that is not the last: counted as long as it is held. */
    QUARANTINED,
    /** Neither address lies in the endpoint's whitelist. */
    OUTSIDE_WHITELIST,
    /** Left to another report of the same flow by the exporter's counting rule: direction, interface or version. */
    NOT_COUNTED_HERE,
    /** Counted already: the network delivered its datagram twice, or another exporter saw the flow too and counts it. */
    DUPLICATE,
    /** Tells of a NAT session or a firewall's decision; carries no usage. */
    EVENT,
    /** Aggregated by the exporter in a way that names no single subscriber. */
    AGGREGATED,
    /** Neither address was held by a subscriber at the time; kept as unmatched usage where an address is one of ours. */
    NO_SUBSCRIBER,
    /** Counters that exceed 64 bits, once scaled by the sampling rate or added up; or times that no calendar has. */
    IMPLAUSIBLE,
    /** Could not be kept because the ledger was full: pages could not be written for too long. */
    LEDGER_FULL,
    /** Passed a stage that failed: a bug, named in the log. What the failed stage should have said is not known. */
    STAGE_FAILED;

    private static final Verdict[] VALUES = values();

    /** Returns the number of verdicts. */
    public static int count() {
        return VALUES.length;
    }

    /** Returns the verdict with this ordinal. */
    public static Verdict of(int ordinal) {
        return VALUES[ordinal];
    }
}
