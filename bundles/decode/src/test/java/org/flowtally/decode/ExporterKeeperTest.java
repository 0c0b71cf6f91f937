// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.decode.ScriptedDecoder.datagram;

import java.nio.file.Files;
import java.nio.file.Path;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.lib.template.HandOver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterKeeperTest {
    @TempDir
    private Path folder;

    @Test
    void tellsAfterACleanStopWhatWasLostMeanwhile() {
        stoppedBehindThreeRecords();

        Workbench second = new Workbench(100, 10).with(new ScriptedDecoder(5));
        started(second, true);
        second.run(second.batch(datagram(5, 0, 3, 8, 1)));

        assertThat(second.versions.exporters())
                .singleElement()
                .extracting(ExporterStatus::lost)
                .isEqualTo(5L);
    }

    @Test
    void tellsNothingAfterACrash() {
        stoppedBehindThreeRecords();
        Workbench second = new Workbench(100, 10).with(new ScriptedDecoder(5));
        started(second, true);
        second.run(second.batch(datagram(5, 0, 3, 3, 1)));

        Workbench third = new Workbench(100, 10).with(new ScriptedDecoder(5));
        started(third, true);
        third.run(third.batch(datagram(5, 0, 3, 100, 1)));

        assertThat(third.versions.exporters())
                .singleElement()
                .extracting(ExporterStatus::lost)
                .isEqualTo(0L);
    }

    @Test
    void leavesNothingForACrashWhereExportersWereHandedOver() {
        Workbench first = stoppedBehindThreeRecords();
        assertThat(folder.resolve("sequences.bin")).exists();

        started(first, false);

        assertThat(Files.exists(folder.resolve("sequences.bin"))).isFalse();
    }

    private Workbench stoppedBehindThreeRecords() {
        Workbench bench = new Workbench(100, 10).with(new ScriptedDecoder(5));
        ExporterKeeper keeper = started(bench, true);
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));
        keeper.stop();
        return bench;
    }

    private ExporterKeeper started(Workbench bench, boolean restores) {
        HandOver exporters = bench.versions.handOver();
        ExporterKeeper keeper = new ExporterKeeper(folder, exporters.exporters(), exporters.space());
        keeper.start(restores);
        return keeper;
    }
}
