// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The script on one instance folder with ports of its own, on the assembly of this build.
 *
 * @param data the instance folder
 * @param portOffset what is added to every port
 */
record RunScript(Path data, int portOffset) {
    private static final Path ROOT = Path.of(System.getProperty("root.folder"));
    private static final List<Integer> TCP_PORTS = List.of(8101, 1099, 44444, 23306);
    private static final int FLOW_PORT = 2055;
    private static final int LARGEST_OFFSET = 20_000;
    private static final int PORT_ATTEMPTS = 100;
    private static final long PATIENCE_SECONDS = 240;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * What a call came to.
     *
     * @param status the exit status
     * @param output its standard output
     * @param errors its standard error
     */
    record Outcome(int status, String output, String errors) {}

    /** The folder does not exist yet; its name begins as given. */
    static RunScript inNewFolder(String name) {
        int offset = freeOffset();
        return new RunScript(Path.of("target", name + " " + offset).toAbsolutePath(), offset);
    }

    /** Ends what runs and deletes the folder. */
    void discard() {
        call("stop");
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(data)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("not deleted: folder=" + data, failure);
        }
    }

    int flowPort() {
        return FLOW_PORT + portOffset;
    }

    Outcome call(String... words) {
        return call(Map.of(), words);
    }

    /** Calls the script with further environment; the options that name the instance are added at the end. */
    Outcome call(Map<String, String> environment, String... words) {
        try {
            Path output = Files.createTempFile(Path.of("target"), "run", ".out");
            Path errors = Files.createTempFile(Path.of("target"), "run", ".err");
            Process process = builder(environment, words)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new IllegalStateException("script does not come to an end: words=" + List.of(words));
            }
            Outcome outcome = new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
            Files.delete(output);
            Files.delete(errors);
            return outcome;
        } catch (IOException failure) {
            throw new UncheckedIOException("script not called", failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interruption);
        }
    }

    /** Runs the script in the foreground. */
    Process run(Path output) throws IOException {
        return builder(Map.of())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Sends one flow of 1500 octets as the documentation tells users to. */
    void sendFlow(String source, String destination) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ROOT.resolve("docs/send-flow.sh").toString(),
                        "--port",
                        String.valueOf(flowPort()),
                        source,
                        destination,
                        "1500")
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("flow not sent: port=" + flowPort());
        }
    }

    /** Returns the processes whose command line names the instance folder. */
    List<ProcessHandle> processes() {
        List<ProcessHandle> found = new ArrayList<>();
        ProcessHandle.allProcesses().forEach(process -> {
            if (commandLine(process.pid()).contains("=" + data)) {
                found.add(process);
            }
        });
        return found;
    }

    static String commandLine(long processId) {
        return octetsOf(processId, "cmdline");
    }

    static String environment(long processId) {
        return octetsOf(processId, "environ");
    }

    private static String octetsOf(long processId, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(processId), file), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private ProcessBuilder builder(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("run.sh").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data.toString(), "--port-offset", String.valueOf(portOffset)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("FLOWTALLY_ASSEMBLY", System.getProperty("assembly.archive"));
        builder.environment().put("JAVA_MAX_MEM", "512m");
        builder.environment().putAll(environment);
        return builder;
    }

    private static int freeOffset() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int offset = 1 + RANDOM.nextInt(LARGEST_OFFSET);
            if (TCP_PORTS.stream().allMatch(port -> isFree(port + offset)) && isFreeForFlows(FLOW_PORT + offset)) {
                return offset;
            }
        }
        throw new IllegalStateException("no free ports: attempts=" + PORT_ATTEMPTS);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static boolean isFreeForFlows(int port) {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(port))) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
