// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Arrays;
import org.flowtally.api.subscriber.Subscribers;

/**
 * One side of a row, split by time at bucket borders, at the hand-overs of its address and where the class of its far end
 * changes. Part by part the counters are
 * differences of {@code floor(whole * elapsed / duration)}, so that they add up to the whole exactly. Reused from row to row;
 * owned by the working thread.
 */
final class RowParts {
    /** The longest duration that is split exactly: with it no product exceeds 64 bits. */
    static final long LONGEST_MILLIS = Integer.MAX_VALUE;

    private int size;
    private int[] holder = new int[8];
    private long[] bucket = new long[8];
    private long[] octets = new long[8];
    private long[] packets = new long[8];
    private int[] entry = new int[8];
    private int[] trafficClass = new int[8];

    int size() {
        return size;
    }

    int holder(int part) {
        return holder[part];
    }

    long bucket(int part) {
        return bucket[part];
    }

    long octets(int part) {
        return octets[part];
    }

    long packets(int part) {
        return packets[part];
    }

    int trafficClass(int part) {
        return trafficClass[part];
    }

    int entry(int part) {
        return entry[part];
    }

    void entry(int part, int number) {
        entry[part] = number;
    }

    /**
     * Splits one side. Parts are in the order of time; the first is always there, a later one only if it moved something.
     *
     * @param column the subscriber column of this side
     * @param classes what the profile refers to
     * @param profile the class profile of the far end
     * @param start the flow's start, milliseconds since 1970
     * @param end its end, not before its start and at most {@link #LONGEST_MILLIS} after it
     */
    void split(
            Subscribers subscribers,
            int column,
            ClassTimes classes,
            int profile,
            long start,
            long end,
            long wholeOctets,
            long wholePackets,
            long bucketMillis) {
        size = 0;
        boolean isTimeline = column <= Subscribers.FIRST_TIMELINE;
        int held = isTimeline ? subscribers.holderAt(column, start) : column;
        long handover = isTimeline ? subscribers.handoverAfter(column, start) : Long.MAX_VALUE;
        int ofClass = classes.numberAt(profile, start);
        long classBorder = classes.borderAfter(profile, start);
        long duration = end - start;
        long octetsBefore = 0;
        long packetsBefore = 0;
        long at = start;
        do {
            long number = Math.floorDiv(at, bucketMillis);
            long next = Math.min(
                    Math.min(end, classBorder), Math.min((number + 1) * bucketMillis, Math.max(handover, at + 1)));
            long octetsSoFar = next == end ? wholeOctets : share(wholeOctets, next - start, duration);
            long packetsSoFar = next == end ? wholePackets : share(wholePackets, next - start, duration);
            append(held, number, ofClass, octetsSoFar - octetsBefore, packetsSoFar - packetsBefore);
            octetsBefore = octetsSoFar;
            packetsBefore = packetsSoFar;
            if (next == handover && next < end) {
                held = subscribers.holderAt(column, next);
                handover = subscribers.handoverAfter(column, next);
            }
            if (next == classBorder && next < end) {
                ofClass = classes.numberAt(profile, next);
                classBorder = classes.borderAfter(profile, next);
            }
            at = next;
        } while (at < end);
    }

    /** Returns whether any part of the side was held by a subscriber. */
    boolean isHeld() {
        for (int part = 0; part < size; part++) {
            if (holder[part] >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns {@code floor(whole * elapsed / duration)} in unsigned arithmetic. With whole = q * duration + r it is
     * q * elapsed + floor(r * elapsed / duration), where neither product exceeds 64 bits.
     */
    static long share(long whole, long elapsed, long duration) {
        long quotient = Long.divideUnsigned(whole, duration);
        long remainder = whole - quotient * duration;
        return quotient * elapsed + remainder * elapsed / duration;
    }

    private void append(int heldBy, long inBucket, int ofClass, long partOctets, long partPackets) {
        if (size > 0 && (partOctets | partPackets) == 0) {
            return;
        }
        if (size == holder.length) {
            grow();
        }
        holder[size] = heldBy;
        bucket[size] = inBucket;
        trafficClass[size] = ofClass;
        octets[size] = partOctets;
        packets[size] = partPackets;
        size++;
    }

    private void grow() {
        holder = Arrays.copyOf(holder, 2 * size);
        bucket = Arrays.copyOf(bucket, 2 * size);
        octets = Arrays.copyOf(octets, 2 * size);
        packets = Arrays.copyOf(packets, 2 * size);
        entry = Arrays.copyOf(entry, 2 * size);
        trafficClass = Arrays.copyOf(trafficClass, 2 * size);
    }
}
