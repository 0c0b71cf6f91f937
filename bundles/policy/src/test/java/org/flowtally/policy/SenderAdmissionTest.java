// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.policy.Refusal;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.PrefixTable;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

class SenderAdmissionTest {
    private static final byte[] V5 = {0, 5, 0, 0};

    private final Endpoint site = Endpoints.allowing("site", "10.0.0.0/8", "2001:db8::/32");
    private final Endpoint other = Endpoints.allowing("other", "192.0.2.1");
    private final List<Endpoint> compiled = new ArrayList<>();
    private final AllowedSenders allowed = new AllowedSenders(endpoint -> {
        compiled.add(endpoint);
        return PrefixTable.of(endpoint.allowedSubnets());
    });
    private final RefusedMemory memory = new RefusedMemory();
    private final CounterArray total = new CounterArray(SenderAdmission.COUNTERS);
    private final EventLog events = new EventLog(1_000, 1_000);
    private final SenderAdmission admission = admission(1024);
    private final DatagramBatch batch = new DatagramBatch(1 << 16, 4096);

    @Test
    void letsInWhoTheEndpointAllows() {
        add(site, "10.1.2.3", 1000, V5);
        add(site, "2001:db8::5", 1000, V5);
        add(other, "192.0.2.1", 1000, V5);

        admission.admit(batch);

        assertThat(batch.isRefused(0)).isFalse();
        assertThat(batch.isRefused(1)).isFalse();
        assertThat(batch.isRefused(2)).isFalse();
        assertThat(admission.refused()).isEmpty();
        assertThat(admission.refusedDatagrams()).isZero();
    }

    @Test
    void judgesEachDatagramByItsOwnEndpoint() {
        add(other, "10.1.2.3", 1000, V5);
        add(site, "192.0.2.1", 1000, V5);
        add(site, "10.1.2.3", 1000, V5);

        admission.admit(batch);

        assertThat(batch.isRefused(0)).isTrue();
        assertThat(batch.isRefused(1)).isTrue();
        assertThat(batch.isRefused(2)).isFalse();
        assertThat(admission.refusedDatagrams()).isEqualTo(2);
    }

    @Test
    void letsNobodyInWithoutAllowedSubnets() {
        Endpoint closed = Endpoints.allowing("closed");
        add(closed, "127.0.0.1", 1000, V5);
        add(closed, "::1", 1000, V5);

        admission.admit(batch);

        assertThat(batch.isRefused(0)).isTrue();
        assertThat(batch.isRefused(1)).isTrue();
    }

    @Test
    void countsWhatItRefusedPerSenderAndEndpoint() {
        add(site, "192.0.2.9", 1000, V5);
        add(site, "192.0.2.9", 3000, new byte[] {0, 77, 0});
        add(other, "192.0.2.9", 2000, new byte[1]);

        admission.admit(batch);

        assertThat(admission.refused())
                .containsExactly(
                        new RefusedSender(
                                "site",
                                "192.0.2.9",
                                77,
                                2,
                                7,
                                Instant.ofEpochMilli(1000),
                                Instant.ofEpochMilli(3000),
                                Refusal.NOT_ALLOWED),
                        new RefusedSender(
                                "other",
                                "192.0.2.9",
                                -1,
                                1,
                                1,
                                Instant.ofEpochMilli(2000),
                                Instant.ofEpochMilli(2000),
                                Refusal.NOT_ALLOWED));
    }

    @Test
    void forgetsWhoWasQuietForLongestButCountsOn() {
        SenderAdmission small = admission(2);
        add(site, "192.0.2.1", 1, V5);
        add(site, "192.0.2.2", 2, V5);
        add(site, "192.0.2.1", 3, V5);
        add(site, "192.0.2.3", 4, V5);

        small.admit(batch);

        assertThat(small.refused()).extracting(RefusedSender::address).containsExactly("192.0.2.3", "192.0.2.1");
        assertThat(small.refused()).extracting(RefusedSender::datagrams).containsExactly(1L, 2L);
        assertThat(small.refusedDatagrams()).isEqualTo(4);
    }

    @Test
    void keepsItsCountersWhenTheRoomChanges() {
        add(site, "192.0.2.1", 1, V5);
        add(site, "192.0.2.2", 2, V5);
        admission.admit(batch);

        SenderAdmission smaller = admission(1);
        batch.clear();
        add(site, "192.0.2.2", 3, V5);
        smaller.admit(batch);

        assertThat(smaller.refused())
                .containsExactly(new RefusedSender(
                        "site",
                        "192.0.2.2",
                        5,
                        2,
                        8,
                        Instant.ofEpochMilli(2),
                        Instant.ofEpochMilli(3),
                        Refusal.NOT_ALLOWED));
        assertThat(smaller.refusedDatagrams()).isEqualTo(3);
    }

    @Test
    void startsAnewWithEachConfigurationAndKeepsTheLastGoodOne() {
        new SenderAdmission(PolicySettingsTest.config(Map.of("refused_senders", 1)), Map.of(), allowed, memory);
        SenderAdmission mistaken = new SenderAdmission(
                PolicySettingsTest.config(Map.of()), Map.of("refused.senders", "none"), allowed, memory);
        add(site, "192.0.2.1", 1, V5);
        add(site, "192.0.2.2", 2, V5);

        mistaken.admit(batch);

        assertThat(mistaken.refused()).hasSize(1);
    }

    @Test
    void compilesNothingForDatagramsThatComeAfterAChangeOfTheConfiguration() {
        allowed.prepare(site);
        admission.admit(batch);

        SenderAdmission successor = admission(1);
        add(site, "10.1.2.3", 1, V5);
        add(site, "192.0.2.1", 2, V5);
        successor.admit(batch);

        assertThat(compiled).containsExactly(site);
        assertThat(batch.isRefused(0)).isFalse();
        assertThat(batch.isRefused(1)).isTrue();
    }

    @Test
    void takesANewSnapshotOfAnEndpointAtOnce() {
        add(site, "192.0.2.1", 1, V5);
        add(Endpoints.allowing("site", "192.0.2.0/24"), "192.0.2.1", 2, V5);

        admission.admit(batch);

        assertThat(batch.isRefused(0)).isTrue();
        assertThat(batch.isRefused(1)).isFalse();
    }

    @Test
    void holdsEachSenderToItsBudgetAndShowsWhoWasOverIt() {
        Endpoint frugal = Endpoints.granting("frugal", 2, "10.0.0.0/8");
        for (int datagram = 0; datagram < 6; datagram++) {
            add(frugal, "10.0.0.1", 1_000, V5);
        }
        add(frugal, "10.0.0.2", 1_000, V5);
        add(frugal, "10.0.0.1", 1_500, V5);
        add(frugal, "192.0.2.1", 1_500, V5);

        admission.admit(batch);

        assertThat(java.util.stream.IntStream.range(0, 9).filter(batch::isRefused))
                .containsExactly(4, 5, 8);
        assertThat(admission.refusedDatagrams()).isEqualTo(3);
        assertThat(admission.overBudgetDatagrams()).isEqualTo(2);
        assertThat(admission.refused())
                .extracting(RefusedSender::address, RefusedSender::datagrams, RefusedSender::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("192.0.2.1", 1L, Refusal.NOT_ALLOWED),
                        org.assertj.core.groups.Tuple.tuple("10.0.0.1", 2L, Refusal.OVER_BUDGET));
    }

    @Test
    void tellsOfASenderOnceAnHourAndHowToAllowIt() {
        for (long second = 0; second < 7_300; second += 100) {
            add(site, "192.0.2.9", second * 1_000, V5);
        }

        admission.admit(batch);

        assertThat(told())
                .extracting(EventLog.Event::atMillis, EventLog.Event::kind, EventLog.Event::subject)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0L, "refused", "exporter=192.0.2.9, endpoint=site"),
                        org.assertj.core.groups.Tuple.tuple(3_600_000L, "refused", "exporter=192.0.2.9, endpoint=site"),
                        org.assertj.core.groups.Tuple.tuple(
                                7_200_000L, "refused", "exporter=192.0.2.9, endpoint=site"));
    }

    @Test
    void saysInTheEventHowToAllowTheSender() {
        add(site, "192.0.2.9", 1_000, V5);

        admission.admit(batch);

        assertThat(told().get(0).message())
                .isEqualTo("version=5, allow it with: flowtally:endpoint-allow site 192.0.2.9");
    }

    @Test
    void doesNotFloodTheEventsWhenSendersAreForged() {
        for (int sender = 0; sender < 3_000; sender++) {
            add(site, "192.168.%d.%d".formatted(sender >> 8, sender & 0xFF), 1_000 + sender, V5);
        }

        admission.admit(batch);

        assertThat(told())
                .hasSize(RefusalEvents.MOST + 1)
                .last()
                .extracting(EventLog.Event::subject)
                .isEqualTo("further senders");
        assertThat(admission.refusedDatagrams()).isEqualTo(3_000);
    }

    @Test
    void leavesRoomForTheEventsOfOthersHoweverOftenOneSends() {
        for (int datagram = 0; datagram < 2 * RefusalEvents.MOST; datagram++) {
            add(site, "192.0.2.9", 1_000, V5);
        }
        add(site, "192.0.2.10", 1_000, V5);

        admission.admit(batch);

        assertThat(told())
                .extracting(EventLog.Event::subject)
                .containsExactly("exporter=192.0.2.9, endpoint=site", "exporter=192.0.2.10, endpoint=site");
    }

    @Test
    void tellsOfForgedSendersAgainInTheNextHour() {
        long at = 1_790_000_000_000L;
        for (int sender = 0; sender < 2 * RefusalEvents.MOST; sender++) {
            add(site, "192.168.%d.%d".formatted(sender >> 8, sender & 0xFF), at, V5);
        }
        add(site, "192.0.2.9", at + 3_599_999, V5);
        add(site, "192.0.2.10", at + 3_600_000, V5);

        admission.admit(batch);

        assertThat(told())
                .hasSize(RefusalEvents.MOST + 2)
                .last()
                .extracting(EventLog.Event::subject)
                .isEqualTo("exporter=192.0.2.10, endpoint=site");
    }

    private List<EventLog.Event> told() {
        return events.waiting(1_000);
    }

    private SenderAdmission admission(int senders) {
        return new SenderAdmission(
                new PolicySettings(senders, List.of(), 1000, 1024),
                allowed,
                memory,
                () -> Instant.EPOCH,
                total,
                events);
    }

    private void add(Endpoint endpoint, String from, long atMillis, byte[] payload) {
        Address sender = Address.parse(from);
        int offset = batch.append(endpoint, sender.high(), sender.low(), 40_000, atMillis, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
    }
}
