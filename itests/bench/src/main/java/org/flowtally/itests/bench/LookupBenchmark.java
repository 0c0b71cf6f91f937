// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;
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

/** The longest-prefix match, per look-up. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
    private static final int LOOKUPS = 4096;

    /** The size of the table. */
    @Param({"10000", "100000"})
    public int prefixes;

    private PrefixTable table = PrefixTable.empty();
    private final int[] addresses = new int[LOOKUPS];

    /** Makes a table of host prefixes and addresses of which half lie in it. */
    @Setup
    public void makeTable() {
        PrefixTable.Builder builder = PrefixTable.builder();
        int first = 0x64400000;
        for (int number = 0; number < prefixes; number++) {
            builder.put(Prefix.covering(0, Address.lowOfIpv4(first + number), 128), number);
        }
        table = builder.build();
        Random random = new Random(1);
        for (int at = 0; at < LOOKUPS; at++) {
            addresses[at] = random.nextBoolean() ? first + random.nextInt(prefixes) : random.nextInt();
        }
    }

    /** Looks addresses up in random order. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public int find() {
        int sum = 0;
        for (int address : addresses) {
            sum += table.findIpv4(address);
        }
        return sum;
    }
}
