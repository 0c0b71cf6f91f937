// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.api.config.ConfigurationDirectory;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.PolicyDirectory;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.status.PipelineStatus;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsageTables;

/**
 * What the whole suite says of itself at one moment; what is away says nothing.
 *
 * @param endpoints every endpoint, if the listener is there
 * @param refusedConfigurations endpoint files that were refused
 * @param refusals what else was refused while an earlier configuration is in force
 * @param lane the working thread
 * @param ledger the ledger
 * @param storage the tables and the pages on their way into them
 * @param assignments the assignments in force
 * @param hostClock this host's own clock
 * @param clocks the clocks of the exporters
 * @param refusedDatagrams datagrams of senders that are not allowed
 * @param failedStarts components that did not start; last, as one of the questions before may be a component's first start
 */
record Snapshot(
        Optional<List<EndpointStatus>> endpoints,
        List<RefusedConfiguration> refusedConfigurations,
        List<String> refusals,
        Optional<LaneStatus> lane,
        Optional<LedgerStatus> ledger,
        Optional<StorageStatus> storage,
        Optional<AssignmentStatus> assignments,
        Optional<HostClock> hostClock,
        List<ExporterSkew> clocks,
        long refusedDatagrams,
        List<FailedStart> failedStarts) {

    private static final Set<ClockState> OFF = Set.of(ClockState.SKEWED, ClockState.UNSET, ClockState.JUMPED);

    static Snapshot of(Services services) {
        return new Snapshot(
                services.ask(EndpointDirectory.class, EndpointDirectory::endpoints),
                services.ask(EndpointDirectory.class, EndpointDirectory::refused)
                        .orElse(List.of()),
                goingOnWithout(services),
                services.ask(PipelineStatus.class, PipelineStatus::lane),
                services.ask(UsageLedger.class, UsageLedger::status),
                services.ask(UsageTables.class, UsageTables::status),
                services.ask(AssignmentLoader.class, AssignmentLoader::status),
                services.ask(ClockDirectory.class, ClockDirectory::host),
                services.ask(ClockDirectory.class, ClockDirectory::exporters).orElse(List.of()),
                services.ask(DatagramAdmission.class, DatagramAdmission::refusedDatagrams)
                        .orElse(0L),
                services.failedStarts());
    }

    private static List<String> goingOnWithout(Services services) {
        List<String> refusals = new ArrayList<>();
        services.ask(ConfigurationDirectory.class, ConfigurationDirectory::refused).orElse(List.of()).stream()
                .map(refused -> refused.getMessage() + ", the last good configuration stays in force")
                .forEach(refusals::add);
        refusals.addAll(
                services.ask(PolicyDirectory.class, PolicyDirectory::refused).orElse(List.of()));
        return refusals;
    }

    boolean isReady() {
        return obstacles().isEmpty();
    }

    /** Returns the refusals of configurations that have no good one before them in force: waiting does not help. */
    List<String> firstRefusals() {
        List<String> refusals = new ArrayList<>();
        failedStarts.stream()
                .filter(FailedStart::isRefusal)
                .map(FailedStart::reason)
                .forEach(refusals::add);
        refusedConfigurations.stream()
                .filter(refused -> !refused.isEarlierInForce())
                .map(RefusedConfiguration::toString)
                .forEach(refusals::add);
        return refusals;
    }

    /** Returns what keeps the collector from counting into the tables, in the order in which to mend it. */
    List<String> obstacles() {
        List<String> obstacles = firstRefusals();
        failedStarts.stream()
                .filter(failed -> !failed.isRefusal())
                .map(FailedStart::reason)
                .forEach(obstacles::add);
        storage.ifPresentOrElse(
                status -> {
                    if (status.state() != StorageStatus.State.READY) {
                        obstacles.add("storage is " + status.state() + because(status.message()));
                    }
                },
                () -> obstacles.add("storage is away"));
        assignments.ifPresentOrElse(
                status -> {
                    if (status.source() != AssignmentStatus.Source.DATABASE) {
                        obstacles.add("assignments are not loaded from the database yet: source=" + status.source()
                                + because(status.lastFailure()));
                    }
                },
                () -> obstacles.add("subscriber is away"));
        if (ledger.isEmpty()) {
            obstacles.add("accounting is away");
        }
        lane.ifPresentOrElse(
                status -> {
                    if (!status.waitingFor().isEmpty()) {
                        obstacles.add("the lane waits for " + status.waitingFor() + " since " + status.since());
                    }
                },
                () -> obstacles.add("pipeline is away"));
        endpoints.ifPresentOrElse(all -> addEndpointObstacles(all, obstacles), () -> obstacles.add("listener is away"));
        return obstacles;
    }

    private void addEndpointObstacles(List<EndpointStatus> all, List<String> obstacles) {
        if (all.isEmpty() && refusedConfigurations.isEmpty()) {
            obstacles.add("no endpoint is configured (etc/org.flowtally.endpoint-NAME.cfg)");
        }
        for (EndpointStatus status : all) {
            if (status.state() != EndpointStatus.State.OPEN) {
                obstacles.add(
                        "endpoint " + status.endpoint().name() + " is " + status.state() + because(status.message()));
            }
        }
    }

    /** Returns what an operator should look at although the collector may be ready. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        refusedConfigurations.stream()
                .filter(RefusedConfiguration::isEarlierInForce)
                .map(refused -> refused + ", the last good configuration stays in force")
                .forEach(warnings::add);
        warnings.addAll(refusals);
        endpoints.ifPresent(all -> all.forEach(status -> warnOfEndpoint(status, warnings)));
        lane.ifPresent(status -> {
            warn(warnings, status.datagramsLost(), "datagrams lost because the hand-off was full");
            warn(warnings, status.batchesFailed(), "batches in which a stage failed: a bug, see log:display");
        });
        ledger.ifPresent(status -> {
            if (!status.lastFailure().isEmpty()) {
                warnings.add("page not written: " + status.lastFailure());
            }
            warn(
                    warnings,
                    status.verdicts().getOrDefault(Verdict.LEDGER_FULL, 0L),
                    "rows lost because the ledger was full");
        });
        storage.ifPresent(status -> {
            if (status.state() == StorageStatus.State.READY && !status.message().isEmpty()) {
                warnings.add("storage: " + status.message());
            }
            warn(warnings, status.pagesDamaged(), "pages put aside as damaged, in data/flowtally/pages/damaged");
        });
        assignments.ifPresent(status -> warnOfAssignments(status, warnings));
        warnOfClocks(warnings);
        warn(warnings, refusedDatagrams, "datagrams of senders that are not allowed, see flowtally:refused");
        return warnings;
    }

    /** While this host's own clock is off, nobody else's can be judged. */
    private void warnOfClocks(List<String> warnings) {
        if (hostClock.filter(host -> host.state() == HostClockState.DRIFTING).isPresent()) {
            warnings.add(hostClock.get().message());
            return;
        }
        warn(
                warnings,
                clocks.stream().filter(skew -> OFF.contains(skew.state())).count(),
                "exporters whose clock is off, see flowtally:clocks");
    }

    private static void warnOfEndpoint(EndpointStatus status, List<String> warnings) {
        String name = "endpoint " + status.endpoint().name() + ": ";
        if (status.state() == EndpointStatus.State.OPEN && !status.message().isEmpty()) {
            warnings.add(name + status.message());
        }
        warn(warnings, status.kernelDrops(), name, "datagrams dropped by the kernel, its receive buffer was full");
        warn(warnings, status.handOffLost(), name, "datagrams lost because the hand-off was full");
        warn(warnings, status.oversized(), name, "datagrams larger than any that is taken");
        warn(warnings, status.handlerErrors(), name, "failures in the receiving handler: a bug, see log:display");
    }

    private static void warnOfAssignments(AssignmentStatus status, List<String> warnings) {
        if (status.source() == AssignmentStatus.Source.DATABASE
                && !status.lastFailure().isEmpty()) {
            warnings.add("assignments not reloaded, those in force stay: " + status.lastFailure());
        }
        warn(warnings, status.conflicts(), "assignments overlap another one of the same prefix");
        warn(warnings, status.skipped(), "rows of ip_assignment cannot be used");
        warnings.addAll(status.problems());
    }

    private static void warn(List<String> warnings, long count, String what) {
        warn(warnings, count, "", what);
    }

    private static void warn(List<String> warnings, long count, String whose, String what) {
        if (count > 0) {
            warnings.add(whose + count + " " + what);
        }
    }

    private static String because(String message) {
        return message.isEmpty() ? "" : ": " + message;
    }
}
