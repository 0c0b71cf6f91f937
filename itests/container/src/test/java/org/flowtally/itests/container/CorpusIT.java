// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flowtally.itests.container.CorpusUsage.Counters;
import org.flowtally.itests.contract.corpus.Corpus;
import org.flowtally.itests.contract.corpus.CorpusCase;
import org.flowtally.itests.contract.corpus.CorpusFile;
import org.flowtally.itests.instance.KarafInstance;
import org.flowtally.itests.sender.UdpSender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/** Packets of the makers' own exporters, from the socket to {@code usage_hourly}: every address has what the corpus says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(
        value = "org.flowtally.itests.contract.corpus.Corpus#isPresent",
        disabledReason = "no shared/corpus beside this repository")
class CorpusIT {
    private static final List<Integer> VERSIONS = List.of(1, 5, 7, 8, 9, 10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Map<String, Conversation> conversations = new LinkedHashMap<>();
    private final int port = KarafInstance.freeUdpPort();
    private Collector collector;

    /** A case with an endpoint and a realm of its own, because cases share addresses. */
    private record Conversation(CorpusCase fed, CorpusUsage usage, int number) {
        String account(String address) {
            return fed.name() + " " + address;
        }

        String realm() {
            return "case-" + number;
        }

        /** Returns the address that the endpoint listens on. */
        String collector() {
            return "127." + (100 + number) + ".0.1";
        }

        String exporter(String address) {
            return "127." + (100 + number) + ".1." + (1 + usage.exporters().indexOf(address));
        }
    }

    @BeforeAll
    void boot() {
        for (int version : VERSIONS) {
            for (CorpusCase each : Corpus.find().orElseThrow().cases(version)) {
                if (each.strict() && !conversations.containsKey(each.name())) {
                    conversations.put(each.name(), new Conversation(each, new CorpusUsage(each), conversations.size()));
                }
            }
        }
        collector = new Collector();
        // The packets are years old, and their counters are compared as they were sent.
        collector.karaf().cfg("org.flowtally.clockguard.cfg").set("age.action", "arrival");
        conversations
                .values()
                .forEach(each -> collector
                        .karaf()
                        .cfg("org.flowtally.endpoint-" + each.realm() + ".cfg")
                        .write(List.of(
                                "bind.address = " + each.collector(),
                                "port = " + port,
                                "allowed.subnets = 127.0.0.0/8",
                                "realm = " + each.realm(),
                                "clock.policy = arrival",
                                "sampling.mode = ignore")));
        collector.karaf().start("-Xmx512m");
        collector.awaitReady();
        collector
                .database()
                .execute(conversations.values().stream()
                        .flatMap(CorpusIT::assignments)
                        .toArray(String[]::new));
        collector.reloadSubscribers();
    }

    @AfterAll
    void end() {
        collector.close();
    }

    @Test
    void billsToEveryAddressWhatThePacketsSay() {
        conversations.values().forEach(this::send);

        Awaitility.await("usage")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(differences()).isEmpty());
        assertThat(collector
                        .database()
                        .number("SELECT v.`rows` = h.`rows` AND v.octets = h.octets FROM"
                                + " (SELECT SUM(`rows`) AS `rows`, SUM(octets) AS octets FROM exporter_verdict_hourly) v,"
                                + " (SELECT SUM(`rows`) AS `rows`, SUM(octets) AS octets FROM exporter_hourly) h"))
                .as("verdicts add up to the rows")
                .isOne();
    }

    private static Stream<String> assignments(Conversation conversation) {
        return conversation.usage().addresses().stream()
                .map(address -> "INSERT INTO ip_assignment (realm, prefix, account_id) VALUES ('%s', '%s/%d', '%s')"
                        .formatted(
                                conversation.realm(),
                                address,
                                address.indexOf(':') < 0 ? 32 : 128,
                                conversation.account(address)));
    }

    private void send(Conversation conversation) {
        Map<String, UdpSender> senders = new TreeMap<>();
        for (CorpusFile file : conversation.fed().files()) {
            JsonNode packets = file.expected().get("packets");
            List<byte[]> payloads = file.payloads();
            for (int at = 0; at < payloads.size(); at++) {
                String exporter = packets.get(at).get("exporter").asText();
                senders.computeIfAbsent(
                                conversation.exporter(exporter),
                                from -> new UdpSender(from, conversation.collector(), port))
                        .send(payloads.get(at));
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200)); // Small receive buffers hold few of them.
            }
        }
        senders.values().forEach(UdpSender::close);
    }

    /** Returns every account that was not billed as it must be. */
    private List<String> differences() {
        Map<String, Counters> billed = billed();
        Map<String, Counters> expected = new TreeMap<>();
        Set<String> mayHaveMore = new HashSet<>();
        conversations
                .values()
                .forEach(each -> each.usage().addresses().forEach(address -> {
                    expected.put(each.account(address), each.usage().of(address));
                    if (each.usage().hasEarlyData()) {
                        mayHaveMore.add(each.account(address));
                    }
                }));
        List<String> differences = new ArrayList<>();
        expected.forEach((account, counters) -> {
            Counters found = billed.getOrDefault(account, Counters.NONE);
            if (!found.equals(counters) && !(mayHaveMore.contains(account) && found.isAtLeast(counters))) {
                differences.add("%s: expected=%s, billed=%s".formatted(account, counters, found));
            }
        });
        return differences;
    }

    private Map<String, Counters> billed() {
        Map<String, Counters> billed = new TreeMap<>();
        for (String row : collector
                .database()
                .rows("SELECT account_id, SUM(bytes_in), SUM(bytes_out), SUM(packets_in), SUM(packets_out)"
                        + " FROM usage_hourly GROUP BY account_id")) {
            String[] columns = row.split("\\|", -1);
            billed.put(
                    columns[0],
                    new Counters(
                            Long.parseLong(columns[1]),
                            Long.parseLong(columns[2]),
                            Long.parseLong(columns[3]),
                            Long.parseLong(columns[4])));
        }
        return billed;
    }
}
