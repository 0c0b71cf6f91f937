// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.status.PipelineStatus;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsageTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

class StatusCommandTest {
    private static final String REFUSAL =
            "configuration refused: component=org.flowtally.accounting, key=limit, value=abc, allowed=1..9";

    private final Suite suite = new Suite();

    @RegisterExtension
    final Shell shell = suite.shell();

    @Test
    void saysReadyWhenEverythingIsWell() throws InterruptedException {
        status(false, 0);

        assertThat(shell.lines().get(0)).isEqualTo("ready: yes");
        assertThat(shell.text())
                .contains("1 of 1 open: default on 0.0.0.0:2055")
                .contains("READY, schema 1")
                .contains("DATABASE, assignments=1000")
                .doesNotContain("warning");
        assertThat(shell.servicesInUse()).isZero();
    }

    @Test
    void saysWhatStandsInTheWayAndFitsTheScreen() throws InterruptedException {
        suite.storage = Suite.storage(
                StorageStatus.State.REFUSED, "password refused: user=flowtally, file=etc/flowtally.password, mend it");
        suite.assignments = Suite.assignments(AssignmentStatus.Source.DISK, "no connection");
        suite.lane = new LaneStatus("policy", Suite.TEN, 1 << 26, 1 << 26, 100, 7, 90, 1);
        suite.endpoints = List.of(Suite.endpoint("default", EndpointStatus.State.FAILED, "address already in use"));
        suite.refusedFiles = List.of(new RefusedConfiguration(
                "org.flowtally.endpoint-default.cfg", "configuration refused: port=70000, allowed=1..65535", true));

        status(false, 0);

        assertThat(shell.text().replace("\n", " "))
                .contains("ready: no (storage is REFUSED: password refused")
                .contains("source=DISK: no connection")
                .contains("the lane waits for policy since 2026-11-20T10:00:00Z")
                .contains("endpoint default is FAILED: address already in use")
                .contains("warning     | org.flowtally.endpoint-default.cfg: configuration refused: port=70000")
                .contains("7 datagrams lost");
        assertThat(shell.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Listing.WIDTH));
    }

    @Test
    void answersWhileBundlesAreAway() throws InterruptedException {
        shell.withoutAny();

        status(false, 0);
        status(true, 0);

        assertThat(shell.text().replace("\n", " "))
                .contains(
                        "storage is away; subscriber is away; accounting is away; pipeline is away; listener is away");
        assertThat(shell.lines().get(shell.lines().size() - 1)).contains("\"storage\":null");
    }

    @Test
    void warnsOfRefusalsThatAnEarlierConfigurationStandsInFor() throws InterruptedException {
        suite.refusedByComponents =
                List.of(new ConfigurationRejected("org.flowtally.storage", "pool.size", 0, "1..64"));
        suite.policyRefusals =
                List.of("configuration refused: component=org.flowtally.class-x.cfg, nothing of the file is in force");

        status(false, 0);

        assertThat(shell.lines().get(0)).isEqualTo("ready: yes");
        assertThat(shell.text().replaceAll("\n +\\| ", " "))
                .contains("component=org.flowtally.storage, key=pool.size, value=0, allowed=1..64, the last good")
                .contains("component=org.flowtally.class-x.cfg, nothing of the file is in force");
    }

    @Test
    void warnsOfWhatAnEndpointLost() throws InterruptedException {
        EndpointStatus well = Suite.endpoint("edge", EndpointStatus.State.OPEN, "");
        suite.endpoints = List.of(new EndpointStatus(
                well.endpoint(), well.state(), "", 1_000, 9_000, 2, 3, 4, 4 << 20, 5, well.connections()));

        status(false, 0);

        assertThat(shell.text())
                .contains("endpoint edge: 2 datagrams larger than any that is taken")
                .contains("endpoint edge: 3 datagrams lost because the hand-off was full")
                .contains("endpoint edge: 4 datagrams dropped by the kernel")
                .contains("endpoint edge: 5 failures in the receiving handler");
    }

    @Test
    void refusesToWaitForLessThanNothing() {
        assertThatThrownBy(() -> status(false, -1)).hasMessageContaining("option=--wait, value=-1, allowed=0 or more");
    }

    @Test
    void warnsOfExportersWhoseClockIsOff() throws InterruptedException {
        suite.clocks.add(Suite.skew("192.0.2.7", ClockState.SKEWED, 7_200_100, ""));
        suite.clocks.add(Suite.skew("192.0.2.8", ClockState.GOOD, 0, ""));
        suite.clocks.add(Suite.skew("192.0.2.9", ClockState.UNSET, -1, ""));

        status(false, 0);

        assertThat(shell.text())
                .contains("clock       | SYNCHRONISED since")
                .contains("2 exporters whose clock is off, see flowtally:clocks");
    }

    @Test
    void warnsOfThisHostsOwnClockInsteadWhenThatIsOff() throws InterruptedException {
        suite.clocks.add(Suite.skew("192.0.2.7", ClockState.SKEWED, 7_200_100, ""));
        suite.hostClock = Suite.hostClock(HostClockState.DRIFTING, "this host's clock is off by +3600000 ms");

        status(false, 0);

        assertThat(shell.text().replace("\n", " "))
                .contains("warning     | this host's clock is off by +3600000 ms")
                .doesNotContain("exporters whose clock");
        assertThat(shell.lines().get(0)).isEqualTo("ready: yes");
    }

    @Test
    void isNotReadyWithoutEndpoint() throws InterruptedException {
        suite.endpoints = List.of();

        status(false, 0);

        assertThat(shell.text()).contains("ready: no (no endpoint is configured");
    }

    @Test
    void waitsUntilReady() throws InterruptedException {
        suite.statusesUntilReady = 2;

        status(false, 20);

        assertThat(shell.lines().get(0)).isEqualTo("ready: yes");
    }

    @Test
    void failsWhenItDoesNotBecomeReadyInTime() {
        shell.without(PipelineStatus.class);

        assertThatThrownBy(() -> status(true, 1))
                .isInstanceOf(CommandRefused.class)
                .hasMessage("not ready after 1 s: pipeline is away");
        assertThat(shell.text()).startsWith("{\"ready\":false,\"why\":[\"pipeline is away\"]");
    }

    @Test
    void hasEverythingInJson() throws InterruptedException {
        shell.without(UsageTables.class);

        status(true, 0);

        assertThat(shell.lines()).hasSize(1);
        assertThat(shell.text())
                .contains("\"ready\":false")
                .contains("\"allowedSubnets\":[\"127.0.0.0/8\",\"10.0.0.0/8\"]")
                .contains("\"loadedAt\":\"2026-11-20T10:00:00Z\"")
                .contains("\"verdicts\":{\"COUNTED\":300}")
                .contains("\"storage\":null");
    }

    @Test
    void namesTheComponentsThatRefusedTheirConfigurationWithoutStartingThemAgain() throws InterruptedException {
        Components components = refuseLedgerConfiguration();

        status(false, 0);
        status(true, 0);

        assertThat(shell.text().replace("\n", " "))
                .contains("ready: no (" + REFUSAL + "; accounting is away)")
                .contains("\"why\":[\"" + REFUSAL + "\",\"accounting is away\"]")
                .contains("\"failedStarts\":[\"" + REFUSAL + "\"]");
        assertThat(shell.asked()).contains(UsageTables.class.getName()).doesNotContain(UsageLedger.class.getName());
        assertThat(components.bundlesAsked()).containsExactly("org.flowtally.accounting");
        assertThat(shell.servicesInUse()).isZero();
    }

    @Test
    void doesNotWaitForAComponentThatRefusedItsConfiguration() {
        refuseLedgerConfiguration();
        Instant start = SystemClock.INSTANCE.instant();

        assertThatThrownBy(() -> status(false, 60)).hasMessage("not ready: " + REFUSAL);

        assertThat(Duration.between(start, SystemClock.INSTANCE.instant())).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void isNotReadyWhileAnEndpointIsRefusedThatNeverWas() {
        String refused = "org.flowtally.endpoint-x.cfg: configuration refused: port=70000, allowed=1..65535";
        suite.refusedFiles = List.of(new RefusedConfiguration(
                "org.flowtally.endpoint-x.cfg", "configuration refused: port=70000, allowed=1..65535", false));

        assertThatThrownBy(() -> status(false, 60)).hasMessage("not ready: " + refused);

        assertThat(shell.lines().get(0)).isEqualTo("ready: no (" + refused + ")");
    }

    @Test
    void goesOnWaitingForAComponentThatFailedOtherwise() {
        Components components = new Components();
        components.add(7, "a", ComponentConfigurationDTO.FAILED_ACTIVATION, "java.io.IOException: disk full");
        shell.with(ServiceComponentRuntime.class, components);

        assertThatThrownBy(() -> status(false, 1))
                .hasMessage("not ready after 1 s: component did not start: component=a,"
                        + " failure=java.io.IOException: disk full");
    }

    private Components refuseLedgerConfiguration() {
        Components components = new Components();
        components.add(6, "org.flowtally.storage", ComponentConfigurationDTO.ACTIVE, "");
        components.addRefused(7, "org.flowtally.accounting", REFUSAL);
        shell.with(ServiceComponentRuntime.class, components);
        shell.providedBy(6, UsageTables.class);
        shell.providedBy(7, UsageLedger.class);
        return components;
    }

    private void status(boolean json, int waitSeconds) throws InterruptedException {
        new StatusCommand(shell.context(), json, waitSeconds).execute();
    }
}
