// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The command that fuzzes in a process of its own, for the build and for fuzz.sh alike. */
final class Fuzzer {
    private static final int LONGEST_INPUT = 4096;
    private static final int MOST_SECONDS_OF_AN_INPUT = 20;
    private static final List<String> INSTRUMENTED = List.of(
            "lib.template",
            "lib.netflow",
            "decodev1",
            "decodev5",
            "decodev7",
            "decodev8",
            "decodev9",
            "decodeipfix",
            "itests.fuzz");

    private Fuzzer() {}

    /** Returns the command; inputs worth keeping go to {@code corpus}, findings to {@code findings}. */
    static List<String> command(Path corpus, Path findings, long seconds) {
        List<String> instrumented = new ArrayList<>();
        for (String each : INSTRUMENTED) {
            instrumented.add("org.flowtally." + each + ".**");
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path", ""),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + DecoderFuzz.class.getName(),
                "--instrumentation_includes=" + String.join(":", instrumented),
                "--custom_hook_includes=none.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_len=" + LONGEST_INPUT,
                "-timeout=" + MOST_SECONDS_OF_AN_INPUT,
                "-max_total_time=" + seconds,
                corpus.toString());
    }

    /** Puts the inputs of an earlier run into a corpus, so that a run of seconds begins where that one ended. */
    static void seed(Path corpus) throws IOException {
        try (InputStream packed = Objects.requireNonNull(Fuzzer.class.getResourceAsStream("/seeds.gz"), "seeds.gz");
                DataInputStream seeds = new DataInputStream(new BufferedInputStream(new GZIPInputStream(packed)))) {
            for (int number = 0; ; number++) {
                byte[] input = new byte[seeds.readUnsignedShort()];
                seeds.readFully(input);
                Files.write(corpus.resolve("seed-" + number), input);
            }
        } catch (EOFException end) {
            // All are there.
        }
    }

    /** Fuzzes for so many minutes: corpus folder, folder of findings, minutes. */
    public static void main(String[] given) throws IOException, InterruptedException {
        List<String> arguments = Arrays.asList(given);
        Path corpus = Path.of(arguments.get(0));
        Path findings = Path.of(arguments.get(1));
        if (!Files.isDirectory(corpus)) {
            seed(Files.createDirectories(corpus));
        }
        Files.createDirectories(findings);
        long seconds = 60 * Long.parseLong(arguments.get(2));
        System.exit(new ProcessBuilder(command(corpus, findings, seconds))
                .inheritIO()
                .start()
                .waitFor());
    }
}
