// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.template.ExporterLimits;
import org.flowtally.lib.template.HandOver;

/** A version switch on the workbench, with the lane that calls it and time that stands still. */
final class Workbench {
    static final long BUNDLE = 42;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L));

    final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    final VersionSwitch versions;
    final FlowBatch flows;
    final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private Endpoint endpoint = endpoint(SamplingMode.APPLY, 1);
    private long receivedAtMillis = 6000;
    long rows;
    long octets;
    long octetsCounted;
    final AtomicInteger batches = new AtomicInteger();

    Workbench(int exporters, int rowsOfBatch) {
        this(exporters, rowsOfBatch, Optional.empty());
    }

    Workbench(int exporters, int rowsOfBatch, Optional<HandOver> left) {
        versions = new VersionSwitch(
                new DecodeSettings(new ExporterLimits(exporters, exporters, exporters, 60_000), Duration.ofSeconds(60)),
                CLOCK,
                nanos::get,
                new CounterArray(DecodeResult.values().length),
                new CounterArray(1),
                left);
        flows = new FlowBatch(rowsOfBatch);
    }

    Workbench with(FlowDecoder decoder) {
        return with(decoder, 0);
    }

    Workbench with(FlowDecoder decoder, int ranking) {
        versions.offer(new DecoderSlot.Offer(decoder, BUNDLE, "org.example.decode 1.0.0", ranking));
        return this;
    }

    /** Lets time go on for what is received from now on. */
    void at(int second) {
        receivedAtMillis = 6000 + 1000L * second;
    }

    void sampling(SamplingMode mode, int rate) {
        endpoint = endpoint(mode, rate);
    }

    DatagramBatch batch(byte[]... payloads) {
        DatagramBatch batch = new DatagramBatch(1 << 16, 2048);
        for (byte[] payload : payloads) {
            append(batch, 0xC000_0201L, payload);
        }
        return batch;
    }

    /** Tells exporters apart by their port, too. */
    void tellPortsApart() {
        endpoint = new Endpoint(
                endpoint.name(),
                endpoint.bindAddress(),
                endpoint.port(),
                endpoint.versions(),
                endpoint.allowedSubnets(),
                false,
                List.of(),
                "",
                endpoint.receiveBufferOctets(),
                endpoint.samplingMode(),
                endpoint.samplingRate(),
                endpoint.clockPolicy(),
                endpoint.counting(),
                endpoint.transport(),
                ExporterKey.ADDRESS_AND_PORT,
                0);
    }

    void append(DatagramBatch batch, long from, byte[] payload) {
        append(batch, from, 40_000, payload);
    }

    void append(DatagramBatch batch, long from, int port, byte[] payload) {
        int offset = batch.append(endpoint, 0, 0xFFFF_0000_0000L | from, port, receivedAtMillis, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
    }

    /** Calls as the lane does, and adds up what comes out. */
    void run(DatagramBatch batch) {
        boolean done = false;
        while (!done) {
            done = step(batch);
        }
    }

    boolean step(DatagramBatch batch) {
        flows.clear();
        boolean done = versions.decode(batch, flows);
        batches.incrementAndGet();
        for (int span = 0; span < flows.spans(); span++) {
            for (int row = flows.firstRow(span); row < flows.endRow(span); row++) {
                rows++;
                octets += flows.octets(row);
                octetsCounted += flows.verdict(row) == Verdict.COUNTED ? flows.octets(row) : 0;
                verdicts.merge(flows.verdict(row), 1, Integer::sum);
            }
        }
        return done;
    }

    long count(DecodeResult result) {
        return versions.datagrams().get(result);
    }

    DecoderStatus decoder(int version) {
        return versions.decoders().stream()
                .filter(status -> status.version() == version)
                .findFirst()
                .orElseThrow();
    }

    int rowsWith(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0);
    }

    boolean isIncomplete(int row) {
        return flows.verdict(row) == Verdict.INCOMPLETE && !flows.has(row, FlowField.OCTETS);
    }

    private static Endpoint endpoint(SamplingMode mode, int rate) {
        return new Endpoint(
                "edge", "0.0.0.0", 2055, Set.of(5, 9), List.of(), false, List.of(), "", 1 << 20, mode, rate);
    }
}
