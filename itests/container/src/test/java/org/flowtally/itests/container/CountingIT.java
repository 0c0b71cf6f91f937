// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.itests.container.MeteringRouter.IN;
import static org.flowtally.itests.container.MeteringRouter.OUT;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.flowtally.itests.container.MeteringRouter.Row;
import org.flowtally.itests.instance.CfgFile;
import org.flowtally.itests.instance.KarafInstance;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.Load;
import org.flowtally.itests.sender.Population;
import org.flowtally.itests.sender.UdpSender;
import org.flowtally.itests.sender.V5Router;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What counts, once and under which name: rules by router, routers that see the same flows, realms and traffic classes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CountingIT {
    private static final int SUBSCRIBERS = 3;
    private static final int UPLINK = 1;
    private static final String INTERNET = "203.0.113.1";

    private final int brnoPort = KarafInstance.freeUdpPort();
    private final long now = Clock.systemUTC().millis();
    private Collector collector;
    private long rowsSent;

    @BeforeAll
    void boot() {
        collector = new Collector();
        cfg("org.flowtally.endpoint-brno.cfg")
                .write(List.of(
                        "bind.address = 127.0.0.1",
                        "port = " + brnoPort,
                        "allowed.subnets = 127.0.0.0/8",
                        "realm = brno",
                        "counting.rule = egress"));
        exporter("ingress", "127.0.40.2", "counting.rule = ingress");
        exporter("interfaces", "127.0.40.3", "counting.rule = interfaces", "counting.interfaces = 3, 100-199");
        exporter("in-out", "127.0.40.4", "counting.rule = interfaces-in-out", "counting.interfaces = 3");
        exporter("version", "127.0.40.5", "metering.version = 10");
        exporter("nat", "127.0.40.6", "match.address = either");
        exporter("watched", "127.0.40.7", "counting.rule = none");
        cfg("org.flowtally.policy.cfg").set("exporter.preference", "127.0.41.1, 127.0.41.2");
        cfg("org.flowtally.class-cdn.cfg").write(List.of("subnets = 198.51.100.0/24"));
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        for (int number = 1; number <= 7; number++) {
            assign("", "10.40." + number + ".0/24", "rule-" + number);
        }
        assign("", "10.41.0.0/24", "twice");
        assign("", "10.42.0.0/24", "praha");
        assign("brno", "10.42.0.0/24", "brno");
        assign("", "10.43.0.0/24", "viewer");
        collector.reloadSubscribers();
    }

    @AfterAll
    void end() {
        collector.close();
    }

    @Test
    @Order(1)
    void countsByTheRuleOfEachRouter() {
        for (int number = 1; number <= 4; number++) {
            sendAllWays(number);
        }
        String subscriber = "10.40.5.1";
        send("127.0.40.5", List.of(Row.of(INTERNET, subscriber, 1000, UPLINK, SUBSCRIBERS, IN, now)));
        sendV5("127.0.40.5", INTERNET, subscriber, 1000);
        subscriber = "10.40.6.1";
        // An upload leaves the inside address, a download arrives at the outside one, as a router that translates tells
        // them.
        send(
                "127.0.40.6",
                List.of(
                        Row.of(subscriber, INTERNET, 100, SUBSCRIBERS, UPLINK, IN, now)
                                .behindNat("192.0.2.9", INTERNET),
                        Row.of(INTERNET, "192.0.2.9", 1000, UPLINK, SUBSCRIBERS, IN, now)
                                .behindNat(INTERNET, subscriber)));
        sendAllWays(7);
        collector.awaitRows(rowsSent);

        // Of 100 up and 1000 down, each told where it entered and where it left; and of 1 in transit.
        assertThat(usage("rule-%"))
                .containsExactly(
                        "rule-1||2000|200", // as shipped: twice
                        "rule-2||1000|100",
                        "rule-3||2000|200", // both reports cross the interface
                        "rule-4||1000|100",
                        "rule-5||1000|0",
                        "rule-6||1000|100");
        assertThat(verdict("NOT_COUNTED_HERE")).isEqualTo(2 + 2 + 1 + 4);
        assertThat(collector
                        .database()
                        .rows("SELECT exporter, SUM(octets), SUM(octets_counted), SUM(octets_discarded)"
                                + " FROM exporter_hourly WHERE exporter IN ('127.0.40.2', '127.0.40.7')"
                                + " GROUP BY exporter ORDER BY exporter"))
                .containsExactly("127.0.40.2|2200|1100|1100", "127.0.40.7|2200|0|2200");
        assertThat(collector
                        .database()
                        .rows("SELECT exporter, verdict, SUM(octets) FROM exporter_verdict_hourly"
                                + " WHERE exporter IN ('127.0.40.2', '127.0.40.7')"
                                + " GROUP BY exporter, verdict ORDER BY exporter, verdict"))
                .as("why the rest did not count")
                .containsExactly(
                        "127.0.40.2|COUNTED|1100",
                        "127.0.40.2|NOT_COUNTED_HERE|1100",
                        "127.0.40.7|NOT_COUNTED_HERE|2200");
    }

    @Test
    @Order(2)
    void tellsWhatWouldCountTwice() {
        sendV5("127.0.40.1", INTERNET, "10.40.1.1", 1);
        collector.awaitRows(rowsSent);

        Collector.await("events", () -> events().size() >= 3);
        assertThat(events())
                .containsExactly(
                        "both-directions|exporter=127.0.40.1, realm=",
                        "both-directions|exporter=127.0.40.3, realm=",
                        "two-versions|exporter=127.0.40.1, realm=");
    }

    @Test
    @Order(3)
    void countsAFlowOnceThatTwoRoutersSee() {
        List<Row> flows = IntStream.range(0, 30)
                .mapToObj(flow -> Row.of("10.41.0.7", INTERNET, 1000 + flow, SUBSCRIBERS, UPLINK, IN, now)
                        .port(flow))
                .toList();
        send("127.0.41.1", flows.subList(0, 20));
        collector.awaitRows(rowsSent);
        send("127.0.41.2", flows);
        collector.awaitRows(rowsSent);
        send("127.0.41.1", flows.subList(20, 30));
        collector.awaitRows(rowsSent);

        long octets = flows.stream().mapToLong(Row::octets).sum();
        long ofTwenty = flows.subList(0, 20).stream().mapToLong(Row::octets).sum();
        assertThat(usage("twice")).containsExactly("twice||0|" + octets);
        assertThat(verdict("DUPLICATE")).isEqualTo(30);
        assertThat(collector
                        .database()
                        .rows("SELECT exporter, SUM(octets), SUM(octets_counted) FROM exporter_hourly"
                                + " WHERE exporter LIKE '127.0.41.%' GROUP BY exporter ORDER BY exporter"))
                .as("both counts stay visible")
                .containsExactly(
                        "127.0.41.1|" + octets + "|" + ofTwenty, "127.0.41.2|" + octets + "|" + (octets - ofTwenty));
    }

    @Test
    @Order(4)
    void keepsSitesAndRoutersApartThatUseTheSameAddressesAndDomains() {
        MeteringRouter praha = new MeteringRouter("127.0.42.1", collector.port(), 7);
        MeteringRouter brno = new MeteringRouter("127.0.42.1", brnoPort, 7);
        MeteringRouter twin = new MeteringRouter("127.0.42.2", collector.port(), 7);
        MeteringRouter moved = new MeteringRouter("127.0.42.3", collector.port(), 7);
        praha.send(now, List.of(Row.of("10.42.0.1", INTERNET, 1, SUBSCRIBERS, UPLINK, IN, now)));
        brno.send(
                now,
                List.of(
                        Row.of("10.42.0.1", INTERNET, 20, SUBSCRIBERS, UPLINK, OUT, now),
                        Row.of(
                                "10.42.0.1",
                                INTERNET,
                                50_000,
                                SUBSCRIBERS,
                                UPLINK,
                                IN,
                                now))); // By its endpoint's rule.
        twin.send(now, List.of(Row.of("10.42.0.2", INTERNET, 300, SUBSCRIBERS, UPLINK, IN, now)));
        moved.send(now, List.of(Row.of("10.42.0.1", INTERNET, 4000, SUBSCRIBERS, UPLINK, IN, now)));
        rowsSent += 5;
        collector.awaitRows(rowsSent);

        assertThat(usage("praha")).containsExactly("praha||0|4301");
        assertThat(usage("brno")).containsExactly("brno||0|20");
        // Once a second, apart from the usage.
        Collector.await(
                "status of four exporters",
                () -> collector
                                .database()
                                .number("SELECT COUNT(*) FROM exporter_status WHERE exporter LIKE '127.0.42.%'"
                                        + " AND domain = 7 AND lost = 0")
                        == 4);
    }

    @Test
    @Order(5)
    void putsUsageIntoTheClassOfTheFarEndAndOfTheHour() {
        long border = Instant.ofEpochMilli(now).truncatedTo(ChronoUnit.MINUTES).toEpochMilli() - 40 * 60_000;
        LocalTime hour = Instant.ofEpochMilli(border).atOffset(ZoneOffset.UTC).toLocalTime();
        CfgFile happy = cfg("org.flowtally.class-happy.cfg");
        happy.write(List.of("hours = " + hour + "-" + hour.plusHours(3), "time.zone = UTC"));
        Collector.await("class taken", () -> collector.karaf().log().contains("name=happy"));

        send(
                "127.0.43.1",
                List.of(
                        Row.of("10.43.0.1", "198.51.100.1", 7, SUBSCRIBERS, UPLINK, IN, now),
                        Row.of("198.51.100.9", "10.43.0.1", 90, UPLINK, SUBSCRIBERS, IN, now),
                        Row.of(INTERNET, "10.43.0.1", 100_001, UPLINK, SUBSCRIBERS, IN, now)
                                .during(border - 30_000, border + 60_000)));
        collector.awaitRows(rowsSent);

        assertThat(usage("viewer")).containsExactly("viewer||33333|0", "viewer|cdn|90|7", "viewer|happy|66668|0");
        assertThat(collector.database().number("SELECT SUM(bytes_in) FROM data_usages WHERE account_id = 'viewer'"))
                .isEqualTo(100_091);
        assertThat(collector.karaf().shell("flowtally:policy"))
                .contains("happy")
                .contains("interfaces-in-out");
        happy.set("hours", "25:00-26:00");
        Collector.await(
                "refusal",
                () -> collector.json("policy").path("refused").toString().contains("class-happy.cfg"));
        happy.delete();
        Collector.await("class gone", () -> collector.karaf().log().contains("traffic class gone: name=happy"));
    }

    @Test
    @Order(6)
    void losesNothingWhilePolicyChangesUnderLoad() {
        Population population = new Population(200);
        ExpectedLoad expected = new ExpectedLoad(population);
        expected.assign(collector);
        long before = rowsSent;
        String inode = Collector.socketInode(collector.port()).orElseThrow();
        CfgFile far = cfg("org.flowtally.class-far.cfg");
        CfgFile endpoint = cfg("org.flowtally.endpoint-default.cfg");
        try (Load load = new Load(new Load.Shape(4, 20, population, 5, 5), collector.port(), Clock.systemUTC())) {
            CompletableFuture<Long> sending =
                    CompletableFuture.supplyAsync(() -> load.send(1_500, 4, TimeUnit.SECONDS.toNanos(12)));
            far.write(List.of("subnets = 198.18.0.0/16"));
            Collector.await("class", () -> collector.karaf().log().contains("name=far"));
            exporter("load", "127.1.0.0/16", "match.address = either");
            endpoint.set("whitelist.subnets", "10.0.0.0/8, 100.64.0.0/10").set("whitelist.mode", "true");
            cfg("org.flowtally.policy.cfg").set("duplicate.flows", 2048);
            Collector.await(
                    "whitelist",
                    () -> collector.karaf().shell("flowtally:endpoints --json").contains("\"whitelistMode\":true"));
            cfg("org.flowtally.class-night.cfg")
                    .write(List.of("hours = 00:00-06:00, 12:00-13:00", "time.zone = Europe/Prague"));
            far.write(List.of("subnets = 198.18.0.0/15, 10.0.0.0/8"));
            Collector.await("exporter", () -> collector.karaf().log().contains("org.flowtally.exporter-load.cfg"));
            far.delete();
            endpoint.set("whitelist.mode", "false");
            sending.orTimeout(90, TimeUnit.SECONDS).join();
            expected.add(load);
        }
        collector.awaitRows(before + expected.rows());

        assertThat(collector
                        .database()
                        .number("SELECT SUM(bytes_in + bytes_out) FROM usage_hourly WHERE traffic_class = 'far'"))
                .isPositive();
        for (JsonNode status : collector.json("endpoints").path("endpoints")) {
            assertThat(status.path("handOffLost").asLong(-1)).isZero();
        }
        assertThat(collector.database().number("SELECT SUM(lost) FROM exporter_hourly"))
                .isZero();
        assertThat(Collector.socketInode(collector.port())).contains(inode);
        assertThat(collector
                        .database()
                        .rows("SELECT account_id, SUM(bytes_in), SUM(bytes_out), SUM(packets_in), SUM(packets_out),"
                                + " SUM(flows) FROM usage_hourly WHERE account_id LIKE 'account-%'"
                                + " GROUP BY account_id ORDER BY account_id"))
                .containsExactlyElementsOf(expected.lines());
    }

    @Test
    @Order(7)
    void takesAClassOnceTheOtherFileOfItsNameIsGone() {
        CfgFile first = cfg("org.flowtally.class-one.cfg");
        CfgFile second = cfg("org.flowtally.class-two.cfg");
        first.write(List.of("name = voice", "subnets = 192.0.2.0/25"));
        Collector.await("first", () -> collector.karaf().log().contains("name=voice, prefixes=1"));
        second.write(List.of("name = voice", "subnets = 192.0.2.128/26, 192.0.2.192/26"));
        Collector.await(
                "refusal",
                () -> collector.json("policy").path("refused").toString().contains("class-two.cfg"));

        first.delete();

        Collector.await("second", () -> collector.karaf().log().contains("name=voice, prefixes=2"));
        assertThat(collector.json("policy").path("refused").toString()).doesNotContain("class-two.cfg");
        second.delete();
        Collector.await("no class", () -> collector.karaf().log().contains("traffic class gone: name=voice"));
    }

    @Test
    @Order(8)
    void warnsOfARefusedFileWhileTheBundleThatRefusedItIsThere() {
        cfg("org.flowtally.retention.cfg").set("event.keep.days", "many");
        Collector.await("warning", this::warnsOfRetention);

        collector.karaf().shell("bundle:stop org.flowtally.retention");
        assertThat(warnsOfRetention()).isFalse();
        collector.karaf().shell("bundle:start org.flowtally.retention");
        Collector.await("warning again", this::warnsOfRetention);

        cfg("org.flowtally.retention.cfg").set("event.keep.days", 90);
        Collector.await("taken", () -> !warnsOfRetention());
    }

    private boolean warnsOfRetention() {
        return collector
                .karaf()
                .shell("flowtally:status | grep --color never org.flowtally.retention")
                .contains("event.keep.days");
    }

    /** 100 octets up and 1000 down, each metered where it enters and where it leaves. */
    private void sendAllWays(int number) {
        String subscriber = "10.40." + number + ".1";
        send(
                "127.0.40." + number,
                List.of(
                        Row.of(subscriber, INTERNET, 100, SUBSCRIBERS, UPLINK, IN, now),
                        Row.of(subscriber, INTERNET, 100, SUBSCRIBERS, UPLINK, OUT, now),
                        Row.of(INTERNET, subscriber, 1000, UPLINK, SUBSCRIBERS, IN, now),
                        Row.of(INTERNET, subscriber, 1000, UPLINK, SUBSCRIBERS, OUT, now)));
    }

    private void send(String router, List<Row> rows) {
        new MeteringRouter(router, collector.port(), 1 + rowsSent).send(now, rows);
        rowsSent += rows.size();
    }

    private void sendV5(String router, String from, String to, long octets) {
        V5Router exporter = new V5Router(router, 0, 0, now - 10_000_000);
        try (UdpSender sender = new UdpSender(router, "127.0.0.1", collector.port())) {
            sender.send(exporter.export(now, List.of(new Flow(from, to, 1, octets, now - 60_000, now)))
                    .toOctets());
        }
        rowsSent++;
    }

    private List<String> usage(String accounts) {
        return collector
                .database()
                .rows("SELECT account_id, traffic_class, SUM(bytes_in), SUM(bytes_out) FROM usage_hourly"
                        + " WHERE account_id LIKE '" + accounts + "' GROUP BY account_id, traffic_class"
                        + " ORDER BY account_id, traffic_class");
    }

    private List<String> events() {
        return collector
                .database()
                .rows(
                        "SELECT kind, subject FROM netflow_event WHERE subject LIKE '%127.0.40.%' ORDER BY kind, subject");
    }

    private long verdict(String name) {
        return collector.json("verdicts").path("rows").path(name).asLong();
    }

    private void assign(String realm, String prefix, String account) {
        collector
                .database()
                .execute("INSERT INTO ip_assignment (realm, prefix, account_id) VALUES ('%s', '%s', '%s')"
                        .formatted(realm, prefix, account));
    }

    private void exporter(String name, String addresses, String... lines) {
        List<String> content = new ArrayList<>(List.of(lines));
        content.add("addresses = " + addresses);
        cfg("org.flowtally.exporter-" + name + ".cfg").write(content);
    }

    private CfgFile cfg(String name) {
        return collector.karaf().cfg(name);
    }
}
