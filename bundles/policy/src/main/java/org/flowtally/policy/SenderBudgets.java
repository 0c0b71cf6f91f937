// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

/**
 * How much each sender may still send: a bucket that fills at the endpoint's rate, holds what two seconds bring, and gives
 * one for each datagram. In columns of fixed size: nothing is allocated, however many send. When there is no room near a new
 * sender's place, the one that was quiet for longest there gives way; coming back it begins with a full bucket. Owned by the
 * working thread.
 */
final class SenderBudgets {
    /** Senders for which there is room. */
    static final int SENDERS = 8192;

    private static final int NEIGHBOURS = 8;
    private static final int BURST_SECONDS = 2;
    private static final long PER_DATAGRAM =
            1_000; // A bucket counts thousandths: what a millisecond brings of one a second.

    private final String[] endpoint = new String[SENDERS];
    private final long[] high = new long[SENDERS];
    private final long[] low = new long[SENDERS];
    private final long[] filling = new long[SENDERS];
    private final long[] lastMillis = new long[SENDERS];

    /**
     * Takes one datagram from the bucket of a sender.
     *
     * @param perSecond what its endpoint grants, at least 1
     * @return whether there was one
     */
    boolean spend(String receivedBy, long fromHigh, long fromLow, int perSecond, long nowMillis) {
        int slot = slotOf(receivedBy, fromHigh, fromLow, perSecond, nowMillis);
        long full = BURST_SECONDS * PER_DATAGRAM * perSecond;
        // Of a clock that was set only the order counts: back brings nothing, far ahead brings one bucket.
        long elapsedMillis = Math.min(BURST_SECONDS * 1_000L, Math.max(0, nowMillis - lastMillis[slot]));
        long there = Math.min(full, filling[slot] + elapsedMillis * perSecond);
        lastMillis[slot] = nowMillis;
        boolean isThere = there >= PER_DATAGRAM;
        filling[slot] = isThere ? there - PER_DATAGRAM : there;
        return isThere;
    }

    private int slotOf(String receivedBy, long fromHigh, long fromLow, int perSecond, long nowMillis) {
        long mixed = (fromHigh * 31 + fromLow) * 31 + receivedBy.hashCode();
        mixed *= 0x9E3779B97F4A7C15L;
        int first = (int) (mixed >>> 40) & (SENDERS - 1);
        int quietest = first;
        for (int step = 0; step < NEIGHBOURS; step++) {
            int slot = (first + step) & (SENDERS - 1);
            if (low[slot] == fromLow && high[slot] == fromHigh && receivedBy.equals(endpoint[slot])) {
                return slot;
            }
            if (lastMillis[slot] < lastMillis[quietest]) {
                quietest = slot;
            }
        }
        endpoint[quietest] = receivedBy;
        high[quietest] = fromHigh;
        low[quietest] = fromLow;
        filling[quietest] = BURST_SECONDS * PER_DATAGRAM * perSecond;
        lastMillis[quietest] = nowMillis;
        return quietest;
    }
}
