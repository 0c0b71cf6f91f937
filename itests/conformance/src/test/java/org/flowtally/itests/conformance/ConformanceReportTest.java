// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.decodeipfix.Ipfix;
import org.flowtally.decodev1.NetflowV1;
import org.flowtally.decodev5.NetflowV5;
import org.flowtally.decodev7.NetflowV7;
import org.flowtally.decodev8.NetflowV8;
import org.flowtally.decodev9.NetflowV9;
import org.flowtally.itests.contract.corpus.Conformance;
import org.flowtally.itests.contract.corpus.Corpus;
import org.flowtally.itests.contract.corpus.CorpusCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** {@code docs/conformance.md} says what the corpus shows; {@code -Dconformance.write=true} writes it anew. */
@EnabledIf(
        value = "org.flowtally.itests.contract.corpus.Corpus#isPresent",
        disabledReason = "no shared/corpus beside this repository")
class ConformanceReportTest {
    private static final Path REPORT = Path.of(System.getProperty("root.folder"), "docs/conformance.md");
    private static final List<FlowDecoder> DECODERS =
            List.of(new NetflowV1(), new NetflowV5(), new NetflowV7(), new NetflowV8(), new NetflowV9(), new Ipfix());

    @Test
    void isWhatTheReportSays() throws IOException {
        String report = report();

        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(REPORT, report);
        }

        assertThat(Files.readString(REPORT)).isEqualTo(report);
    }

    private static String report() {
        StringBuilder differences = new StringBuilder();
        StringBuilder table = new StringBuilder();
        for (FlowDecoder decoder : DECODERS) {
            Map<String, Line> byVendor = new TreeMap<>();
            for (CorpusCase each : Corpus.find().orElseThrow().cases(decoder.version())) {
                Conformance conformance = new Conformance(decoder);
                conformance.feed(each);
                byVendor.computeIfAbsent(each.vendor(), vendor -> new Line()).add(each, conformance);
                conformance
                        .differences()
                        .forEach(difference ->
                                differences.append("- ").append(difference).append('\n'));
            }
            byVendor.forEach((vendor, line) -> table.append(line.text(decoder.version(), vendor)));
        }
        return """
                # Conformance
                What the decoders make of the captures that public projects test their own decoders with, beside values derived without
                any code of this project. Generated: `mvn verify -pl itests/conformance -am -Dconformance.write=true`.

                A case is one conversation. It is equal if every flow record of it is a row, every row is one of its records, and every
                field that a flow batch has a column for has the expected value. Loose cases are malformed or ambiguous: they are fed, must
                disturb nothing, and are not compared. Rows of early data are of data that came before its template, which the expected
                values call undecodable and we decode. A record that counted in both directions is two rows. Sequence, export
                time and uptime of each header are compared too, the records by which the sequence of IPFIX grows, and the totals of each file.

                | Version | Vendor | Cases | Equal | Records compared | Rows of early data | Loose cases |
                |---|---|---|---|---|---|---|
                %s
                ## Differences
                %s
                ## What is compared otherwise
                - A record with addresses of both families, as SRv6 and MPLS exporters send them, has several values for one key. The IPv4
                  address is taken unless it is 0.0.0.0: with a tunnel it is the customer's, and zeros are nobody's. It is among the expected
                  values in every case, though not always the first of them.
                - Totals (85, 86) are compared with octets and packets where the delta is missing or 0, and so are post counters (23, 24)
                  where there is no total either.
                - Switched times in uptime are not compared where a record has absolute times too, which are taken.

                Not compared, having no column: %s.
                """.formatted(
                        table,
                        differences.isEmpty() ? "None.\n" : differences,
                        String.join(", ", Conformance.fieldsWithoutColumn()));
    }

    private static final class Line {
        private int cases;
        private int equal;
        private int records;
        private int early;
        private int loose;

        void add(CorpusCase fed, Conformance conformance) {
            if (!fed.strict()) {
                loose++;
                return;
            }
            cases++;
            equal += conformance.differences().isEmpty() ? 1 : 0;
            records += conformance.records();
            early += conformance.rowsOfWaiting();
        }

        String text(int version, String vendor) {
            return "| %s | %s | %d | %d | %d | %d | %d |\n"
                    .formatted(version == 10 ? "IPFIX" : "v" + version, vendor, cases, equal, records, early, loose);
        }
    }
}
