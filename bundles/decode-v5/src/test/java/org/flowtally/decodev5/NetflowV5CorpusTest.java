// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev5;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.flowtally.itests.contract.corpus.Corpus;
import org.flowtally.itests.contract.corpus.CorpusFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIf;

/** Every record and every field of the corpus' v5 captures. */
@EnabledIf(
        value = "org.flowtally.itests.contract.corpus.Corpus#isPresent",
        disabledReason = "no shared/corpus beside this repository")
class NetflowV5CorpusTest {
    private static final Set<String> NO_FIELDS = Set.of("packet", "record", "kind");

    @TestFactory
    Stream<DynamicTest> decodesWhatIsExpectedOf() {
        return files().filter(CorpusFile::strict)
                .map(file -> DynamicTest.dynamicTest(file.path(), () -> decodesAsExpected(file)));
    }

    @TestFactory
    Stream<DynamicTest> refusesTheWholeOf() {
        return files().filter(file -> !file.strict())
                .map(file -> DynamicTest.dynamicTest(file.path(), () -> refusesAll(file)));
    }

    private static Stream<CorpusFile> files() {
        List<CorpusFile> files = Corpus.find().orElseThrow().files(V5Header.VERSION);
        assertThat(files).isNotEmpty();
        return files.stream();
    }

    private static void decodesAsExpected(CorpusFile file) {
        List<byte[]> payloads = file.payloads();
        JsonNode packets = file.expected().get("packets");
        assertThat(payloads).hasSize(packets.size());
        for (int at = 0; at < payloads.size(); at++) {
            if (Octets.u16(payloads.get(at), 0) == V5Header.VERSION) {
                decodesAsExpected(payloads.get(at), packets.get(at), file.expectedRecords(at + 1));
            }
        }
    }

    private static void decodesAsExpected(byte[] payload, JsonNode packet, List<JsonNode> records) {
        Decoding decoding = new Decoding(new NetflowV5(), 2048);

        assertThat(decoding.decode(payload)).isEqualTo(DecodeResult.DECODED);

        long exportMillis = packet.get("export_secs").asLong() * 1000
                + packet.get("export_nsecs").asLong() / 1_000_000;
        assertThat(decoding.exporter().headers())
                .containsExactly(new Header(
                        packet.get("sequence").asLong(),
                        packet.get("count").asInt(),
                        packet.get("sys_uptime_ms").asLong(),
                        exportMillis));
        assertThat(decoding.exporter().samplingRates())
                .containsExactly(packet.get("sampling_interval").asInt());
        assertThat(Octets.u16(payload, V5Header.ENGINE))
                .isEqualTo(packet.get("engine_type").asInt() * 256
                        + packet.get("engine_id").asInt());
        assertThat(decoding.rows()).hasSameSizeAs(records);
        for (int record = 0; record < records.size(); record++) {
            agrees(decoding.rows().get(record), records.get(record));
        }
    }

    /** Every field that is expected has a column, and the column its value. */
    private static void agrees(DecodedRow row, JsonNode expected) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = expected.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (!NO_FIELDS.contains(field.getKey())) {
                JsonNode value = field.getValue();
                assertThat(row.fields())
                        .as("record=%s", expected)
                        .containsEntry(field.getKey(), value.isTextual() ? value.asText() : (Object) value.asLong());
            }
        }
    }

    private static void refusesAll(CorpusFile file) {
        for (byte[] payload : file.payloads()) {
            Decoding decoding = new Decoding(new NetflowV5(), 2048);

            assertThat(decoding.decode(payload)).isIn(DecodeResult.TRUNCATED, DecodeResult.LENGTH_MISMATCH);
            assertThat(decoding.rows()).isEmpty();
        }
    }
}
