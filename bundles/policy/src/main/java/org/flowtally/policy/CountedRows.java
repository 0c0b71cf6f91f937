// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;

/** The counting rule of an exporter, ready to be asked for each row. Immutable. */
final class CountedRows {
    /** What {@link #judge} returns for rows that count and were metered on ingress. */
    static final int INGRESS = 1;
    /** What {@link #judge} returns for rows that count and were metered on egress. */
    static final int EGRESS = 2;

    private static final int NETFLOW_V8 = 8;
    private static final int METHOD_MASK = 0xFF;
    private static final int DIRECTION_INGRESS = 0; // RFC 5102 §5.11.9: flowDirection.
    private static final int DIRECTION_EGRESS = 1;

    private final Counting counting;
    private final CountingRule rule;
    private final InterfaceSet interfaces;

    CountedRows(Counting counting, Exporter exporter) {
        this.counting = counting;
        interfaces = new InterfaceSet(counting.interfaces());
        rule = isMeteringVersion(counting, exporter) ? counting.rule() : CountingRule.NONE;
    }

    /** Returns the aggregation method of NetFlow v8: the last octet of its domain. */
    static int method(Exporter exporter) {
        return exporter.version() == NETFLOW_V8 ? (int) exporter.domain() & METHOD_MASK : Counting.ANY;
    }

    private static boolean isMeteringVersion(Counting counting, Exporter exporter) {
        return (counting.meteringVersion() == Counting.ANY || counting.meteringVersion() == exporter.version())
                && (counting.meteringMethod() == Counting.ANY || counting.meteringMethod() == method(exporter));
    }

    Counting counting() {
        return counting;
    }

    MatchAddress matchAddress() {
        return counting.matchAddress();
    }

    /** Judges rows, and returns which directions those have that count and say so. */
    int judge(FlowBatch batch, int from, int to) {
        if (rule == CountingRule.ALL) {
            return directions(batch, from, to);
        }
        int directions = 0;
        for (int row = from; row < to; row++) {
            if (!batch.isCounted(row)) {
                continue;
            }
            if (counts(batch, row)) {
                directions |= direction(batch, row);
            } else {
                batch.judge(row, Verdict.NOT_COUNTED_HERE);
            }
        }
        return directions;
    }

    private boolean counts(FlowBatch batch, int row) {
        return switch (rule) {
            case ALL -> true;
            case NONE -> false;
            case INGRESS -> direction(batch, row) != EGRESS && (interfaces.isEmpty() || crosses(batch, row));
            case EGRESS -> direction(batch, row) == EGRESS && (interfaces.isEmpty() || crosses(batch, row));
            case INTERFACES -> crosses(batch, row);
            case INTERFACES_IN_OUT -> isMeteredAtInterface(batch, row);
        };
    }

    private boolean crosses(FlowBatch batch, int row) {
        return batch.has(row, FlowField.INTERFACES)
                && (interfaces.contains(batch.inputInterface(row)) || interfaces.contains(batch.outputInterface(row)));
    }

    private boolean isMeteredAtInterface(FlowBatch batch, int row) {
        if (!batch.has(row, FlowField.INTERFACES)) {
            return false;
        }
        boolean isIn = interfaces.contains(batch.inputInterface(row));
        boolean isOut = interfaces.contains(batch.outputInterface(row));
        return switch (direction(batch, row)) {
            case INGRESS -> isIn;
            case EGRESS -> isOut && !isIn;
            default -> isIn || isOut;
        };
    }

    private static int directions(FlowBatch batch, int from, int to) {
        int directions = 0;
        for (int row = from; row < to; row++) {
            if (batch.hasAny(row, FlowField.DIRECTION) && batch.isCounted(row)) {
                directions |= direction(batch, row);
            }
        }
        return directions;
    }

    /** Returns where a row was metered; 0 if it does not say: other values than these two mean nothing. */
    private static int direction(FlowBatch batch, int row) {
        if (!batch.has(row, FlowField.DIRECTION)) {
            return 0;
        }
        int said = batch.direction(row);
        return said == DIRECTION_INGRESS ? INGRESS : said == DIRECTION_EGRESS ? EGRESS : 0;
    }
}
