// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A real MariaDB server in a process of its own, on a free port of 127.0.0.1, with its data in a folder of its own.
 *
 * <p>The process ends with {@link #close()}, and also when this virtual machine ends in whatever way: its parent is a
 * small shell that waits for the end of its standard input. Owned by one thread at a time.
 */
public final class MariaDbServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PROBE_INTERVAL_MILLIS = 20;
    private static final int PORT_ATTEMPTS = 50;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Ends the server when its own standard input ends; a server killed otherwise leaves it waiting for that too. */
    private static final String KEEPER =
            "log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & server=$!; echo $server; cat >/dev/null; "
                    + "kill -TERM $server 2>/dev/null; wait $server";

    private final ServerBinaries binaries;
    private final Path folder;
    private final Path log;
    private final int port;
    private final String password;
    private final List<String> extraOptions;
    private final AtomicInteger databases = new AtomicInteger();
    private final Thread endOfVirtualMachine = new Thread(this::discard, "mariadb-end");
    private @Nullable Process keeper;
    private @Nullable ProcessHandle server;

    private MariaDbServer(ServerBinaries binaries, Path folder, List<String> extraOptions) {
        this.binaries = binaries;
        this.folder = folder;
        this.log = folder.resolve("server.log");
        this.port = freePort();
        this.password = randomText();
        this.extraOptions = List.copyOf(extraOptions);
    }

    /** Starts a new, empty server that keeps its data below {@code target/} of the current module. */
    public static MariaDbServer launch(String... extraOptions) {
        return launch(ServerBinaries.locate(), List.of(extraOptions));
    }

    static MariaDbServer launch(ServerBinaries binaries, List<String> extraOptions) {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path folder = Files.createTempDirectory(target, "mariadb-");
            MariaDbServer server = new MariaDbServer(binaries, folder, extraOptions);
            Runtime.getRuntime().addShutdownHook(server.endOfVirtualMachine);
            server.makeDataFolder();
            server.start();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException("server not started", failure);
        }
    }

    /** Returns the port on 127.0.0.1, the same after every restart. */
    public int port() {
        return port;
    }

    /** Returns the password of {@code root}. */
    public String rootPassword() {
        return password;
    }

    /** Returns the file that the server writes its messages to. */
    public Path log() {
        return log;
    }

    /** Returns the id of the server's process. */
    public long processId() {
        ProcessHandle running = server;
        if (running == null) {
            throw new IllegalStateException("server never started: port=" + port);
        }
        return running.pid();
    }

    /** Says whether the server's process lives. */
    public boolean isRunning() {
        return server != null && keeper != null && server.isAlive() && keeper.isAlive();
    }

    /** Starts the server on its port and data, which is also what follows a {@link #stop()} or {@link #kill()}. */
    public void start() {
        if (keeper != null) {
            throw new IllegalStateException("server already started: port=" + port);
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", KEEPER, "keeper", log.toString()));
        command.addAll(serverCommand());
        command.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=mariadb.sock", // Relative to the data folder: a socket's path may not exceed 107 octets.
                "--pid-file=" + folder.resolve("pid"),
                "--skip-name-resolve",
                "--skip-log-bin",
                "--skip-ssl", // Else MariaDB 11.4 makes an RSA key at every start: up to 15 s of CPU.
                "--performance-schema=OFF",
                "--max-connections=100"));
        command.addAll(extraOptions);
        try {
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            keeper = started;
            server = ProcessHandle.of(Long.parseLong(readLine(started.getInputStream())))
                    .orElseThrow(() -> new IllegalStateException("server ended at once:\n" + messages()));
            awaitReady(started);
        } catch (IOException failure) {
            throw new UncheckedIOException("server not started: port=" + port, failure);
        }
    }

    /** Stops the server in good order. Does nothing when it is not running. */
    public void stop() {
        endKeeper();
    }

    /** Ends the server as a power cut would (SIGKILL). */
    public void kill() {
        if (server != null) {
            server.destroyForcibly();
        }
        endKeeper();
    }

    /** Stops the server in good order and starts it again. */
    public void restart() {
        stop();
        start();
    }

    /** Stops the server and deletes everything that belonged to it. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(endOfVirtualMachine);
        discard();
    }

    /** Makes a new, empty database with a user of its own who has every right on it and none elsewhere. */
    public Database createDatabase() {
        String name = "flowtally" + databases.incrementAndGet();
        String userPassword = randomText();
        execute(
                "CREATE DATABASE " + name + " CHARACTER SET utf8mb4",
                "CREATE USER " + name + "@'127.0.0.1' IDENTIFIED BY '" + userPassword + "'",
                "GRANT ALL ON " + name + ".* TO " + name + "@'127.0.0.1'");
        return new Database(this, name, name, userPassword);
    }

    /** Executes statements as {@code root}, outside any database. */
    public void execute(String... statements) {
        try (Connection connection = connect("", "root", password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("statement refused: port=" + port, failure);
        }
    }

    String jdbcUrl(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
    }

    Connection connect(String database, String user, String userPassword) throws SQLException {
        MariaDbDataSource source = new MariaDbDataSource(jdbcUrl(database));
        source.setUser(user);
        source.setPassword(userPassword);
        return source.getConnection();
    }

    Path writeSecret(String name, String secret) {
        try {
            Path file = folder.resolve(name + ".password");
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, secret + "\n");
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException("password not written: folder=" + folder, failure);
        }
    }

    static void deleteRecursively(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(ServerBinaries.CONTENT_FIRST).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException absent) {
            // Nothing to delete is what was wanted.
        } catch (IOException failure) {
            throw new UncheckedIOException("not deleted: folder=" + root, failure);
        }
    }

    private void makeDataFolder() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.createDirectories(folder.resolve("tmp"));
        List<String> command = new ArrayList<>(serverCommand());
        command.add("--bootstrap");
        Process bootstrap = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (OutputStream statements = bootstrap.getOutputStream()) {
            statements.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
                    .getBytes(StandardCharsets.UTF_8));
            for (Path file : binaries.systemTables()) {
                Files.copy(file, statements);
            }
            statements.write(rootAccount().getBytes(StandardCharsets.UTF_8));
        }
        if (!ended(bootstrap, PATIENCE.toMillis()) || bootstrap.exitValue() != 0) {
            throw new IOException("data folder not made: folder=" + folder + "\n" + messages());
        }
    }

    /** The accounts that the shipped statements make have no password: they go before the server first listens. */
    private String rootAccount() {
        StringBuilder statements = new StringBuilder(
                "DELETE FROM mysql.global_priv;\nDELETE FROM mysql.proxies_priv;\nFLUSH PRIVILEGES;\n");
        for (String host : List.of("localhost", "127.0.0.1")) {
            String account = "root@'" + host + "'";
            statements
                    .append("CREATE USER ")
                    .append(account)
                    .append(" IDENTIFIED BY '")
                    .append(password)
                    .append("';\n");
            statements.append("GRANT ALL ON *.* TO ").append(account).append(" WITH GRANT OPTION;\n");
        }
        return statements.toString();
    }

    private List<String> serverCommand() {
        List<String> command = new ArrayList<>(List.of(
                binaries.program().toString(),
                "--no-defaults",
                "--basedir=" + binaries.base(),
                "--datadir=" + folder.resolve("data"),
                "--tmpdir=" + folder.resolve("tmp"),
                "--lc-messages-dir=" + binaries.share(),
                "--character-sets-dir=" + binaries.share().resolve("charsets"),
                "--innodb-buffer-pool-size=64M",
                "--innodb-log-file-size=32M"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--user=root"); // Without it the server refuses to run as root.
        }
        return command;
    }

    private void awaitReady(Process starting) throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!isRunning() || System.nanoTime() > deadlineNanos) {
                String messages = messages();
                endKeeper();
                throw new IOException("server does not answer: port=" + port + "\n" + messages);
            }
            ended(starting, PROBE_INTERVAL_MILLIS);
        }
    }

    /** A listening socket is not enough: the server greets only when it has recovered its tables. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(1_000);
            return socket.getInputStream().read() >= 0 && isRunning();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void endKeeper() {
        Process ending = keeper;
        if (ending == null) {
            return;
        }
        keeper = null;
        try {
            ending.getOutputStream().close();
            if (!ended(ending, PATIENCE.toMillis())) {
                ProcessHandle left = server;
                if (left != null) {
                    left.destroyForcibly();
                }
                ending.destroyForcibly();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("server not stopped: port=" + port, failure);
        }
    }

    private void discard() {
        endKeeper();
        deleteRecursively(folder);
    }

    private String messages() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    private static boolean ended(Process process, long patienceMillis) throws IOException {
        try {
            return process.waitFor(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a process was to end", interruption);
        }
    }

    private static String readLine(InputStream octets) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = octets.read(); octet >= 0 && octet != '\n'; octet = octets.read()) {
            line.append((char) octet);
        }
        return line.toString();
    }

    /** Ports below the range that outgoing connections use (from 32768), so that nobody takes it during a restart. */
    private static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int candidate = 20_000 + RANDOM.nextInt(12_000);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no free port: attempts=" + PORT_ATTEMPTS);
    }

    private static boolean isFree(int candidate) {
        try (ServerSocket probe = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static String randomText() {
        byte[] octets = new byte[16];
        RANDOM.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }
}
