// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockState;
import org.flowtally.api.config.ConfigurationDirectory;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderControl;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.ConnectionCounts;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.ClassStatus;
import org.flowtally.api.policy.CountingStatus;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.PolicyDirectory;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.status.PipelineStatus;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentReload;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTables;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;

/** A whole suite of services that answer with what a test puts in; at first everything is well. */
final class Suite {
    static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");

    List<EndpointStatus> endpoints = List.of(endpoint("default", EndpointStatus.State.OPEN, ""));
    List<RefusedConfiguration> refusedFiles = List.of();
    List<ConfigurationRejected> refusedByComponents = List.of();
    List<String> policyRefusals = List.of();
    List<ExporterStatus> exporters = new ArrayList<>();
    List<RefusedSender> refusedSenders = new ArrayList<>();
    Map<DecodeResult, Long> datagrams = new LinkedHashMap<>(Map.of(DecodeResult.DECODED, 12L));
    Map<Verdict, Long> verdicts = new LinkedHashMap<>(Map.of(Verdict.COUNTED, 300L));
    Map<Verdict, Long> octets = new LinkedHashMap<>(Map.of(Verdict.COUNTED, -1L));
    List<DecoderStatus> decoders = new ArrayList<>();
    List<TemplateStatus> templates = new ArrayList<>();
    List<InterfaceStatus> interfaces = new ArrayList<>();
    List<ExporterAdvice> advice = new ArrayList<>();
    List<String> switched = new ArrayList<>();
    String ledgerFailure = "";
    final List<ClassStatus> classes = new ArrayList<>();
    final List<CountingStatus> rules = new ArrayList<>();
    long rowsDecoded = 300;
    LaneStatus lane = new LaneStatus("", TEN, 0, 67_108_864, 12, 0, 12, 0);
    StorageStatus storage = storage(StorageStatus.State.READY, "");
    AssignmentStatus assignments = assignments(AssignmentStatus.Source.DATABASE, "");
    HostClock hostClock = hostClock(HostClockState.SYNCHRONISED, "");
    List<ExporterSkew> clocks = new ArrayList<>();
    List<UsageTotal> usage = new ArrayList<>();
    UsageQuery lastQuery = new UsageQuery("", TEN, TEN, 0);
    int statusesUntilReady;

    Shell shell() {
        return new Shell()
                .with(EndpointDirectory.class, new Endpoints())
                .with(PolicyDirectory.class, new Policy())
                .with(ConfigurationDirectory.class, () -> refusedByComponents)
                .with(ExporterDirectory.class, new Exporters())
                .with(DecoderControl.class, new Control())
                .with(DatagramAdmission.class, new Admission())
                .with(ClockDirectory.class, new Clocks())
                .with(PipelineStatus.class, () -> lane)
                .with(AssignmentLoader.class, new Loader())
                .with(AssignmentReload.class, () -> assignments)
                .with(UsageLedger.class, new Ledger())
                .with(UsageTables.class, new Tables());
    }

    static EndpointStatus endpoint(String name, EndpointStatus.State state, String message) {
        return endpoint(name, state, message, List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("10.0.0.0/8")));
    }

    static EndpointStatus endpoint(
            String name, EndpointStatus.State state, String message, List<Prefix> allowedSubnets) {
        Endpoint endpoint = new Endpoint(
                name, "0.0.0.0", 2055, Set.of(5), allowedSubnets, false, List.of(), "", 4 << 20, SamplingMode.APPLY, 1);
        return new EndpointStatus(endpoint, state, message, 12, 17_568, 0, 0, 0, 4 << 20, 0, ConnectionCounts.NONE);
    }

    static ExporterStatus exporter(String address, long counter) {
        Address parsed = Address.parse(address);
        return new ExporterStatus(
                new Exporter("default", "", parsed.high(), parsed.low(), 5, 65_535),
                TEN,
                TEN,
                counter,
                counter,
                0,
                counter,
                0,
                0,
                0,
                1000,
                "header");
    }

    static HostClock hostClock(HostClockState state, String message) {
        return new HostClock(state, TEN, "192.0.2.123", -12, 3, 2, 2, 3, 0, Optional.of(TEN), message);
    }

    static ExporterSkew skew(String address, ClockState state, long offsetMillis, String cause) {
        Address parsed = Address.parse(address);
        return new ExporterSkew(
                new Exporter("default", "", parsed.high(), parsed.low(), 5, 0),
                state,
                TEN,
                offsetMillis,
                250,
                1,
                ClockPolicy.CORRECT,
                cause,
                2,
                TEN,
                3,
                4500,
                Map.of(ClockAction.CORRECTED, 12L, ClockAction.FUTURE, 1L),
                Map.of(ClockAction.CORRECTED, -1L, ClockAction.FUTURE, 77L));
    }

    static StorageStatus storage(StorageStatus.State state, String message) {
        return new StorageStatus(state, message, 1, 4, 0, 0, 4L << 30, 0, Optional.of(TEN));
    }

    static AssignmentStatus assignments(AssignmentStatus.Source source, String lastFailure) {
        return new AssignmentStatus(source, Optional.of(TEN), 1000, 900, 0, 0, List.of(), lastFailure);
    }

    private final class Policy implements PolicyDirectory {
        @Override
        public List<ClassStatus> classes() {
            return classes;
        }

        @Override
        public List<CountingStatus> exporters() {
            return rules;
        }

        @Override
        public List<String> refused() {
            return policyRefusals;
        }
    }

    private final class Endpoints implements EndpointDirectory {
        @Override
        public List<EndpointStatus> endpoints() {
            return endpoints;
        }

        @Override
        public List<RefusedConfiguration> refused() {
            return refusedFiles;
        }
    }

    private final class Control implements DecoderControl {
        @Override
        public void disable(int version) {
            switched.add("off " + version);
        }

        @Override
        public void enable(int version) {
            switched.add("on " + version);
        }
    }

    private final class Clocks implements ClockDirectory {
        @Override
        public HostClock host() {
            return hostClock;
        }

        @Override
        public List<ExporterSkew> exporters() {
            return clocks;
        }
    }

    private final class Exporters implements ExporterDirectory {
        @Override
        public List<ExporterStatus> exporters() {
            return exporters;
        }

        @Override
        public List<DecoderStatus> decoders() {
            return decoders;
        }

        @Override
        public Map<String, Long> templates() {
            return Map.of("HELD", 7L);
        }

        @Override
        public List<TemplateStatus> knownTemplates() {
            return templates;
        }

        @Override
        public List<InterfaceStatus> interfaces() {
            return interfaces;
        }

        @Override
        public List<ExporterAdvice> advice() {
            return advice;
        }

        @Override
        public Map<DecodeResult, Long> datagrams() {
            return datagrams;
        }

        @Override
        public long rowsDecoded() {
            return rowsDecoded;
        }
    }

    private final class Admission implements DatagramAdmission {
        @Override
        public void admit(DatagramBatch batch) {
            throw new UnsupportedOperationException("commands only read");
        }

        @Override
        public List<RefusedSender> refused() {
            return refusedSenders;
        }

        @Override
        public long refusedDatagrams() {
            return refusedSenders.stream().mapToLong(RefusedSender::datagrams).sum();
        }
    }

    private final class Loader implements AssignmentLoader {
        @Override
        public String statement() {
            throw new UnsupportedOperationException("commands only read");
        }

        @Override
        public AssignmentStatus load(Iterator<Map<String, Object>> rows) {
            throw new UnsupportedOperationException("commands only read");
        }

        @Override
        public void failed(String reason) {
            throw new UnsupportedOperationException("commands only read");
        }

        @Override
        public AssignmentStatus status() {
            return assignments;
        }
    }

    private final class Ledger implements UsageLedger {
        @Override
        public void flush() {
            throw new UnsupportedOperationException("commands only read");
        }

        @Override
        public LedgerStatus status() {
            return new LedgerStatus(
                    "collector-1", 1_882_370_919_629_695_153L, 4, 2, 500_000, verdicts, octets, ledgerFailure);
        }
    }

    private final class Tables implements UsageTables {
        @Override
        public List<UsageTotal> usage(UsageQuery query) {
            lastQuery = query;
            return usage;
        }

        @Override
        public StorageStatus status() {
            return statusesUntilReady-- > 0 ? storage(StorageStatus.State.STARTING, "connecting") : storage;
        }
    }
}
