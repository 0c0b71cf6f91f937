// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HostClockWatchTest {
    private final List<FakeTimeServer> servers = new ArrayList<>();
    private long passed;
    private long wrong;
    private final InstantSource clock =
            () -> Instant.ofEpochMilli(Clock.systemUTC().millis() + passed + wrong);
    private final EventLog events = new EventLog(10, 10);
    private final AtomicReference<HostClock> kept = new AtomicReference<>();

    @AfterEach
    void close() {
        servers.forEach(FakeTimeServer::close);
    }

    @Test
    void knowsNothingWithoutServersAndNeverAsks() {
        HostClockWatch watch = watch();

        assertThat(watch.isDue()).isFalse();
        assertThat(watch.status().state()).isEqualTo(HostClockState.UNKNOWN);
        assertThat(watch.status().message()).contains("ntp.servers");
        assertThat(watch.errorMillis()).isZero();
    }

    @Test
    void asksAtOnceAndThenInItsInterval() {
        server(0);
        HostClockWatch watch = watch();
        assertThat(watch.isDue()).isTrue();

        watch.ask();

        assertThat(watch.isDue()).isFalse();
        passed += 63_000;
        assertThat(watch.isDue()).isFalse();
        passed += 2_000;
        assertThat(watch.isDue()).isTrue();
        assertThat(watch.status().state()).isEqualTo(HostClockState.SYNCHRONISED);
        assertThat(watch.status().serversAnswered()).isOne();
        assertThat(watch.status().lastAnswer()).isPresent();
        assertThat(events.waiting(10)).isEmpty();
    }

    @Test
    void asksAgainWhenTheClockWasSetBack() {
        server(0);
        HostClockWatch watch = watch();
        watch.ask();

        wrong = -86_400_000;

        assertThat(watch.isDue()).isTrue();
    }

    @Test
    void findsTheHostOffWhenItShowsTwiceAndTellsSo() {
        server(0);
        HostClockWatch watch = watch();
        watch.ask();
        wrong = 3_600_000;

        watch.ask();
        assertThat(watch.status().state()).isEqualTo(HostClockState.SYNCHRONISED);
        assertThat(watch.errorMillis()).isZero();
        passed += 5_000;
        assertThat(watch.isDue()).as("soon, to confirm it").isTrue();
        servers.get(0).aheadMillis = 5_000;
        watch.ask();

        assertThat(watch.status().state()).isEqualTo(HostClockState.DRIFTING);
        assertThat(watch.errorMillis()).isCloseTo(3_600_000, within(1_000L));
        assertThat(watch.status().message()).contains("this host's clock is off by +3");
        assertThat(events.waiting(10)).extracting(EventLog.Event::kind).containsExactly("host-clock");
        assertThat(watch().errorMillis()).as("after a change of configuration").isEqualTo(watch.errorMillis());
        Instant since = watch.status().since();
        passed += 5_000;
        servers.get(0).aheadMillis = 10_000;
        watch.ask();
        assertThat(watch.status().since()).isEqualTo(since);

        wrong = 0;
        watch.ask();
        assertThat(watch.status().state()).isEqualTo(HostClockState.SYNCHRONISED);
        assertThat(watch.errorMillis()).isZero();
        assertThat(events.waiting(10)).hasSize(2);
    }

    @Test
    void believesTheServerInTheMiddle() {
        server(0);
        server(7_200_000);
        server(20);
        HostClockWatch watch = watch();

        watch.ask();
        watch.ask();

        assertThat(watch.status().state()).isEqualTo(HostClockState.SYNCHRONISED);
        assertThat(watch.status().offsetMillis()).isCloseTo(-10, within(900L));
        assertThat(watch.status().serversAnswered()).isEqualTo(3);
    }

    @Test
    void forgetsWhatItKnewWhenNobodyAnswersForThreeRounds() {
        FakeTimeServer server = server(0);
        HostClockWatch watch = watch();
        watch.ask();
        server.answers = right -> List.of();

        watch.ask();
        watch.ask();
        assertThat(watch.status().state()).isEqualTo(HostClockState.SYNCHRONISED);
        watch.ask();

        assertThat(watch.status().state()).isEqualTo(HostClockState.UNKNOWN);
        assertThat(watch.status().message()).isEqualTo("127.0.0.1 does not answer");
        assertThat(watch.status().serversAnswered()).isZero();
        assertThat(events.waiting(10)).as("no server is no error").isEmpty();
    }

    @Test
    void goesOnWithWhatIsKnownAfterAChangeOfConfiguration() {
        server(0);
        watch().ask();

        assertThat(watch().status().state()).isEqualTo(HostClockState.SYNCHRONISED);
    }

    @Test
    void knowsSinceWhenItKnowsNothingWhateverTheConfiguration() {
        Instant since = watch().status().since();
        passed += 60_000;

        assertThat(watch().status().since()).isEqualTo(since);
        server(passed);
        HostClockWatch asking = watch();
        assertThat(asking.status().since()).isEqualTo(since);
        assertThat(asking.status().message()).isEqualTo("not asked yet");
        asking.ask();
        assertThat(asking.status().since()).isAfter(since);
        assertThat(watch().status()).isEqualTo(asking.status());

        passed += 60_000;
        HostClockWatch without = watch(List.of());
        assertThat(without.status().state()).isEqualTo(HostClockState.UNKNOWN);
        assertThat(without.status().since()).isAfter(asking.status().since());
    }

    @Test
    void saysOfAServerThatCannotBeReachedWhy() {
        HostClockWatch watch = watch(List.of(InetSocketAddress.createUnresolved("no-such-host.invalid", 123)));

        watch.ask();

        assertThat(watch.status().state()).isEqualTo(HostClockState.UNKNOWN);
        assertThat(watch.status().message()).contains("no-such-host.invalid");
    }

    @Test
    void tellsAServerThatAnswersWhatCannotBeBelievedFromOneThatIsSilent() {
        FakeTimeServer server = server(0);
        server.answers = right -> {
            right[1] = 0; // RFC 4330 §8: stratum 0 is a kiss of death.
            return List.of(right);
        };
        HostClockWatch watch = watch();

        watch.ask();

        assertThat(watch.status().message()).startsWith("127.0.0.1 answers nothing that can be believed");
        assertThat(watch.status().answersRefused()).isOne();
    }

    @Test
    void saysOfAPortWhereNobodyListensThatItIsUnreachable() {
        FakeTimeServer server = server(0);
        HostClockWatch watch = watch();
        server.close();

        watch.ask();

        assertThat(watch.status().message()).isEqualTo("127.0.0.1: PortUnreachableException");
    }

    private FakeTimeServer server(long aheadMillis) {
        FakeTimeServer server = new FakeTimeServer();
        server.aheadMillis = aheadMillis;
        servers.add(server);
        return server;
    }

    private HostClockWatch watch() {
        return watch(servers.stream().map(FakeTimeServer::address).toList());
    }

    private HostClockWatch watch(List<InetSocketAddress> addresses) {
        return new HostClockWatch(
                new ClockGuardSettings.Ntp(addresses, Duration.ofSeconds(64), Duration.ofMillis(300), 1_000),
                clock,
                events,
                kept);
    }
}
