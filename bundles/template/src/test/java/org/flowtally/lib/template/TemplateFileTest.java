// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateFileTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(9), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);
    private static final long EXPORT_MILLIS = 1_774_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void readsDataByTemplatesOfAnEarlierRun() throws IOException {
        learn(600_000);

        Collector restarted = restarted();

        assertThat(restarted.decode(data(16), EXPORT_MILLIS + 60_000, 660_000)).isEqualTo(DecodeResult.DECODED);
        assertThat(restarted.flows.size()).isEqualTo(1);
        assertThat(restarted.flows.octets(0)).isEqualTo(1500);
        assertThat(restarted.flows.samplingRate(0)).isEqualTo(64);
    }

    @Test
    void leavesTemplatesOfAnExporterThatRestarted() throws IOException {
        learn(600_000);

        Collector restarted = restarted();

        assertThat(restarted.decode(data(16), EXPORT_MILLIS + 60_000, 5000))
                .isEqualTo(DecodeResult.WAITING_FOR_TEMPLATE);
        assertThat(restarted.space.count(TemplateCounter.OUTDATED)).isEqualTo(1);
    }

    @Test
    void leavesTemplatesThatDoNotFitTheirRecords() throws IOException {
        learn(600_000);

        Collector restarted = restarted();

        assertThat(restarted.decode(data(20), EXPORT_MILLIS + 60_000, 660_000))
                .isEqualTo(DecodeResult.WAITING_FOR_TEMPLATE);
        assertThat(restarted.space.count(TemplateCounter.OUTDATED)).isEqualTo(1);
    }

    @Test
    void keepsWhatSilentExportersTold() throws IOException {
        learn(600_000);

        new TemplateFile(path()).write(restarted().exporters.remembered());

        assertThat(restarted().decode(data(16), EXPORT_MILLIS + 60_000, 660_000))
                .isEqualTo(DecodeResult.DECODED);
    }

    @Test
    void refusesAFileThatIsDamaged() throws IOException {
        learn(600_000);
        byte[] octets = Files.readAllBytes(path());
        octets[octets.length / 2] ^= 1;
        Files.write(path(), octets);

        assertThatThrownBy(() -> new TemplateFile(path()).read()).isInstanceOf(IOException.class);
    }

    @Test
    void remembersNobodyWithoutAFile() throws IOException {
        assertThat(new TemplateFile(path()).read()).isEmpty();
    }

    private Path path() {
        return folder.resolve("decode/templates.bin");
    }

    private void learn(long uptimeMillis) throws IOException {
        Collector collector = new Collector();
        ByteBuffer sets = ByteBuffer.allocate(24 + 18 + 13);
        sets.putShort((short) 0).putShort((short) 24).putShort((short) 300).putShort((short) 4);
        field(field(field(field(sets, 8, 4), 12, 4), 1, 4), 2, 4);
        sets.putShort((short) 1)
                .putShort((short) 18)
                .putShort((short) 256)
                .putShort((short) 4)
                .putShort((short) 4);
        field(field(sets, 1, 4), 34, 4);
        sets.putShort((short) 256).putShort((short) 12).putInt(0).putInt(64);
        collector.decode(Arrays.copyOf(sets.array(), sets.position()), EXPORT_MILLIS, uptimeMillis);
        new TemplateFile(path()).write(collector.exporters.remembered());
    }

    private static ByteBuffer field(ByteBuffer sets, int element, int length) {
        return sets.putShort((short) element).putShort((short) length);
    }

    private static byte[] data(int octets) {
        ByteBuffer set = ByteBuffer.allocate(4 + octets).putShort((short) 300).putShort((short) (4 + octets));
        return set.putInt(1).putInt(2).putInt(1500).putInt(1).array();
    }

    private Collector restarted() throws IOException {
        Collector collector = new Collector();
        collector.exporters.restore(new TemplateFile(path()).read());
        return collector;
    }

    private static final class Collector {
        private final TemplateSpace space = new TemplateSpace(TemplateLimits.USUAL);
        private final ExporterTable exporters = new ExporterTable(10, 1000, space);
        private final MessageDecoder decoder = new MessageDecoder(Dialect.V9);
        private final FlowBatch flows = new FlowBatch(10);

        private DecodeResult decode(byte[] sets, long exportMillis, long uptimeMillis) {
            DatagramBatch batch = new DatagramBatch(sets.length, 1);
            int offset = batch.append(ENDPOINT, 0, 1, 2, exportMillis, sets.length);
            System.arraycopy(sets, 0, batch.slab(), offset, sets.length);
            Datagram datagram = new Datagram();
            datagram.view(batch, 0);
            flows.clear();
            TrackedExporter exporter = exporters.find(ENDPOINT, 0, 1, 9, 7, exportMillis);
            DecodeResult result = decoder.decode(datagram, exporter, flows, 0, exportMillis, uptimeMillis, 1);
            if (!exporter.isKnown()) {
                exporters.admit(exporter);
            }
            return result;
        }
    }
}
