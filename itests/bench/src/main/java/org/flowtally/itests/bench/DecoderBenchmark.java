// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DatagramDecoder;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.decode.DecodeOnBench;
import org.flowtally.itests.sender.Ipv4;
import org.flowtally.itests.sender.Population;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateSpace;
import org.flowtally.lib.template.TrackedExporter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Every version's decoder, alone and behind the version switch, per row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecoderBenchmark {
    private static final int BATCHES = 64;
    private static final int ROUTERS = 8;

    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** The rows of a batch. */
    static final int ROWS = 1920;

    /** What is decoded. */
    @Param({"V1", "V5", "V7", "V8", "V9", "IPFIX"})
    public String version = "V5";

    private final InstantSource clock = Clock.fixed(Instant.parse("2026-11-20T10:30:00Z"), ZoneOffset.UTC);
    private final DatagramBatch[] batches = new DatagramBatch[BATCHES];
    private final FlowBatch flows = new FlowBatch(2048);
    private final Datagram datagram = new Datagram();
    private final TrackedExporter[] exporters = new TrackedExporter[ROUTERS];
    private final int[] sequence = new int[ROUTERS];
    private DecoderTraffic traffic = DecoderTraffic.V5;
    private FlowDecoder decoder = DecoderTraffic.V5.decoder();
    private DatagramDecoder versionSwitch = (batch, into) -> true;
    private int turn;

    /** Prepares batches that all differ, and lets exporters send their templates. */
    @Setup
    public void prepare() {
        traffic = DecoderTraffic.valueOf(version);
        decoder = traffic.decoder();
        versionSwitch = DecodeOnBench.open(decoder, clock);
        Endpoint endpoint = new Endpoint(
                "default",
                "127.0.0.1",
                2055,
                Set.of(decoder.version()),
                List.of(Prefix.parse("127.0.0.0/8")),
                false,
                List.of(),
                "",
                1 << 22,
                SamplingMode.APPLY,
                1);
        ExporterTable table = new ExporterTable(ROUTERS, Long.MAX_VALUE, new TemplateSpace(TemplateLimits.USUAL));
        DatagramBatch templates = new DatagramBatch();
        for (int router = 0; router < ROUTERS; router++) {
            byte[] octets = traffic.templates(clock.millis());
            exporters[router] = table.find(endpoint, 0, address(router), decoder.version(), 0, clock.millis());
            if (octets.length > 0) {
                append(templates, endpoint, router, octets);
                datagram.view(templates, router);
                decoder.decode(datagram, exporters[router], flows);
                sequence[router] = 1;
            }
        }
        templates.next(0);
        versionSwitch.decode(templates, flows);
        Random random = new Random(1);
        Population population = new Population(10_000);
        for (int batch = 0; batch < BATCHES; batch++) {
            batches[batch] = new DatagramBatch();
            for (int number = 0; number < ROWS / traffic.records(); number++) {
                append(batches[batch], endpoint, number % ROUTERS, traffic.flows(population, random, clock.millis()));
            }
            turn = batch - 1;
            int rows = decoder();
            turn = batch - 1;
            if (rows != ROWS || behindSwitch() != ROWS) {
                throw new IllegalStateException("not decoded: rows=" + rows);
            }
        }
    }

    /** Decodes into the columns. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int decoder() {
        DatagramBatch batch = next();
        flows.clear();
        int undecoded = 0;
        for (int number = 0, size = batch.size(); number < size; number++) {
            datagram.view(batch, number);
            DecodeResult result = decoder.decode(datagram, exporters[number % ROUTERS], flows);
            undecoded += result == DecodeResult.DECODED ? 0 : 1;
        }
        return flows.size() - undecoded;
    }

    /** The same with what is done once a datagram: version, exporter, counters. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int behindSwitch() {
        DatagramBatch batch = next();
        batch.next(0);
        flows.clear();
        versionSwitch.decode(batch, flows);
        return flows.size();
    }

    /** Returns the next batch, with sequence numbers that go on. */
    private DatagramBatch next() {
        turn = (turn + 1) % BATCHES;
        DatagramBatch batch = batches[turn];
        if (traffic.sequenceOffset() >= 0) {
            for (int number = 0, size = batch.size(); number < size; number++) {
                int router = number % ROUTERS;
                U32.set(batch.slab(), batch.offset(number) + traffic.sequenceOffset(), sequence[router]);
                sequence[router] += traffic.sequenceStep();
            }
        }
        return batch;
    }

    private void append(DatagramBatch batch, Endpoint endpoint, int router, byte[] octets) {
        int at = batch.append(endpoint, 0, address(router), 40_000, clock.millis(), octets.length);
        System.arraycopy(octets, 0, batch.slab(), at, octets.length);
    }

    private static long address(int router) {
        return Address.lowOfIpv4(Ipv4.parse("127.1.0.1") + router);
    }
}
