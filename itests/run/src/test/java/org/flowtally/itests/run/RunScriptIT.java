// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.flowtally.itests.run.RunScript.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunScriptIT {
    private static final String USAGE =
            "SELECT account_id, SUM(bytes_in) AS bytes_in, SUM(flows) AS flows FROM usage_hourly GROUP BY account_id";
    private static final int FAILED = 1;
    private static final int STOPPED = 3;
    private static final int WRONG_USAGE = 64;

    private final RunScript first = RunScript.inNewFolder("first");
    private final RunScript second = RunScript.inNewFolder("second");

    @AfterEach
    void discardInstances() {
        first.discard();
        second.discard();
    }

    @Test
    void runsTwoInstancesSideBySideThatKeepTheirDataOverAStop() throws Exception {
        CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(() -> second.call("start"));
        assertThat(first.call("start")).satisfies(RunScriptIT::isDone);
        assertThat(other.get()).satisfies(RunScriptIT::isDone);
        assertThat(first.call("status")).satisfies(RunScriptIT::isDone);

        assign(first, "customer-1");
        assign(second, "customer-2");
        first.sendFlow("192.0.2.7", "10.1.2.3");
        second.sendFlow("192.0.2.7", "10.1.2.3");
        second.sendFlow("192.0.2.7", "10.1.2.4");

        // Straight after the datagrams: what was accepted must be in the tables all the same.
        assertThat(second.call("stop")).satisfies(RunScriptIT::isDone);
        assertThat(second.processes()).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(first.call("sql", USAGE).output())
                        .isEqualTo("account_id\tbytes_in\tflows\ncustomer-1\t1500\t1\n"));
        assertThat(second.call("start")).satisfies(RunScriptIT::isDone);
        assertThat(second.call("sql", USAGE).output()).isEqualTo("account_id\tbytes_in\tflows\ncustomer-2\t3000\t2\n");

        assertKeepsItsSecrets(first);
    }

    @Test
    void stopsEverythingAtTheFirstInterruptOfAForegroundRun() throws Exception {
        Path output = Files.createTempFile(Path.of("target"), "foreground", ".out");
        Process run = first.run(output);
        await().atMost(Duration.ofSeconds(200))
                .until(() -> !run.isAlive() || Files.readString(output).contains("Ctrl-C stops everything."));
        assertThat(first.processes()).hasSizeGreaterThan(1);

        new ProcessBuilder("kill", "-INT", String.valueOf(run.pid())).start().waitFor();

        assertThat(run.waitFor()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).endsWith("Stopped.\n");
        assertThat(first.processes()).isEmpty();
    }

    @Test
    void namesAPortThatIsTakenAndStartsNothing() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(first.flowPort()))) {
            Outcome outcome = first.call("start");

            assertThat(outcome.status()).isEqualTo(FAILED);
            assertThat(outcome.errors())
                    .contains("udp port " + taken.getLocalPort() + " is taken by process "
                            + ProcessHandle.current().pid())
                    .contains("flows of endpoint default");
            assertThat(first.processes()).isEmpty();
        }
    }

    @Test
    void takesANewerVersionOfAFileThatNobodyEditedAndKeepsTheOthers() throws Exception {
        Path shipped = first.data().resolve("etc/org.flowtally.storage.cfg");
        Path edited = first.data().resolve("etc/org.flowtally.endpoint-default.cfg");
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(first.flowPort()))) {
            assertThat(first.call("start").errors()).contains(taken.getLocalPort() + " is taken");
            Files.writeString(edited, "# Ours.\n", StandardOpenOption.APPEND);
            String before = Files.readString(shipped);

            Outcome outcome =
                    first.call(Map.of("FLOWTALLY_ASSEMBLY", newerAssembly().toString()), "start");

            assertThat(outcome.output().lines().filter(line -> line.startsWith("Kept")))
                    .containsExactly(
                            "Kept your org.flowtally.endpoint-default.cfg; the new one is beside it: org.flowtally.endpoint-default.cfg.shipped");
            assertThat(Files.readString(shipped)).isEqualTo(before + "# Newer.\n");
            assertThat(Files.readString(edited))
                    .contains("port = " + first.flowPort())
                    .endsWith("# Ours.\n");
        }
    }

    /** The assembly of this build, with another line in two of its files. */
    private static Path newerAssembly() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "newer");
        Path archive = folder.resolve("newer.tar.gz");
        run(folder, "mkdir", "home");
        run(folder, "tar", "-xzf", System.getProperty("assembly.archive"), "-C", "home", "--strip-components=1");
        for (String file : List.of("org.flowtally.storage.cfg", "org.flowtally.endpoint-default.cfg")) {
            Files.writeString(folder.resolve("home/etc").resolve(file), "# Newer.\n", StandardOpenOption.APPEND);
        }
        run(folder, "tar", "-czf", archive.toString(), "home");
        run(folder, "rm", "-r", "home");
        return archive;
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }

    @Test
    void refusesAJavaThatKarafCannotRunOn() throws IOException {
        Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "jdk");
        Path java = Files.createFile(
                Files.createDirectory(home.resolve("bin")).resolve("java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"25.0.1\" 2025-10-21' >&2\n");

        Outcome outcome = first.call(Map.of("JAVA_HOME", home.toString()), "start");

        assertThat(outcome.status()).isEqualTo(FAILED);
        assertThat(outcome.errors()).contains("25.0.1", java.toString(), "from JAVA_HOME", "JDK 17 to 21");
        assertThat(first.data()).doesNotExist();
    }

    @Test
    void saysSoWhenNothingRuns() {
        assertThat(first.call("status").status()).isEqualTo(STOPPED);
        assertThat(first.call("shell", "flowtally:status").status()).isEqualTo(STOPPED);
        assertThat(first.call("sql", "SELECT 1").status()).isEqualTo(STOPPED);
        assertThat(first.call("stop")).satisfies(RunScriptIT::isDone);
        assertThat(first.call("restart").status()).isEqualTo(WRONG_USAGE);
    }

    private static void assign(RunScript script, String account) {
        String statement = "INSERT INTO ip_assignment (prefix, account_id) VALUES ('10.1.0.0/16', '" + account + "')";
        assertThat(script.call("sql", statement)).satisfies(RunScriptIT::isDone);
        assertThat(script.call("shell", "flowtally:subscribers-reload")).satisfies(RunScriptIT::isDone);
    }

    private static void isDone(Outcome outcome) {
        assertThat(outcome.status()).as(outcome.output() + outcome.errors()).isZero();
    }

    private static void assertKeepsItsSecrets(RunScript script) throws IOException {
        Path etc = script.data().resolve("etc");
        for (String file : new String[] {"org.flowtally.storage.password", "users.properties"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve(file))))
                    .isEqualTo("rw-------");
        }
        String password =
                Files.readString(etc.resolve("org.flowtally.storage.password")).strip();
        assertThat(password).hasSizeGreaterThan(30);
        for (ProcessHandle process : script.processes()) {
            assertThat(RunScript.commandLine(process.pid())).doesNotContain(password);
            assertThat(RunScript.environment(process.pid())).doesNotContain(password);
        }
    }
}
