// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.instance;

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
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.flowtally.itests.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * A Karaf unpacked from the assembly and run by its own script, with folders and ports of its own. It ends with
 * {@link #close()} and with this virtual machine. Owned by one thread at a time.
 */
public final class KarafInstance implements AutoCloseable {
    private static final long STOP_PATIENCE_SECONDS = 90;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String USER = "tester";

    private final Path home;
    private final String password = randomText();
    private final int sshPort = freeTcpPort();
    private final Thread endOfVirtualMachine = new Thread(this::kill, "karaf-end");
    private @Nullable Process process;
    private @Nullable Shell shell;

    private KarafInstance(Path home) {
        this.home = home;
    }

    /**
     * Unpacks the assembly into a folder that must not exist, and gives it ports of its own.
     *
     * @param archive the assembly, a tar.gz
     * @param folder where it goes
     */
    public static KarafInstance unpack(Path archive, Path folder) {
        try {
            Files.createDirectories(folder);
            Process tar = new ProcessBuilder(
                            "tar", "xzf", archive.toString(), "--strip-components=1", "-C", folder.toString())
                    .inheritIO()
                    .start();
            if (tar.waitFor() != 0) {
                throw new IOException("assembly not unpacked: archive=" + archive);
            }
            KarafInstance instance = new KarafInstance(folder);
            instance.configurePorts();
            Runtime.getRuntime().addShutdownHook(instance.endOfVirtualMachine);
            return instance;
        } catch (IOException failure) {
            throw new UncheckedIOException("assembly not unpacked: archive=" + archive, failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interruption);
        }
    }

    /** Returns a cfg file in the folder {@code etc}. */
    public CfgFile cfg(String name) {
        return new CfgFile(home.resolve("etc"), name);
    }

    /** Returns the folder that holds everything. */
    public Path home() {
        return home;
    }

    /** Returns the folder of Karaf's data. */
    public Path data() {
        return home.resolve("data");
    }

    /** Points storage at a database. */
    public void use(Database database) {
        cfg("org.flowtally.storage.cfg")
                .set("url", database.jdbcUrl())
                .set("user", database.user())
                .set("password.file", database.passwordFile());
    }

    /** Starts the process; it answers some seconds later. */
    public void start(String... javaOptions) {
        if (process != null) {
            throw new IllegalStateException("already running: folder=" + home);
        }
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "server")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("console.log").toFile()));
        // The script becomes the virtual machine, so that its id is the process's id.
        builder.environment().put("KARAF_EXEC", "exec");
        builder.environment().put("EXTRA_JAVA_OPTS", String.join(" ", javaOptions));
        for (String inherited :
                List.of("KARAF_HOME", "KARAF_BASE", "KARAF_DATA", "KARAF_ETC", "KARAF_OPTS", "JAVA_OPTS")) {
            builder.environment().remove(inherited);
        }
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException("not started: folder=" + home, failure);
        }
    }

    /** Returns whether the process lives. */
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Returns the id of the process. */
    public long processId() {
        return running().pid();
    }

    /**
     * Executes a shell command and returns what it printed, errors included.
     *
     * @throws IllegalStateException if the shell does not answer (yet)
     */
    public String shell(String command) {
        try {
            return execute(command);
        } catch (IOException sessionEnded) {
            closeShell();
            try {
                return execute(command);
            } catch (IOException failure) {
                throw new IllegalStateException("shell does not answer: command=" + command, failure);
            }
        }
    }

    /**
     * Executes a shell command in a session of its own as a user who has these roles and no other, and returns what it
     * printed, errors included. The user stays.
     *
     * @throws IllegalStateException if the shell does not answer, or does not let the user in
     */
    public String shellAs(List<String> roles, String command) {
        String user = "with-" + String.join("-", roles);
        String secret = randomText();
        cfg("users.properties").set(user, secret + "," + String.join(",", roles));
        try (Shell own = new Shell(sshPort, user, secret)) {
            return own.execute(command);
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "shell does not answer: user=%s, command=%s".formatted(user, command), failure);
        }
    }

    private String execute(String command) throws IOException {
        if (shell == null || !shell.isOpen()) {
            closeShell();
            shell = new Shell(sshPort, USER, password);
        }
        return shell.execute(command);
    }

    /** Ends the process as a service manager does, with SIGTERM, and waits for its end. */
    public void stop() {
        closeShell();
        Process running = running();
        running.destroy();
        try {
            if (!running.waitFor(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("did not stop: folder=" + home);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interruption);
        }
        process = null;
    }

    /** Ends the process as a power failure does, with SIGKILL. */
    public void kill() {
        closeShell();
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
            process = null;
        }
    }

    /** Returns what was logged so far. */
    public String log() {
        try {
            Path log = data().resolve("log/karaf.log");
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException("log not read: folder=" + home, failure);
        }
    }

    /** Ends the process and deletes the folder. */
    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(endOfVirtualMachine);
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("not deleted: folder=" + home, failure);
        }
    }

    /** Returns a UDP port of 127.0.0.1 that is free now, below those that the system hands out by itself. */
    public static int freeUdpPort() {
        return freePort(port -> {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (DatagramSocket probe = new DatagramSocket(address)) {
                return probe.isBound();
            } catch (IOException taken) {
                return false;
            }
        });
    }

    private static int freeTcpPort() {
        return freePort(port -> {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.isBound();
            } catch (IOException taken) {
                return false;
            }
        });
    }

    private static int freePort(IntPredicate isFree) {
        return RANDOM.ints(50, 20_000, 32_000)
                .filter(isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free port"));
    }

    private void configurePorts() {
        cfg("users.properties")
                .write(List.of(
                        USER + " = " + password + ",_g_:admingroup",
                        "_g_\\:admingroup = group,admin,manager,viewer,systembundles,ssh"));
        cfg("org.apache.karaf.shell.cfg").set("sshPort", sshPort).set("sshHost", "127.0.0.1");
        if (Files.exists(cfg("org.apache.karaf.management.cfg").path())) {
            cfg("org.apache.karaf.management.cfg")
                    .set("rmiRegistryPort", freeTcpPort())
                    .set("rmiServerPort", freeTcpPort());
        }
    }

    private void closeShell() {
        Shell open = shell;
        shell = null;
        if (open != null) {
            open.close();
        }
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not running: folder=" + home);
        }
        return running;
    }

    private static String randomText() {
        byte[] octets = new byte[12];
        RANDOM.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }
}
