// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.clockguard.ClockGuardOnBench;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;
import org.flowtally.policy.PolicyOnBench;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Clock guard, whitelist and traffic classes with short and with long lists, per row of a batch that was just filled. One end
 * of each flow is a random address of the whitelist, the other any address; which is which is random too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class PolicyBenchmark {
    private static final int OURS = 16_384;
    private static final int SPANS = 64;
    private static final int ROWS_OF_SPAN = 30;
    private static final int ROWS = SPANS * ROWS_OF_SPAN;

    /** How many prefixes the whitelist and each of the two classes have. */
    @Param({"10", "100000"})
    public int prefixes;

    private final InstantSource clock = Clock.fixed(Instant.parse("2026-11-20T10:30:00Z"), ZoneOffset.UTC);
    private final Random random = new Random(1);
    private final int[] ours = new int[OURS];
    private final Exporter[] exporters = new Exporter[8];
    private Endpoint endpoint = endpoint(List.of());
    private final FlowStage clockGuard = ClockGuardOnBench.open(clock);
    private final FlowStage plain = PolicyOnBench.open();
    private FlowStage classes = batch -> {};
    private FlowStage preference = batch -> {};
    private final FlowBatch batch = new FlowBatch(ROWS);

    /** Makes the lists. */
    @Setup
    public void prepare() {
        List<Prefix> whitelist = list(random);
        List<Prefix> cdn = list(random);
        List<Prefix> night = list(random);
        classes = PolicyOnBench.open(Map.of("cdn", cdn, "free-night", night), List.of());
        preference = PolicyOnBench.open(Map.of(), List.of(Prefix.parse("192.0.2.1/32"), Prefix.parse("192.0.2.2/32")));
        endpoint = endpoint(whitelist);
        PrefixTable listed = PrefixTable.of(whitelist);
        for (int number = 0; number < OURS; number++) {
            ours[number] = inside(listed, random);
        }
        for (int number = 0; number < exporters.length; number++) {
            exporters[number] = new Exporter("default", "", 0, 0xFFFF_C000_0201L + number, 9, 0);
        }
    }

    /** Fills the batch with other rows, as the decoders do just before. */
    @Setup(Level.Invocation) // An invocation takes so long that reading the clock around it does not count.
    public void fill() {
        batch.clear();
        for (int span = 0; span < SPANS; span++) {
            Exporter exporter = exporters[random.nextInt(exporters.length)];
            batch.beginSpan(endpoint, exporter, clock.millis(), clock.millis(), 100_000_000);
            for (int row = 0; row < ROWS_OF_SPAN; row++) {
                add(ours[random.nextInt(OURS)], anywhere(random));
            }
        }
    }

    /** Settles and judges times. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int clockGuard() {
        clockGuard.apply(batch);
        return batch.size();
    }

    /** The whitelist alone. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int whitelist() {
        plain.apply(batch);
        return batch.size();
    }

    /** Clock guard, whitelist and the class of both addresses. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int clockWhitelistAndClasses() {
        clockGuard.apply(batch);
        classes.apply(batch);
        return batch.size();
    }

    /** The whitelist and, for a quarter of the rows, who counts them: two of eight exporters are in the order. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int preference() {
        preference.apply(batch);
        return batch.size();
    }

    private static Endpoint endpoint(List<Prefix> whitelist) {
        return new Endpoint(
                "default",
                "127.0.0.1",
                2055,
                Set.of(9),
                List.of(),
                true,
                whitelist,
                "",
                1 << 22,
                SamplingMode.APPLY,
                1);
    }

    private void add(int ours, int theirs) {
        int row = batch.claim(FlowField.ADDRESSES
                | FlowField.OCTETS
                | FlowField.PACKETS
                | FlowField.PORTS
                | FlowField.PROTOCOL
                | FlowField.UPTIME_TIMES);
        boolean isUpload = random.nextBoolean();
        batch.sourceAddress(row, 0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(isUpload ? ours : theirs));
        batch.destinationAddress(row, 0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(isUpload ? theirs : ours));
        batch.octets(row, 1500);
        batch.packets(row, 1);
        batch.ports(row, random.nextInt(65_536), 443);
        batch.protocol(row, 6);
        long ended = 100_000_000L - random.nextInt(1_000);
        batch.observedTimes(row, ended - random.nextInt(60_000), ended);
    }

    private List<Prefix> list(Random random) {
        List<Prefix> list = new ArrayList<>(prefixes);
        for (int number = 0; number < prefixes; number++) {
            int length = 96 + 18 + random.nextInt(11);
            list.add(Prefix.covering(0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(anywhere(random)), length));
        }
        return list;
    }

    /** Returns any address of those that are listed, each as likely as the other. */
    private static int inside(PrefixTable list, Random random) {
        int address = random.nextInt();
        while (list.findIpv4(address) == PrefixTable.NOT_FOUND) {
            address = random.nextInt();
        }
        return address;
    }

    private static int anywhere(Random random) {
        return random.nextInt();
    }
}
