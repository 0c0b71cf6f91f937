// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flowtally.itests.instance.KarafInstance;

/** The collector of nfdump, which stores flows and does nothing else: the yardstick. */
final class Nfcapd implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final int port = KarafInstance.freeUdpPort();

    private Nfcapd(Path program, Path target) throws IOException {
        folder = Files.createTempDirectory(target, "nfcapd-");
        process = new ProcessBuilder(
                        program.toString(),
                        "-w",
                        folder.toString(),
                        "-p",
                        Integer.toString(port),
                        "-b",
                        "127.0.0.1",
                        "-B",
                        "4194304")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Returns the program on the PATH, if it is there. */
    static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "nfcapd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Nfcapd start(Path program, Path target) {
        try {
            return new Nfcapd(program, target);
        } catch (IOException failure) {
            throw new UncheckedIOException("nfcapd not started", failure);
        }
    }

    int port() {
        return port;
    }

    ProcessCost cost() {
        return new ProcessCost(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("nfcapd's files not deleted", failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
