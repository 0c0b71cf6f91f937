// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.flowtally.itests.contract.corpus.Conformance;
import org.flowtally.itests.contract.corpus.Corpus;
import org.flowtally.itests.contract.corpus.CorpusCase;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIf;

/** Every record and every field of the corpus' IPFIX captures that the flow batch has a column for. */
@EnabledIf(
        value = "org.flowtally.itests.contract.corpus.Corpus#isPresent",
        disabledReason = "no shared/corpus beside this repository")
class IpfixCorpusTest {
    private static final int VERSION = 10;

    @TestFactory
    Stream<DynamicTest> decodesWhatIsExpectedOf() {
        return cases().filter(CorpusCase::strict)
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    Conformance conformance = new Conformance(new Ipfix());

                    conformance.feed(each);

                    assertThat(conformance.differences()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> isNotDisturbedBy() {
        CorpusCase sound = cases().filter(CorpusCase::strict).findFirst().orElseThrow();
        return cases().filter(each -> !each.strict())
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    Conformance conformance = new Conformance(new Ipfix());

                    conformance.feed(each);
                    conformance.feed(sound);

                    assertThat(conformance.records()).isPositive();
                    assertThat(conformance.differences()).isEmpty();
                }));
    }

    private static Stream<CorpusCase> cases() {
        return Corpus.find().orElseThrow().cases(VERSION).stream();
    }
}
