// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Verdict;

/** Whatever datagrams say and decoders do, every datagram has its result and every row its verdict. */
class ConservationProperties {
    @Property(tries = 300)
    void everyDatagramAndEveryRowIsCountedOnce(
            @ForAll @IntRange(min = 1, max = 40) int rowsOfBatch,
            @ForAll @IntRange(min = 1, max = 20) int exporters,
            @ForAll Random random) {
        Workbench bench = new Workbench(exporters, rowsOfBatch)
                .with(new ScriptedDecoder(5))
                .with(new ScriptedDecoder(10));
        DatagramBatch batch = bench.batch();
        int refused = 0;
        for (int datagram = 0; datagram < 200; datagram++) {
            byte[] payload = ScriptedDecoder.datagram(
                    new int[] {5, 5, 5, 10, 9, 77}[random.nextInt(6)],
                    random.nextBoolean() ? ScriptedDecoder.WELL : random.nextInt(ScriptedDecoder.DEEDS),
                    random.nextInt(60),
                    random.nextInt(1000),
                    random.nextInt(2));
            int length = random.nextInt(10) == 0 ? random.nextInt(payload.length) : payload.length;
            bench.append(batch, random.nextInt(4), Arrays.copyOf(payload, length));
            if (random.nextInt(20) == 0) {
                batch.refuse(datagram);
                refused++;
            }
        }

        bench.run(batch);

        long datagrams = bench.versions.datagrams().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(datagrams + refused).isEqualTo(200);
        assertThat(bench.verdicts.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(bench.rows);
        assertThat(bench.versions.rowsDecoded()).isEqualTo(bench.rows);
        long rowsOfKnown = bench.versions.exporters().stream()
                .mapToLong(ExporterStatus::rows)
                .sum();
        if (bench.versions.senders().get("EVICTED") == 0) {
            assertThat(rowsOfKnown).isEqualTo(bench.rows);
        } else {
            assertThat(rowsOfKnown).isLessThanOrEqualTo(bench.rows);
        }
        assertThat(bench.octetsCounted).isEqualTo(100L * bench.rowsWith(Verdict.COUNTED));
    }
}
