// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.flowtally.accounting.AccountingOnBench;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DatagramDecoder;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.clockguard.ClockGuardOnBench;
import org.flowtally.decode.DecodeOnBench;
import org.flowtally.decodev5.NetflowV5;
import org.flowtally.itests.sender.Ipv4;
import org.flowtally.itests.sender.Population;
import org.flowtally.itests.sender.V5Datagram;
import org.flowtally.itests.sender.V5Record;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.policy.PolicyOnBench;
import org.flowtally.subscriber.SubscriberOnBench;
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

/** Every stage after admission, alone and in a chain, per row of NetFlow v5. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StageBenchmark {
    private static final int BATCHES = 64;
    private static final int DATAGRAMS = 64;
    private static final int RECORDS = 30;
    private static final int ROWS = DATAGRAMS * RECORDS;
    private static final int ROUTERS = 8;
    private static final int SEQUENCE = 16; // Where it stands in the header.

    /** How many subscribers there are; every flow has one at one end. */
    @Param("10000")
    public int subscribers;

    private final InstantSource clock = Clock.fixed(Instant.parse("2026-11-20T10:30:00Z"), java.time.ZoneOffset.UTC);
    private final DatagramBatch[] datagrams = new DatagramBatch[BATCHES];
    private final FlowBatch[] flows = new FlowBatch[BATCHES];
    private final FlowBatch reused = new FlowBatch(2048);
    private final FlowStage policy = PolicyOnBench.open();
    private final FlowStage clockGuard = ClockGuardOnBench.open(clock);
    private final FlowStage accounting = AccountingOnBench.open(clock);
    private final DatagramDecoder decode = DecodeOnBench.open(new NetflowV5(), clock);
    private FlowStage subscriber = batch -> {};
    private final int[] sequence = new int[ROUTERS];
    private int turn;

    /** Prepares batches that all differ. */
    @Setup
    public void prepare() throws IOException {
        Population population = new Population(subscribers);
        Path folder = Files.createTempDirectory("flowtally-bench");
        folder.toFile().deleteOnExit();
        subscriber = SubscriberOnBench.open(population, folder, clock);
        Random random = new Random(1);
        for (int batch = 0; batch < BATCHES; batch++) {
            datagrams[batch] = datagrams(population, random);
            flows[batch] = new FlowBatch(2048);
            number(datagrams[batch]);
            decode.decode(datagrams[batch], flows[batch]);
            clockGuard.apply(flows[batch]);
            policy.apply(flows[batch]);
            subscriber.apply(flows[batch]);
            if (flows[batch].size() != ROWS) {
                throw new IllegalStateException("not decoded: rows=" + flows[batch].size() + ", expected=" + ROWS);
            }
        }
    }

    /** Decodes. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int decode() {
        DatagramBatch batch = datagrams[next()];
        number(batch);
        batch.next(0);
        reused.clear();
        decode.decode(batch, reused);
        return reused.size();
    }

    /** Settles and judges times. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int clockGuard() {
        return applied(clockGuard);
    }

    /** Looks whether there is a whitelist: there is none. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int policy() {
        return applied(policy);
    }

    /** Finds who held both addresses. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int subscriber() {
        return applied(subscriber);
    }

    /** Books. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int accounting() {
        return applied(accounting);
    }

    /** All of it, as the lane does. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int chain() {
        int rows = decode();
        clockGuard.apply(reused);
        policy.apply(reused);
        subscriber.apply(reused);
        accounting.apply(reused);
        return rows;
    }

    /** Lets the sequence of each router go on, as if it had sent something new. */
    private void number(DatagramBatch batch) {
        ByteBuffer slab = ByteBuffer.wrap(batch.slab());
        for (int number = 0; number < DATAGRAMS; number++) {
            slab.putInt(batch.offset(number) + SEQUENCE, sequence[number % ROUTERS]);
            sequence[number % ROUTERS] += RECORDS;
        }
    }

    private int applied(FlowStage stage) {
        FlowBatch batch = flows[next()];
        stage.apply(batch);
        return batch.size();
    }

    private int next() {
        turn = (turn + 1) % BATCHES;
        return turn;
    }

    private DatagramBatch datagrams(Population population, Random random) {
        Endpoint endpoint = new Endpoint(
                "default",
                "127.0.0.1",
                2055,
                Set.of(5),
                List.of(Prefix.parse("127.0.0.0/8")),
                false,
                List.of(),
                "",
                1 << 22,
                SamplingMode.APPLY,
                1);
        DatagramBatch batch = new DatagramBatch();
        for (int number = 0; number < DATAGRAMS; number++) {
            byte[] octets = datagram(population, random).toOctets();
            int at = batch.append(
                    endpoint,
                    0,
                    Address.lowOfIpv4(Ipv4.parse("127.1.0.1") + number % ROUTERS),
                    40_000,
                    clock.millis(),
                    octets.length);
            System.arraycopy(octets, 0, batch.slab(), at, octets.length);
        }
        return batch;
    }

    private V5Datagram datagram(Population population, Random random) {
        V5Datagram made = new V5Datagram().exportedAtMillis(clock.millis()).uptimeMillis(100_000_000);
        for (int record = 0; record < RECORDS; record++) {
            int ours = population.address(random.nextInt(population.size()));
            int theirs = Ipv4.parse("198.18.0.0") + random.nextInt(1 << 17);
            boolean upload = random.nextInt(3) == 0;
            long ended = 100_000_000L - random.nextInt(1_000);
            made.add(new V5Record()
                    .addresses(upload ? ours : theirs, upload ? theirs : ours)
                    .counters(1 + random.nextInt(1_000), 64L + random.nextInt(1_000_000))
                    .uptimes(ended - random.nextInt(60_000), ended));
        }
        return made;
    }
}
