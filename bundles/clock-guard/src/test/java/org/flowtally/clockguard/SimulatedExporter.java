// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;

/**
 * An exporter whose clock we know better than it does: what it sends, when it arrives, and what was true. The truth of each row
 * travels in columns that the clock guard does not look at.
 */
final class SimulatedExporter {
    static final long SECOND = 1_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final int ROWS = 4;
    private static final long U32 = 0xFFFF_FFFFL;

    private final String situation;
    private final int version;
    private final SplittableRandom random;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Long> boots = new ArrayList<>();
    private final List<Outage> outages = new ArrayList<>();
    private final List<Outage> busy = new ArrayList<>();
    private final PriorityQueue<Sent> underWay = new PriorityQueue<>(Comparator.comparingLong(Sent::arrival));
    private Exporter exporter = new Exporter("", "", 0, 0, 0, 0);
    private long pause = 5 * SECOND;
    private long delay = 20;
    private boolean isWholeSeconds;
    private boolean hasAbsoluteTimes;
    private long next;

    /** From a true time on, the clock is off by so much, and drifts. */
    private record Segment(long from, long offset, double partsPerMillion) {}

    private record Outage(long from, long to) {}

    /** A datagram under way. */
    private record Sent(long arrival, long export, long uptime, long sentAt) {}

    SimulatedExporter(int number, String situation, int version, long start) {
        this.situation = situation;
        this.version = version;
        this.random = new SplittableRandom(number * 7919L);
        this.next = start + random.nextLong(pause);
        this.exporter = new Exporter("simulated", "", 0, 0xffff_0a00_0000L + number, version, 0);
        isWholeSeconds = version > 8;
        hasAbsoluteTimes = version == 10;
        boots.add(start - 3 * DAY - random.nextLong(DAY));
        clock(Long.MIN_VALUE, 0, 0);
    }

    String situation() {
        return situation;
    }

    Exporter exporter() {
        return exporter;
    }

    /** From a true time on the clock is off by so much, and drifts. */
    SimulatedExporter clock(long from, long offset, double partsPerMillion) {
        segments.add(new Segment(from, offset, partsPerMillion));
        return this;
    }

    SimulatedExporter boot(long at) {
        boots.add(at);
        return this;
    }

    SimulatedExporter firstBoot(long at) {
        boots.set(0, at);
        return this;
    }

    SimulatedExporter every(long millis) {
        pause = millis;
        return this;
    }

    SimulatedExporter delayed(long mostMillis) {
        delay = mostMillis;
        return this;
    }

    /** What is sent meanwhile arrives in one go afterwards. */
    SimulatedExporter outage(long from, long to) {
        outages.add(new Outage(from, to));
        return this;
    }

    /** What is sent meanwhile waits in queues, some of it for long. */
    SimulatedExporter busy(long from, long to) {
        busy.add(new Outage(from, to));
        return this;
    }

    /** What its clock says at a true time. */
    long clockAt(long time) {
        Segment valid = segments.get(0);
        for (Segment segment : segments) {
            if (segment.from() <= time) {
                valid = segment;
            }
        }
        long elapsed = valid.from() == Long.MIN_VALUE ? 0 : time - valid.from();
        return time + valid.offset() + (long) (elapsed * valid.partsPerMillion() / 1e6);
    }

    private long bootBefore(long time) {
        long valid = boots.get(0);
        for (long boot : boots) {
            if (boot <= time) {
                valid = boot;
            }
        }
        return valid;
    }

    /** Sends what is due until a true time, and adds what has arrived by then to a batch. */
    void run(long until, FlowBatch batch) {
        for (; next <= until; next += pause) {
            long boot = bootBefore(next);
            if (next - boot < 20 * SECOND) {
                continue; // It comes up.
            }
            long arrival = next + 1 + (long) (-Math.log(1 - random.nextDouble()) * delay / 5) % delay;
            for (Outage evening : busy) {
                if (next >= evening.from() && next < evening.to()) {
                    arrival += SECOND + random.nextLong(39 * SECOND);
                }
            }
            for (Outage outage : outages) {
                if (next >= outage.from() && next < outage.to()) {
                    arrival = outage.to() + (next - outage.from()) / 40; // Worked off forty times as fast.
                }
            }
            long export = clockAt(next);
            underWay.add(new Sent(
                    arrival,
                    isWholeSeconds ? Math.floorDiv(export, SECOND) * SECOND : export,
                    version == 10 ? FlowBatch.NO_UPTIME : (next - boot) & U32,
                    next));
        }
        while (!underWay.isEmpty() && underWay.peek().arrival() <= until) {
            append(underWay.poll(), batch);
        }
    }

    private void append(Sent sent, FlowBatch batch) {
        batch.beginSpan(Fortnight.ENDPOINT.get(), exporter, sent.arrival(), sent.export(), sent.uptime());
        long boot = bootBefore(sent.sentAt());
        for (int each = 0; each < ROWS; each++) {
            long end = Math.max(boot, sent.sentAt() - random.nextLong(15 * SECOND));
            long start = Math.max(boot, end - random.nextLong(random.nextInt(10) == 0 ? 30 * MINUTE : MINUTE));
            int row = batch.claim((hasAbsoluteTimes ? FlowField.ABSOLUTE_TIMES : FlowField.UPTIME_TIMES)
                    | FlowField.OCTETS
                    | FlowField.MAC_ADDRESSES);
            batch.octets(row, 40 + random.nextLong(1_000_000));
            if (hasAbsoluteTimes) {
                batch.observedTimes(row, clockAt(start), clockAt(end));
            } else {
                batch.observedTimes(row, (start - boot) & U32, (end - boot) & U32);
            }
            batch.sourceMac(row, start);
            batch.destinationMac(row, end);
        }
    }
}
