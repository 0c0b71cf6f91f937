// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.util.Arrays;

/**
 * Who held what when: timelines one behind the other in flat arrays. A timeline is a row of segments, each lasting until
 * the next begins; the first begins with time itself. Neighbouring segments have different holders. Immutable.
 */
final class Timelines {
    private final int[] first; // The first segment of each timeline, and the end of the last.
    private final long[] fromMillis;
    private final int[] holder;

    private Timelines(int[] first, long[] fromMillis, int[] holder) {
        this.first = first;
        this.fromMillis = fromMillis;
        this.holder = holder;
    }

    int size() {
        return first.length - 1;
    }

    int holderAt(int timeline, long millis) {
        return holder[segmentAt(timeline, millis)];
    }

    /** Returns when the holder changes after an instant, or Long.MAX_VALUE. */
    long changeAfter(int timeline, long millis) {
        int next = segmentAt(timeline, millis) + 1;
        return next < first[timeline + 1] ? fromMillis[next] : Long.MAX_VALUE;
    }

    /** Returns the holder from an instant on for ever, or {@code otherwise} if there is a change still to come. */
    int holderEverSince(int timeline, long millis, int otherwise) {
        int last = first[timeline + 1] - 1;
        return fromMillis[last] <= millis ? holder[last] : otherwise;
    }

    private int segmentAt(int timeline, long millis) {
        int low = first[timeline];
        int high = first[timeline + 1] - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (fromMillis[middle] <= millis) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    long memoryOctets() {
        return 4L * first.length + 8L * fromMillis.length + 4L * holder.length;
    }

    /** The timelines to be, and the one that is being painted. */
    static final class Builder {
        private int[] first = new int[1024];
        private long[] fromMillis = new long[1024];
        private int[] holder = new int[1024];
        private int timelines;
        private int segments;

        private long[] paintedFrom = new long[16];
        private int[] paintedHolder = new int[16];
        private int painted;

        /** Begins a timeline with one holder for all time. */
        void begin(int everHolder) {
            paintedFrom[0] = Long.MIN_VALUE;
            paintedHolder[0] = everHolder;
            painted = 1;
        }

        /** Begins a timeline as a copy of an earlier one, in which one holder gives way to another. */
        void beginLike(int timeline, int replaced, int replacement) {
            int from = first[timeline];
            int to = timeline + 1 == timelines ? segments : first[timeline + 1];
            painted = 0;
            makeRoom(to - from);
            for (int segment = from; segment < to; segment++) {
                paintedFrom[painted] = fromMillis[segment];
                paintedHolder[painted] = holder[segment] == replaced ? replacement : holder[segment];
                painted++;
            }
        }

        /** Lets somebody hold the time from one instant to another, whoever held it before. */
        void paint(long from, long to, int by) {
            int begin = lastBeginningBefore(from);
            int end = painted;
            while (end > begin + 1 && paintedFrom[end - 1] >= to) {
                end--;
            }
            // The segments begin + 1 to end - 1 start within the time; the last of them, or begin, goes on behind it.
            int holderBehind = paintedHolder[end - 1];
            boolean goesOn = to != Assignment.OPEN && (end == painted || paintedFrom[end] != to);
            int added = goesOn ? 2 : 1;
            int behind = painted - end;
            makeRoom(added);
            System.arraycopy(paintedFrom, end, paintedFrom, begin + 1 + added, behind);
            System.arraycopy(paintedHolder, end, paintedHolder, begin + 1 + added, behind);
            paintedFrom[begin + 1] = from;
            paintedHolder[begin + 1] = by;
            if (goesOn) {
                paintedFrom[begin + 2] = to;
                paintedHolder[begin + 2] = holderBehind;
            }
            painted = begin + 1 + added + behind;
        }

        /** Returns the last segment that begins before an instant; the first one begins before all instants. */
        private int lastBeginningBefore(long millis) {
            int segment = painted - 1;
            while (segment > 0 && paintedFrom[segment] >= millis) {
                segment--;
            }
            return segment;
        }

        /** Ends the timeline and returns its number. */
        int end() {
            if (timelines + 1 >= first.length) {
                first = Arrays.copyOf(first, first.length * 2);
            }
            first[timelines] = segments;
            for (int segment = 0; segment < painted; segment++) {
                if (segment == 0 || paintedHolder[segment] != holder[segments - 1]) {
                    append(paintedFrom[segment], paintedHolder[segment]);
                }
            }
            return timelines++;
        }

        private void append(long from, int by) {
            if (segments == holder.length) {
                fromMillis = Arrays.copyOf(fromMillis, Math.multiplyExact(segments, 2));
                holder = Arrays.copyOf(holder, Math.multiplyExact(segments, 2));
            }
            fromMillis[segments] = from;
            holder[segments] = by;
            segments++;
        }

        private void makeRoom(int added) {
            if (painted + added > paintedFrom.length) {
                int capacity = Math.max(painted + added, paintedFrom.length * 2);
                paintedFrom = Arrays.copyOf(paintedFrom, capacity);
                paintedHolder = Arrays.copyOf(paintedHolder, capacity);
            }
        }

        Timelines build() {
            int[] exact = Arrays.copyOf(first, timelines + 1);
            exact[timelines] = segments;
            return new Timelines(exact, Arrays.copyOf(fromMillis, segments), Arrays.copyOf(holder, segments));
        }
    }
}
