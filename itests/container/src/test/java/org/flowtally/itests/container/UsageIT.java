// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.flowtally.itests.container.ExpectedUsage.Assignment;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.UdpSender;
import org.flowtally.itests.sender.V5Router;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** From datagrams with known totals to the tables, row by row, over a restart with cached bundles and over a crash. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UsageIT {
    private static final long HOUR = 3_600_000;
    private static final long ALWAYS = 1_577_836_800_000L;
    private static final long OPEN = Long.MAX_VALUE;

    private final long now = Clock.systemUTC().millis();
    private final long hour = now / HOUR * HOUR - 4 * HOUR;
    private final Random random = new Random(2026);
    private final ExpectedUsage expected = new ExpectedUsage();
    private final List<V5Router> routers = List.of(
            new V5Router("127.0.10.1", 0, 0, now - 50 * HOUR),
            new V5Router("127.0.10.1", 0, 1, now - 50 * HOUR),
            new V5Router("127.0.10.2", 1, 7, now - 30 * HOUR),
            // As Juniper does: an interval, and no mode.
            new V5Router("127.0.10.3", 0, 0, now - 29 * HOUR).sampling(0, 1000),
            new V5Router("127.0.10.4", 0, 0, now - 700 * HOUR).sampling(1, 64));
    private Collector collector;

    @BeforeAll
    void boot() {
        expected.home("10.0.0.0/8");
        expected.home("100.64.0.0/10");
        expected.assign(new Assignment("10.1.0.0/24", "alpha", "line-1", ALWAYS, OPEN));
        expected.assign(new Assignment("10.1.0.77/32", "beta", "line-2", ALWAYS, OPEN));
        expected.assign(new Assignment("10.1.1.0/28", "gamma", "", ALWAYS, OPEN));
        expected.assign(new Assignment("10.2.0.0/16", "delta", "wholesale", ALWAYS, OPEN));
        expected.assign(new Assignment("10.2.3.4/32", "epsilon", "", ALWAYS, hour + 1_234_000));
        expected.assign(new Assignment("10.2.3.4/32", "Epsilon", "", hour + 1_234_000, hour + 2 * HOUR));
        expected.assign(new Assignment("10.3.0.0/30", "zeta", "gone", ALWAYS, hour + HOUR + 17_000));
        expected.assign(new Assignment("100.64.9.0/25", "eta", "a", ALWAYS, hour + HOUR));
        expected.assign(new Assignment("100.64.9.0/25", "eta", "b", hour + HOUR + 60_000, OPEN));

        collector = new Collector();
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        expected.assignments().forEach(assignment -> collector.database().execute(assignment.insert()));
        collector.reloadSubscribers();
    }

    @AfterAll
    void end() {
        collector.close();
    }

    @Test
    @Order(1)
    void writesEveryUsageRowExactly() {
        send(handPicked());
        send(drawn(900));

        collector.awaitRows(expected.rows());
        compareTables();
    }

    @Test
    @Order(2)
    void marksWhatAnExporterReportedAroundItsGap() {
        V5Router router = routers.get(0);
        Flow flow = new Flow("10.1.1.3", "203.0.113.9", 4, 4000, now - 90_000, now - 80_000);
        router.lose(35);
        sendOne(router, List.of(flow), ExpectedUsage.GAP);

        collector.awaitRows(expected.rows());
        compareTables();
        assertThat(collector.database().number("SELECT SUM(lost) FROM exporter_hourly"))
                .isEqualTo(35);
    }

    @Test
    @Order(3)
    void creditsEveryRowWithOneVerdict() {
        JsonNode verdicts = collector.json("verdicts");

        assertThat(verdicts.path("rowsDecoded").asLong()).isEqualTo(expected.rows());
        assertThat(Collector.numbers(verdicts.path("rows")))
                .containsEntry("COUNTED", expected.counted())
                .containsEntry("NO_SUBSCRIBER", expected.noSubscriber());
        assertThat(Collector.sum(verdicts.path("rows"))).isEqualTo(expected.rows());
    }

    @Test
    @Order(4)
    void goesOnAfterARestartWithCachedBundles() {
        collector.karaf().stop();
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();

        send(drawn(300));

        collector.awaitRows(expected.rows());
        compareTables();
    }

    @Test
    @Order(5)
    void losesNothingThatItAcceptedWhenItIsStopped() {
        send(drawn(600));
        collector.karaf().stop();

        assertThat(collector.rowsApplied()).isEqualTo(expected.rows());
        compareTables();
    }

    @Test
    @Order(6)
    void goesOnAfterAPowerFailure() {
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        send(drawn(150));
        collector.awaitRows(expected.rows());

        collector.karaf().kill();
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        send(drawn(150));

        collector.awaitRows(expected.rows());
        compareTables();
    }

    private void compareTables() {
        assertThat(Collector.sorted(collector.database().rows(ExpectedUsage.USAGE_QUERY)))
                .containsExactlyElementsOf(expected.usage());
        assertThat(Collector.sorted(collector.database().rows(ExpectedUsage.UNMATCHED_QUERY)))
                .containsExactlyElementsOf(expected.unmatched());
        assertThat(Collector.sorted(collector.database().rows(ExpectedUsage.EXPORTER_QUERY)))
                .containsExactlyElementsOf(expected.exporters());
        assertThat(Collector.sorted(collector.database().rows(ExpectedUsage.DATA_USAGES_QUERY)))
                .containsExactlyElementsOf(expected.dataUsages());
        assertThat(collector.database().rows(ExpectedUsage.MISFIT_QUERY)).isEmpty();
        assertThat(collector
                        .database()
                        .number("SELECT SUM(octets) FROM exporter_verdict_hourly WHERE verdict = 'NO_SUBSCRIBER'"))
                .isEqualTo(collector.database().number("SELECT SUM(octets_unmatched) FROM exporter_hourly"));
    }

    /** The situations that matter, one by one. */
    private List<Flow> handPicked() {
        long noon = hour + HOUR / 2;
        return List.of(
                // Download, upload, the longer prefix, two subscribers, one subscriber with itself.
                new Flow("203.0.113.1", "10.1.0.5", 10, 15_000, noon, noon + 10_000),
                new Flow("10.1.0.5", "203.0.113.1", 7, 700, noon, noon + 10_000),
                new Flow("203.0.113.1", "10.1.0.77", 11, 16_000, noon, noon + 10_000),
                new Flow("10.1.0.5", "10.1.1.2", 3, 1_001, noon, noon + 1),
                new Flow("10.1.0.5", "10.1.0.6", 3, 1_003, noon, noon + 1),
                new Flow("10.1.1.16", "10.1.1.15", 3, 1_007, noon, noon + 1),
                // No duration, at and around the border of an hour.
                new Flow("10.1.0.5", "203.0.113.1", 1, 40, hour + HOUR, hour + HOUR),
                new Flow("10.1.0.5", "203.0.113.1", 1, 41, hour + HOUR - 1, hour + HOUR - 1),
                new Flow("10.1.0.5", "203.0.113.1", 1, 42, hour + HOUR - 5, hour + HOUR),
                new Flow("10.1.0.5", "203.0.113.1", 1, 43, hour + HOUR - 1, hour + HOUR + 1),
                // Across hours, with numbers that do not divide.
                new Flow("203.0.113.1", "10.1.0.5", 101, 1_000_003, hour + HOUR - 7_000, hour + HOUR + 3_001),
                new Flow("203.0.113.1", "10.1.0.5", 7, 4_294_967_295L, hour + 1, hour + 3 * HOUR + 1),
                // Hand-over in the middle, then across an hour, then back to the wider prefix.
                new Flow("203.0.113.1", "10.2.3.4", 97, 999_983, hour + 1_000_000, hour + 1_500_000),
                new Flow("10.2.3.4", "203.0.113.1", 31, 999_979, hour + 1_000_000, hour + 3 * HOUR - 1),
                new Flow("10.2.3.4", "10.3.0.1", 13, 77_777, hour + 1_233_999, hour + 2 * HOUR + 1),
                new Flow("203.0.113.1", "10.2.3.4", 5, 5_555, hour + 2 * HOUR, hour + 2 * HOUR + 5),
                // Held, and then by nobody; nobody, and then held again by the same account.
                new Flow("10.3.0.1", "203.0.113.1", 17, 123_457, hour + HOUR, hour + HOUR + 60_000),
                new Flow("203.0.113.1", "100.64.9.9", 23, 234_567, hour + HOUR - 30_000, hour + HOUR + 90_000),
                // Ours but nobody's; not ours at all; nobody's to nobody's.
                new Flow("203.0.113.1", "10.77.0.1", 2, 2_000, noon, noon + 10_000),
                new Flow("10.77.0.1", "203.0.113.1", 2, 200, hour + HOUR - 10, hour + HOUR + 10),
                new Flow("10.77.0.1", "10.77.0.2", 2, 300, noon, noon + 10_000),
                new Flow("203.0.113.1", "198.51.100.1", 2, 2_000, noon, noon + 10_000),
                new Flow("10.77.0.1", "10.1.0.5", 2, 333, noon, noon + 10_000),
                // Counters at their largest: multiplied, they need more than 32 bits.
                new Flow("10.2.9.9", "203.0.113.1", 4_294_967_295L, 4_294_967_295L, noon, noon + 10_000),
                // Nothing in them.
                new Flow("10.2.9.9", "203.0.113.1", 0, 0, noon, noon + 10_000));
    }

    private List<Flow> drawn(int count) {
        List<Flow> flows = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            long end = hour + (long) (random.nextDouble() * (now - hour));
            long start = end - (random.nextInt(4) == 0 ? random.nextInt((int) HOUR) : random.nextInt(60_000));
            flows.add(new Flow(
                    address(), address(), random.nextInt(100_000), random.nextInt(Integer.MAX_VALUE), start, end));
        }
        return flows;
    }

    private String address() {
        return switch (random.nextInt(9)) {
            case 0 -> "10.1.0." + random.nextInt(256);
            case 1 -> "10.1.0.77";
            case 2 -> "10.1.1." + random.nextInt(32);
            case 3 -> "10.2." + random.nextInt(4) + ".4";
            case 4 -> "10.2.3.4";
            case 5 -> "10.3.0." + random.nextInt(5);
            case 6 -> "100.64.9." + random.nextInt(200);
            case 7 -> "10.200.0." + random.nextInt(20);
            default -> "203.0.113." + random.nextInt(256);
        };
    }

    /** Sends every flow by one of the routers, in datagrams of uneven size. */
    private void send(List<Flow> flows) {
        int from = 0;
        while (from < flows.size()) {
            int to = Math.min(flows.size(), from + 1 + random.nextInt(30));
            sendOne(routers.get(random.nextInt(routers.size())), flows.subList(from, to), 0);
            from = to;
        }
    }

    private void sendOne(V5Router router, List<Flow> flows, int quality) {
        try (UdpSender sender = new UdpSender(router.address(), "127.0.0.1", collector.port())) {
            sender.send(router.export(Clock.systemUTC().millis(), flows).toOctets());
        }
        for (Flow flow : flows) {
            expected.take(
                    router.address() + "|" + router.domain(), Math.max(1, router.samplingInterval()), quality, flow);
        }
    }
}
