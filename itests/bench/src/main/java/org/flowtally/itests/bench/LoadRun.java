// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.itests.sender.LoadProcess;

/** A load sent by a process of its own, followed phase by phase. */
final class LoadRun implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    /** What was sent since the start, and how long the phase took. */
    record Sent(long datagrams, long rows, long octets, long elapsedNanos, long worstOverrunNanos) {
        Sent since(Sent earlier) {
            return new Sent(
                    datagrams - earlier.datagrams,
                    rows - earlier.rows,
                    octets - earlier.octets,
                    elapsedNanos,
                    worstOverrunNanos);
        }
    }

    LoadRun(Map<String, String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LoadProcess.class.getName()));
        options.forEach((name, value) -> command.addAll(List.of("--" + name, value)));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException("sender not started", failure);
        }
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    long processId() {
        return process.pid();
    }

    /** Waits for the end of a phase. */
    Sent await(String phase) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals(phase)) {
                    Map<String, Long> facts = new HashMap<>();
                    for (int word = 1; word < words.length; word++) {
                        String[] fact = words[word].split("=", 2);
                        facts.put(fact[0], Long.parseLong(fact[1]));
                    }
                    return new Sent(
                            facts.getOrDefault("datagrams", 0L),
                            facts.getOrDefault("rows", 0L),
                            facts.getOrDefault("octets", 0L),
                            facts.getOrDefault("elapsedNanos", 0L),
                            facts.getOrDefault("worstOverrunNanos", 0L));
                }
            }
            throw new IOException("sender ended early: phase=" + phase);
        } catch (IOException failure) {
            throw new UncheckedIOException("sender does not answer", failure);
        }
    }

    /** Waits for the end of the process. */
    void end() {
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
