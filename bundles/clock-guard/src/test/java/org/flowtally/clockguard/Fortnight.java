// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.flowtally.clockguard.SimulatedExporter.DAY;
import static org.flowtally.clockguard.SimulatedExporter.HOUR;
import static org.flowtally.clockguard.SimulatedExporter.MINUTE;
import static org.flowtally.clockguard.SimulatedExporter.SECOND;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.report.EventLog;

/** Two weeks of exporters whose clocks go wrong in every way we know of, against what was true. */
final class Fortnight {
    static final AtomicReference<Endpoint> ENDPOINT = new AtomicReference<>(TestEndpoints.with(ClockPolicy.DISCARD));

    /** A Friday; the leap second and the change to winter time that follow are made up. */
    static final long START = Instant.parse("2026-10-16T00:00:00Z").toEpochMilli();

    private static final long TICK = SECOND;

    private final List<SimulatedExporter> exporters = new ArrayList<>();
    private final Map<Exporter, Result> results = new LinkedHashMap<>();
    private final FlowBatch batch = new FlowBatch(16_384);
    private final EventLog events = new EventLog(10_000, 10_000);
    private final ClockGuard guard;
    private final ClockPolicy policy;
    private long now = START;

    /** What became of one exporter's octets. */
    static final class Result {
        long rows;
        long octets;
        long discarded;
        long wrongHour;
        long corrected;
        long arrival;
        long held;
        long worstMillis;
    }

    Fortnight(ClockPolicy policy, ClockGuardSettings settings) {
        this.policy = policy;
        ENDPOINT.set(TestEndpoints.with(policy));
        guard = ClockGuard.fresh(settings, () -> Instant.ofEpochMilli(now), events);
        people();
        exporters.forEach(exporter -> results.put(exporter.exporter(), new Result()));
    }

    private SimulatedExporter add(String situation, int version) {
        SimulatedExporter made = new SimulatedExporter(exporters.size() + 1, situation, version, START);
        exporters.add(made);
        return made;
    }

    private void people() {
        add("synchronised", 5);
        add("synchronised, whole seconds", 9);
        add("synchronised, no uptime", 10);
        add("synchronised, up to 2.5 s in queues", 9).delayed(2_500);
        add("synchronised, one datagram in 2 minutes", 5).every(2 * MINUTE);
        add("no NTP: drifts by +40 ppm", 5).clock(START, 0, 40);
        add("no NTP: drifts by -100 ppm", 9).clock(START, 0, -100);
        add("local time, 2 h ahead", 5).clock(START - DAY, 2 * HOUR, 0);
        add("local time, 5 h behind", 9).clock(START - DAY, -5 * HOUR, 0);
        add("local time, 5:45 h ahead, no uptime", 10).clock(START - DAY, 5 * HOUR + 45 * MINUTE, 0);
        add("local time, 1 h ahead, one datagram in 2 minutes", 9)
                .every(2 * MINUTE)
                .clock(START - DAY, HOUR, 0);
        add("local time with the end of summer time on day 9", 5)
                .clock(START - DAY, 2 * HOUR, 0)
                .clock(START + 9 * DAY + HOUR, HOUR, 0);
        add("UTC over the end of summer time", 9);
        add("set by hand: 1 h ahead on day 3, right on day 6", 5)
                .clock(START + 3 * DAY + 1234, HOUR, 0)
                .clock(START + 6 * DAY + 4321, 0, 0);
        add("set by hand: 90 s behind on day 5, no uptime", 10).clock(START + 5 * DAY + 777, -90 * SECOND, 0);
        add("set by hand: 40 min behind on day 5", 9).clock(START + 5 * DAY + 777, -40 * MINUTE, 0);
        add("NTP lost on day 4: drifts by 200 ppm, back on day 8", 5)
                .clock(START + 4 * DAY, 0, 200)
                .clock(START + 8 * DAY, 0, 0);
        reboots(add("reboots daily, 1970 for 3 minutes until NTP answers", 9));
        add("no NTP ever, counts from 2002-03-01 since boot", 5)
                .firstBoot(START - 3 * DAY)
                .clock(START - 3 * DAY, Instant.parse("2002-03-01T00:00:00Z").toEpochMilli() - (START - 3 * DAY), 15);
        add("no NTP ever, counts from 1970 since boot", 9)
                .firstBoot(START - 3 * DAY)
                .clock(START - 3 * DAY, -(START - 3 * DAY), -30);
        outages(add("way lost for 10 minutes twice a day, then all at once", 9), 10 * MINUTE);
        outages(add("way lost for 20 minutes twice a day, no uptime", 10), 20 * MINUTE);
        outages(add("way lost for 10 minutes when first heard, and twice a day", 5), 10 * MINUTE)
                .outage(START, START + 10 * MINUTE);
        queues(add("up to 40 s in queues, four hours a day", 5));
        queues(add("up to 40 s in queues, four hours a day, no uptime", 10));
        add("uptime wraps on day 4", 5).firstBoot(START - (1L << 32) + 4 * DAY + 7 * HOUR);
        add("leap second on day 7, slewed away in a day", 9)
                .clock(START + 7 * DAY, SECOND, -11.574)
                .clock(START + 8 * DAY, 0, 0);
    }

    private static void reboots(SimulatedExporter exporter) {
        for (int day = 1; day < 14; day++) {
            long boot = START + day * DAY + 3 * HOUR;
            exporter.boot(boot).clock(boot, -boot, 0).clock(boot + 3 * MINUTE, 0, 0);
        }
    }

    private static void queues(SimulatedExporter exporter) {
        for (int day = 0; day < 14; day++) {
            long evening = START + day * DAY + 18 * HOUR;
            exporter.busy(evening, evening + 4 * HOUR);
        }
    }

    private static SimulatedExporter outages(SimulatedExporter exporter, long length) {
        for (int day = 0; day < 14; day++) {
            long first = START + day * DAY + 5 * HOUR + 55 * MINUTE;
            exporter.outage(first, first + length).outage(first + 8 * HOUR, first + 8 * HOUR + length);
        }
        return exporter;
    }

    /** Lets simulated time pass. */
    Fortnight run(long millis) {
        for (long end = now + millis; now < end; now += TICK) {
            batch.clear();
            for (SimulatedExporter exporter : exporters) {
                exporter.run(now, batch);
            }
            guard.apply(batch);
            note();
        }
        return this;
    }

    /** Decides what is held back still. */
    Fortnight end() {
        do {
            batch.clear();
            guard.surrender(batch);
            note();
        } while (batch.size() > 0);
        return this;
    }

    private void note() {
        for (int span = 0; span < batch.spans(); span++) {
            Result result = results.get(batch.exporter(span));
            for (int row = batch.firstRow(span); row < batch.endRow(span); row++) {
                note(result, row, batch.isReturned(span));
            }
        }
    }

    private void note(Result result, int row, boolean isReturned) {
        long octets = batch.octets(row);
        if (!isReturned) {
            result.rows++;
            result.octets += octets;
        }
        if (batch.verdict(row) == Verdict.QUARANTINED) {
            result.held += octets;
            return;
        }
        if (!batch.isCounted(row)) {
            result.discarded += octets;
            return;
        }
        long start = batch.sourceMac(row);
        long end = batch.destinationMac(row);
        result.wrongHour += elsewhere(octets, start, end, batch.startMillis(row), batch.endMillis(row));
        result.worstMillis = Math.max(result.worstMillis, Math.abs(batch.endMillis(row) - end));
    }

    /** Returns how many octets lie in another hour than they should, spread evenly over the flow. */
    private static long elsewhere(long octets, long start, long end, long toldStart, long toldEnd) {
        long first = Math.floorDiv(Math.min(start, toldStart), HOUR);
        long last = Math.floorDiv(Math.max(end, toldEnd), HOUR);
        if (first == last) {
            return 0;
        }
        double right = 0;
        for (long hour = Math.floorDiv(start, HOUR); hour <= Math.floorDiv(end, HOUR); hour++) {
            right += Math.min(share(start, end, hour), share(toldStart, toldEnd, hour));
        }
        return Math.round(octets * Math.max(0, 1 - right));
    }

    private static double share(long start, long end, long hour) {
        long from = Math.max(start, hour * HOUR);
        long to = Math.min(end, (hour + 1) * HOUR);
        if (start == end) {
            return Math.floorDiv(start, HOUR) == hour ? 1 : 0;
        }
        return to <= from ? 0 : (double) (to - from) / (end - start);
    }

    ClockPolicy policy() {
        return policy;
    }

    List<SimulatedExporter> exporters() {
        return exporters;
    }

    Result result(SimulatedExporter exporter) {
        return results.get(exporter.exporter());
    }

    ExporterSkew skew(SimulatedExporter exporter) {
        return guard.exporters().stream()
                .filter(skew -> skew.exporter().equals(exporter.exporter()))
                .findFirst()
                .orElseThrow();
    }

    int events() {
        return events.waiting(10_000).size();
    }

    /** Returns the sum over all exporters. */
    Result total() {
        Result total = new Result();
        for (Result result : results.values()) {
            total.rows += result.rows;
            total.octets += result.octets;
            total.discarded += result.discarded;
            total.wrongHour += result.wrongHour;
            total.held += result.held;
            total.worstMillis = Math.max(total.worstMillis, result.worstMillis);
        }
        return total;
    }
}
