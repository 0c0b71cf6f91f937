// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** All decoders keep every rule of {@link Lane}, whatever the fuzzer thinks of. */
class DecoderFuzzTest {
    private static final Path TARGET = Path.of("target");
    private static final Path FOUND_BEFORE = Path.of("src/test/resources/findings");

    /** What the seeds alone reach, nearly: far more than damaged datagrams do. */
    private static final int LEAST_RUNS = 2000;

    private static final int LEAST_COVERAGE = 2500;

    @TestFactory
    Stream<DynamicTest> bearsWhatWasFoundBefore() throws IOException {
        if (!Files.isDirectory(FOUND_BEFORE)) {
            return Stream.empty();
        }
        try (Stream<Path> inputs = Files.list(FOUND_BEFORE)) {
            return inputs
                    .map(input -> DynamicTest.dynamicTest(
                            input.getFileName().toString(),
                            () -> DecoderFuzz.fuzzerTestOneInput(Files.readAllBytes(input))))
                    .toList()
                    .stream();
        }
    }

    @Test
    void bearsAnInputThatSaysNothing() {
        assertThatCode(() -> DecoderFuzz.fuzzerTestOneInput(new byte[0])).doesNotThrowAnyException();
    }

    @Test
    void findsNothingWithinTheTimeOfTheBuild(@TempDir Path corpus) throws IOException, InterruptedException {
        Path findings = Files.createDirectories(TARGET.resolve("findings"));
        Path log = TARGET.resolve("fuzz.log");
        Fuzzer.seed(corpus);
        List<String> command = Fuzzer.command(corpus, findings, Long.getLong("fuzz.seconds", 20));

        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();

        String told = Files.readString(log);
        assertThat(exit).as("findings=%s, log=%s", findings, log).isZero();
        assertThat(last(told, "Done (\\d+) runs")).isGreaterThan(LEAST_RUNS);
        assertThat(last(told, "cov: (\\d+)")).isGreaterThan(LEAST_COVERAGE);
    }

    private static long last(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        long last = 0;
        while (matcher.find()) {
            last = Long.parseLong(matcher.group(1));
        }
        return last;
    }
}
