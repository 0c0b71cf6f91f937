// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * Where a template has counters that run since a flow began. A delta goes before its total, unless it is 0: then what the
 * total gained since it was last seen is taken.
 */
final class TotalFields {
    /** Stands where totals do not count. */
    static final TotalFields NONE = new TotalFields(Template.NONE, 0);

    private static final int ACTIVE_TIMEOUT = 2;

    private final int octetDelta;
    private final int octetTotal;
    private final int packetDelta;
    private final int packetTotal;
    private final int endReason;
    private final int flowId;

    TotalFields(Template template, int direction) {
        octetDelta = template.find(direction | Element.OCTET_DELTA);
        octetTotal = template.find(direction | Element.OCTET_TOTAL);
        packetDelta = template.find(direction | Element.PACKET_DELTA);
        packetTotal = template.find(direction | Element.PACKET_TOTAL);
        endReason = template.find(Element.FLOW_END_REASON);
        flowId = template.find(Element.FLOW_ID);
    }

    /** Returns whether there is a total of octets or packets. */
    boolean areThere() {
        return octetTotal >= 0 || packetTotal >= 0;
    }

    /** Returns whether a record has deltas that say something, so that its totals do not matter. */
    boolean areNeedless(RecordPlan plan, byte[] octets, int recordAt, Scratch scratch) {
        return (octetDelta >= 0 && plan.read(octets, recordAt, scratch, octetDelta) != 0)
                || (packetDelta >= 0 && plan.read(octets, recordAt, scratch, packetDelta) != 0);
    }

    long octets(RecordPlan plan, byte[] octets, int recordAt, Scratch scratch) {
        return octetTotal < 0 ? 0 : plan.read(octets, recordAt, scratch, octetTotal);
    }

    long packets(RecordPlan plan, byte[] octets, int recordAt, Scratch scratch) {
        return packetTotal < 0 ? 0 : plan.read(octets, recordAt, scratch, packetTotal);
    }

    boolean hasOctets() {
        return octetTotal >= 0;
    }

    boolean hasPackets() {
        return packetTotal >= 0;
    }

    /** Returns whether records say why a flow was reported. */
    boolean hasEndReason() {
        return endReason >= 0;
    }

    /** Returns whether a record is the last of its flow. */
    boolean isLast(RecordPlan plan, byte[] octets, int recordAt, Scratch scratch) {
        long reason = plan.read(octets, recordAt, scratch, endReason);
        return reason != ACTIVE_TIMEOUT && reason != 0;
    }

    /** Returns the number that the exporter gave the flow; 0 if it gives none. */
    long flowId(RecordPlan plan, byte[] octets, int recordAt, Scratch scratch) {
        return flowId < 0 ? 0 : plan.read(octets, recordAt, scratch, flowId);
    }
}
