// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every record of the corpus' files of a version without templates, field by field. The test of such a decoder extends this
 * class.
 */
public abstract class CorpusContract {
    private static final Set<String> NO_FIELDS = Set.of("packet", "record", "kind");
    private static final int ROWS_OF_BATCH = 2048;

    /** Returns the decoder under test. */
    protected abstract FlowDecoder decoder();

    /** Returns the fields, by the names that the corpus gives them, that flow batches have no column for. */
    protected abstract Set<String> fieldsWithoutColumn();

    /** Returns the header that the exporter is to be told; empty if the version has no sequence. */
    protected List<Header> headers(JsonNode packet) {
        return List.of(new Header(
                packet.get("sequence").asLong(),
                packet.get("count").asInt(),
                packet.get("sys_uptime_ms").asLong(),
                exportMillis(packet)));
    }

    /** Returns the export time of a packet's header. */
    protected static long exportMillis(JsonNode packet) {
        return packet.get("export_secs").asLong() * 1000
                + packet.get("export_nsecs").asLong() / 1_000_000;
    }

    @TestFactory
    final Stream<DynamicTest> decodesWhatIsExpectedOf() {
        assumeTrue(Corpus.isPresent(), "no shared/corpus beside this repository");
        List<CorpusFile> files = Corpus.find().orElseThrow().files(decoder().version());
        assertThat(files).isNotEmpty();
        return files.stream()
                .filter(CorpusFile::strict)
                .map(file -> DynamicTest.dynamicTest(file.path(), () -> decodesAsExpected(file)));
    }

    private void decodesAsExpected(CorpusFile file) {
        List<byte[]> payloads = file.payloads();
        JsonNode packets = file.expected().get("packets");
        assertThat(payloads).hasSize(packets.size());
        Decoding decoding = new Decoding(decoder(), ROWS_OF_BATCH);
        List<JsonNode> records = new ArrayList<>();
        List<Header> headers = new ArrayList<>();
        for (int at = 0; at < payloads.size(); at++) {
            if (Octets.u16(payloads.get(at), 0) == decoder().version()) {
                assertThat(decoding.decode(payloads.get(at))).isEqualTo(DecodeResult.DECODED);
                records.addAll(file.expectedRecords(at + 1));
                headers.addAll(headers(packets.get(at)));
            }
        }

        assertThat(decoding.exporter().headers()).isEqualTo(headers);
        assertThat(decoding.rows()).hasSameSizeAs(records);
        for (int record = 0; record < records.size(); record++) {
            agrees(decoding.rows().get(record), records.get(record));
        }
    }

    /** Every field that is expected has a column, and the column its value. */
    private void agrees(DecodedRow row, JsonNode expected) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = expected.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (!NO_FIELDS.contains(field.getKey()) && !fieldsWithoutColumn().contains(field.getKey())) {
                JsonNode value = field.getValue();
                assertThat(row.fields())
                        .as("record=%s", expected)
                        .containsEntry(field.getKey(), value.isTextual() ? value.asText() : (Object) value.asLong());
            }
        }
    }
}
