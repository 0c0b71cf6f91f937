// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.concurrent.ThreadLocalRandom;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.jspecify.annotations.Nullable;

/**
 * What totals of active flows had reached when they were last seen, for all exporters together, so that what they gained
 * can be told. A bounded table: a place is one of a few, and the flow that was seen longest ago makes room. One writer.
 */
final class RunningTotals {
    private static final int PLACES = 1 << 16;
    private static final int WAYS = 4;

    private final long seed;
    private final @Nullable RunningTotals earlier;
    private long[] keys = new long[0];
    private long[] octets = new long[0];
    private long[] packets = new long[0];
    private long[] seen = new long[0];
    private long turn;
    private long displaced;

    /** Makes an empty table. */
    RunningTotals() {
        seed = ThreadLocalRandom.current().nextLong();
        earlier = null;
    }

    /** Makes an empty table of exporters whose flows were in another before. */
    RunningTotals(RunningTotals earlier) {
        seed = earlier.seed;
        this.earlier = earlier;
    }

    /** Returns the flows that had to make room: if they are still active, they count again from their beginning. */
    long displaced() {
        return displaced;
    }

    /** Puts into the row what its flow gained since it was last seen. */
    void settle(
            FlowBatch flows,
            int row,
            Exporter exporter,
            TotalFields fields,
            long flowId,
            boolean isLast,
            long octetTotal,
            long packetTotal) {
        long key = keyOf(flows, row, exporter, flowId);
        int place = find(key);
        if (place < 0 && earlier != null) {
            place = takeOver(earlier, key);
        }
        boolean isKnown = place >= 0;
        boolean goesOn = isKnown
                && Long.compareUnsigned(octetTotal, octets[place]) >= 0
                && Long.compareUnsigned(packetTotal, packets[place]) >= 0;
        if (fields.hasOctets()) {
            flows.octets(row, goesOn ? octetTotal - octets[place] : octetTotal);
        }
        if (fields.hasPackets()) {
            flows.packets(row, goesOn ? packetTotal - packets[place] : packetTotal);
        }
        if (!isLast) {
            keep(isKnown ? place : oldest(key), key, octetTotal, packetTotal);
        } else if (isKnown) {
            keys[place] = 0;
            seen[place] = 0;
        }
    }

    private int takeOver(RunningTotals from, long key) {
        int known = from.find(key);
        if (known < 0) {
            return known;
        }
        int place = oldest(key);
        keep(place, key, from.octets[known], from.packets[known]);
        from.keys[known] = 0;
        from.seen[known] = 0;
        return place;
    }

    private void keep(int place, long key, long octetTotal, long packetTotal) {
        if (keys[place] != 0 && keys[place] != key) {
            displaced++;
        }
        keys[place] = key;
        octets[place] = octetTotal;
        packets[place] = packetTotal;
        seen[place] = ++turn;
    }

    private int find(long key) {
        if (keys.length == 0) {
            return -1;
        }
        int first = firstOf(key);
        for (int place = first; place < first + WAYS; place++) {
            if (keys[place] == key) {
                return place;
            }
        }
        return -1;
    }

    private int oldest(long key) {
        if (keys.length == 0) {
            keys = new long[PLACES];
            octets = new long[PLACES];
            packets = new long[PLACES];
            seen = new long[PLACES];
        }
        int first = firstOf(key);
        int oldest = first;
        for (int place = first + 1; place < first + WAYS; place++) {
            if (seen[place] < seen[oldest]) {
                oldest = place;
            }
        }
        return oldest;
    }

    private static int firstOf(long key) {
        return (int) key & (PLACES - WAYS);
    }

    private long keyOf(FlowBatch flows, int row, Exporter exporter, long flowId) {
        long key = mix(seed ^ exporter.addressHigh());
        key = mix(key ^ exporter.addressLow());
        key = mix(key ^ exporter.domain() ^ ((long) exporter.endpoint().hashCode() << 32));
        key = mix(key ^ flows.sourceHigh(row));
        key = mix(key ^ flows.sourceLow(row));
        key = mix(key ^ flows.destinationHigh(row));
        key = mix(key ^ flows.destinationLow(row));
        key = mix(key
                ^ ((long) flows.protocol(row) << 32)
                ^ ((long) flows.sourcePort(row) << 16)
                ^ flows.destinationPort(row));
        key = mix(key ^ flowId);
        key = mix(key ^ (hasTimes(flows, row) ? flows.observedStart(row) : 0));
        return key == 0 ? 1 : key;
    }

    static boolean hasTimes(FlowBatch flows, int row) {
        return flows.has(row, FlowField.ABSOLUTE_TIMES) || flows.has(row, FlowField.UPTIME_TIMES);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
