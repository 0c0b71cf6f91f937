// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.endpoint.Transport;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceFileTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);
    private static final SequencePosition POSITION =
            new SequencePosition(new Exporter("edge", "site", 0, 1, 10, 7, 4739), -5, 2, 77, FlowBatch.NO_UPTIME);

    @TempDir
    private Path folder;

    private SequenceFile file;

    @BeforeEach
    void nameFile() {
        file = new SequenceFile(folder.resolve("decode/sequences.bin"));
    }

    @Test
    void leavesPositionsThatAreTakenOnce() throws IOException {
        file.leave(List.of(POSITION));

        assertThat(file.take()).containsExactly(POSITION);
        assertThat(file.take()).isEmpty();
        assertThat(folder.resolve("decode")).isEmptyDirectory();
    }

    @Test
    void hasNothingWithoutACleanStop() throws IOException {
        assertThat(file.take()).isEmpty();
    }

    @Test
    void refusesAFileThatIsDamagedOnce() throws IOException {
        file.leave(List.of(POSITION));
        Path path = folder.resolve("decode/sequences.bin");
        byte[] octets = Files.readAllBytes(path);
        octets[octets.length - 20] ^= 1;
        Files.write(path, octets);

        assertThatThrownBy(file::take).isInstanceOf(IOException.class);
        assertThat(file.take()).isEmpty();
    }

    @Test
    void countsWhatEachExporterLostMeanwhileWheneverItIsHeardAgain() throws IOException {
        ExporterTable first = table();
        send(first, 1, 100, 30, 5_000);
        send(first, 2, 700, 30, 5_000);
        file.leave(first.positions());

        ExporterTable second = table();
        second.resume(file.take());
        send(second, 1, 190, 30, 90_000);
        file.leave(second.positions());
        ExporterTable third = table();
        third.resume(file.take());
        send(third, 1, 220, 30, 190_000);
        send(third, 2, 770, 30, 190_000);

        assertThat(lost(second)).containsExactly(60L);
        assertThat(lost(third)).containsExactly(0L, 40L);
    }

    @Test
    void forgetsAnExporterAgainThatWasDamagedWhenItWasHeard() throws IOException {
        ExporterTable first = table();
        send(first, 1, 100, 30, 5_000);
        ExporterTable second = table();
        second.resume(first.positions());

        second.discard(second.find(ENDPOINT, 0, 1, 5, 0, 90_000));
        send(second, 1, 190, 30, 91_000);

        assertThat(lost(second)).containsExactly(60L);
    }

    @Test
    void keepsNothingOfConnectionsWhoseNumbersBeginAnewWithTheNext() {
        ExporterTable exporters = table();
        Endpoint connected = new Endpoint(
                "edge",
                "0.0.0.0",
                4739,
                Set.of(10),
                List.of(),
                false,
                List.of(),
                "",
                1 << 20,
                SamplingMode.APPLY,
                1,
                ClockPolicy.DISCARD,
                Counting.ALL,
                Transport.TCP,
                ExporterKey.ADDRESS,
                0);
        TrackedExporter exporter = exporters.find(connected, 0, 1, 10, 0, 5_000);
        exporters.admit(exporter);
        exporter.take(5_000);
        exporter.sequence(100, 30, FlowBatch.NO_UPTIME, 5_000);

        assertThat(exporters.positions()).isEmpty();
    }

    private static ExporterTable table() {
        return new ExporterTable(10, 1000, new TemplateSpace(TemplateLimits.USUAL));
    }

    private static void send(ExporterTable exporters, long address, long number, int units, long atMillis) {
        TrackedExporter exporter = exporters.find(ENDPOINT, 0, address, 5, 0, atMillis);
        exporter.take(atMillis);
        exporter.sequence(number, units, atMillis, atMillis);
        if (!exporter.isKnown()) {
            exporters.admit(exporter);
        }
    }

    private static List<Long> lost(ExporterTable exporters) {
        return exporters.statuses().stream().map(status -> status.lost()).toList();
    }
}
