// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscriberStageTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final long AT = NOW.toEpochMilli();

    @TempDir
    private Path folder;

    private final FlowBatch batch = new FlowBatch(16);
    private AssignmentBook book;
    private SubscriberStage stage;

    @BeforeEach
    void start() {
        SubscriberSettings settings = new SubscriberSettings(List.of(Prefix.parse("10.0.0.0/8")), 400);
        book = new AssignmentBook(settings, folder, () -> NOW, () -> {});
        stage = new SubscriberStage(book);
        load(List.of(row("", "10.0.0.1", "anna"), row("", "10.0.0.2", "bert"), row("north", "10.0.0.1", "carl")));
    }

    @Test
    void setsWhoHeldBothAddresses() {
        begin("");
        add("10.0.0.1", "10.0.0.2");
        add("10.0.0.2", "198.51.100.1");
        add("198.51.100.1", "10.9.9.9");

        stage.apply(batch);

        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("anna");
        assertThat(subscriber(batch.destinationSubscriber(0))).isEqualTo("bert");
        assertThat(subscriber(batch.sourceSubscriber(1))).isEqualTo("bert");
        assertThat(batch.destinationSubscriber(1)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(batch.sourceSubscriber(2)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(batch.destinationSubscriber(2)).isEqualTo(Subscribers.UNMATCHED_HOME);
    }

    @Test
    void matchesEachSpanInItsRealm() {
        begin("");
        add("10.0.0.1", "10.0.0.2");
        begin("north");
        add("10.0.0.1", "10.0.0.2");

        stage.apply(batch);

        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("anna");
        assertThat(subscriber(batch.sourceSubscriber(1))).isEqualTo("carl");
        assertThat(batch.destinationSubscriber(1)).isEqualTo(Subscribers.UNMATCHED_HOME);
    }

    @Test
    void leavesHostsThatNobodyHeldAndJudgedRowsToAccounting() {
        begin("");
        add("198.51.100.1", "198.51.100.2");
        add("10.0.0.1", "10.0.0.2");
        batch.judge(1, Verdict.TOO_OLD);

        stage.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.COUNTED);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.TOO_OLD);
        assertThat(batch.sourceSubscriber(1)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(batch.destinationSubscriber(1)).isEqualTo(Subscribers.NO_SUBSCRIBER);
    }

    @Test
    void takesANewStateWithTheNextBatchOnly() {
        begin("");
        add("10.0.0.1", "10.0.0.2");
        stage.apply(batch);
        Subscribers before = batch.subscribers();

        load(List.of(row("", "10.0.0.1", "dora")));
        assertThat(batch.subscribers()).isSameAs(before);
        stage.apply(batch);

        assertThat(batch.subscribers()).isNotSameAs(before);
        assertThat(batch.subscribers().registry()).isSameAs(before.registry());
        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("dora");
    }

    @Test
    void matchesAPrefixThatOneSubscriberHoldsWhole() {
        load(List.of(row("", "10.4.0.0/16", "anna"), row("", "10.5.0.0/24", "bert"), row("", "10.5.0.7", "bert")));
        begin("");
        addPrefixes("10.4.0.0/16", "10.5.0.0/24");
        addPrefixes("10.4.128.0/17", "198.51.100.0/24");
        addPrefixes("0.0.0.0/0", "10.5.0.7/32");

        stage.apply(batch);

        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("anna");
        assertThat(subscriber(batch.destinationSubscriber(0))).isEqualTo("bert");
        assertThat(subscriber(batch.sourceSubscriber(1))).isEqualTo("anna");
        assertThat(batch.destinationSubscriber(1)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(batch.sourceSubscriber(2)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(subscriber(batch.destinationSubscriber(2))).isEqualTo("bert");
        assertThat(batch.isCounted(0)).isTrue();
        assertThat(batch.isCounted(1)).isTrue();
        assertThat(batch.isCounted(2)).isTrue();
    }

    @Test
    void judgesPrefixesAggregatedThatNoSingleSubscriberHolds() {
        load(List.of(row("", "10.4.0.0/24", "anna"), row("", "10.4.1.0/24", "bert"), row("", "10.4.1.9", "carl")));
        begin("");
        addPrefixes("10.4.0.0/23", "198.51.100.0/24"); // Two subscribers.
        addPrefixes("10.4.1.0/24", "0.0.0.0/0"); // One, but for an address.
        addPrefixes("10.9.0.0/24", "10.9.1.0/24"); // At home, and nobody's: no address that could stay unmatched.
        addPrefixes("10.4.0.0/16", "10.4.1.9/32"); // The destination is whole.

        stage.apply(batch);

        assertThat(batch.verdict(0)).isEqualTo(Verdict.AGGREGATED);
        assertThat(batch.verdict(1)).isEqualTo(Verdict.AGGREGATED);
        assertThat(batch.verdict(2)).isEqualTo(Verdict.AGGREGATED);
        assertThat(batch.sourceSubscriber(2)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(batch.verdict(3)).isEqualTo(Verdict.COUNTED);
        assertThat(subscriber(batch.destinationSubscriber(3))).isEqualTo("carl");
    }

    @Test
    void creditsNobodyWithAPrefixThatIsLongerThanAnAddress() {
        load(List.of(row("", "10.4.1.9", "carl")));
        begin("");
        for (int length : new int[] {32, 33, 64, 128, 255}) {
            addPrefixes("10.4.1.9/32", "198.51.100.0/24");
            batch.prefixLengths(batch.size() - 1, length, 24);
        }

        stage.apply(batch);

        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("carl");
        for (int row = 1; row < batch.size(); row++) {
            assertThat(batch.sourceSubscriber(row)).isEqualTo(Subscribers.NO_SUBSCRIBER);
            assertThat(batch.verdict(row)).isEqualTo(Verdict.AGGREGATED);
        }
    }

    @Test
    void looksOnlyAtTheSideThatIsKnown() {
        load(List.of(row("", "0.0.0.0/0", "everybody")));
        begin("");
        int row = batch.claim(FlowField.DESTINATION_ADDRESS);
        batch.addresses(
                row, 0, Address.lowOfIpv4(0), 0, Address.parse("10.0.0.1").low());
        batch.times(row, AT - 1000, AT);

        stage.apply(batch);

        assertThat(batch.sourceSubscriber(row)).isEqualTo(Subscribers.NO_SUBSCRIBER);
        assertThat(subscriber(batch.destinationSubscriber(row))).isEqualTo("everybody");
        assertThat(batch.isCounted(row)).isTrue();
    }

    @Test
    void looksBehindTheTranslationWhereTheExporterStandsOutsideIt() {
        load(List.of(row("", "10.0.0.1", "anna"), row("", "203.0.113.1", "carrier")));
        begin("");
        batch.matchAddress(0, MatchAddress.POST_NAT);
        add("203.0.113.1", "198.51.100.1", "10.0.0.1", "0.0.0.0");
        add("198.51.100.1", "203.0.113.1", "0.0.0.0", "10.0.0.1");
        add("203.0.113.1", "198.51.100.1");

        stage.apply(batch);

        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("anna");
        assertThat(batch.isSourceTranslated(0)).isTrue();
        assertThat(batch.isDestinationTranslated(0)).isFalse();
        assertThat(subscriber(batch.destinationSubscriber(1))).isEqualTo("anna");
        assertThat(subscriber(batch.sourceSubscriber(2))).isEqualTo("carrier");
    }

    @Test
    void looksBehindTheTranslationForThoseOnlyWhomNobodyKnowsBeforeIt() {
        load(List.of(row("", "10.0.0.1", "anna"), row("", "203.0.113.1", "carrier")));
        begin("");
        batch.matchAddress(0, MatchAddress.EITHER);
        add("10.0.0.1", "198.51.100.1", "203.0.113.1", "198.51.100.1"); // As MikroTik sends an upload …
        add("198.51.100.1", "203.0.113.9", "198.51.100.1", "10.0.0.1"); // … and a download.
        add("198.51.100.1", "203.0.113.9", "198.51.100.1", "10.0.0.7");
        add("10.0.0.8", "198.51.100.1", "10.0.0.9", "198.51.100.1");

        stage.apply(batch);

        assertThat(subscriber(batch.sourceSubscriber(0))).isEqualTo("anna");
        assertThat(batch.isSourceTranslated(0)).isFalse();
        assertThat(subscriber(batch.destinationSubscriber(1))).isEqualTo("anna");
        assertThat(batch.isDestinationTranslated(1)).isTrue();
        assertThat(batch.destinationSubscriber(2)).isEqualTo(Subscribers.UNMATCHED_HOME);
        assertThat(batch.isDestinationTranslated(2)).isTrue();
        assertThat(batch.sourceSubscriber(3)).isEqualTo(Subscribers.UNMATCHED_HOME);
        assertThat(batch.isSourceTranslated(3))
                .as("both are ours: the original one")
                .isFalse();
    }

    private void add(String from, String to, String natFrom, String natTo) {
        add(from, to);
        int row = batch.size() - 1;
        batch.add(row, FlowField.NAT_ADDRESSES);
        batch.natSource(
                row, Address.parse(natFrom).high(), Address.parse(natFrom).low());
        batch.natDestination(
                row, Address.parse(natTo).high(), Address.parse(natTo).low());
    }

    private void addPrefixes(String from, String to) {
        Prefix source = Prefix.parse(from);
        Prefix destination = Prefix.parse(to);
        int row = batch.claim(FlowField.ADDRESSES
                | FlowField.SOURCE_IS_PREFIX
                | FlowField.DESTINATION_IS_PREFIX
                | FlowField.PREFIX_LENGTHS);
        batch.addresses(row, source.high(), source.low(), destination.high(), destination.low());
        batch.prefixLengths(row, source.writtenLength(), destination.writtenLength());
        batch.times(row, AT - 1000, AT);
    }

    private String subscriber(int id) {
        Subscriber subscriber = batch.subscribers().registry().subscriber(id);
        return subscriber.accountId();
    }

    private void load(List<Map<String, Object>> rows) {
        book.load(rows.iterator());
    }

    private static Map<String, Object> row(String realm, String prefix, String account) {
        return Map.of("realm", realm, "prefix", prefix, "account_id", account, "valid_from", "2026-01-01 00:00:00");
    }

    private void begin(String realm) {
        Endpoint endpoint = new Endpoint(
                "site",
                "127.0.0.1",
                2055,
                Set.of(5),
                List.of(),
                false,
                List.of(),
                realm,
                1 << 20,
                SamplingMode.APPLY,
                1);
        batch.beginSpan(endpoint, new Exporter("site", realm, 0, Address.lowOfIpv4(1), 5, 0), AT, AT, 0);
    }

    private void add(String from, String to) {
        Address source = Address.parse(from);
        Address destination = Address.parse(to);
        int row = batch.claim(FlowField.ADDRESSES);
        batch.addresses(row, source.high(), source.low(), destination.high(), destination.low());
        batch.times(row, AT - 1000, AT);
    }
}
