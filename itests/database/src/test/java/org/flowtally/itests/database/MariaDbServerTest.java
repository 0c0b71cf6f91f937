// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MariaDbServerTest {
    @Test
    void keepsCommittedRowsThroughKillAndRestartOnTheSamePort() {
        try (MariaDbServer server = MariaDbServer.launch()) {
            Database database = server.createDatabase();
            database.execute("CREATE TABLE t (a INT) ENGINE=InnoDB", "INSERT INTO t VALUES (1), (2)");

            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.start();
            server.restart();

            assertThat(database.rows("SELECT a, NULL FROM t ORDER BY a")).containsExactly("1|NULL", "2|NULL");
        }
    }

    @Test
    void givesEachDatabaseAUserOfItsOwnAndLetsNobodyInWithoutPassword() {
        try (MariaDbServer server = MariaDbServer.launch()) {
            Database first = server.createDatabase();
            Database second = server.createDatabase();

            Database mixed = new Database(server, first.name(), second.user(), second.password());

            assertThat(first.rows("SELECT CURRENT_USER()")).containsExactly(first.user() + "@127.0.0.1");
            assertThatThrownBy(mixed::connect).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> server.connect("", "root", "")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> server.connect("", "", "")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        try (MariaDbServer server = MariaDbServer.launch()) {
            List<InetAddress> others = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .toList();

            for (InetAddress address : others) {
                assertThatThrownBy(() -> new Socket(address, server.port()).close())
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void writesPasswordsWhereOnlyTheOwnerReadsThem() throws IOException {
        try (MariaDbServer server = MariaDbServer.launch()) {
            Database database = server.createDatabase();

            Path file = database.passwordFile();

            assertThat(Files.readString(file).strip()).isEqualTo(database.password());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void leavesNeitherProcessNorFilesBehind() {
        MariaDbServer server = MariaDbServer.launch();
        Path folder = server.log().getParent();

        server.close();

        assertThat(server.isRunning()).isFalse();
        assertThat(folder).doesNotExist();
    }

    @Test
    void endsTheServerWhenTheVirtualMachineThatStartedItIsKilled() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] facts = readLine(owner.getInputStream()).split(" ", 2);
        ProcessHandle server = ProcessHandle.of(Long.parseLong(facts[0])).orElseThrow();

        owner.destroyForcibly().waitFor();

        server.onExit().get(60, TimeUnit.SECONDS);
        MariaDbServer.deleteRecursively(Path.of(facts[1]));
    }

    @Test
    void unpacksTheServerOfTheClassPathOnceAndFindsOneOnThePath() {
        Path cache = Path.of("target/binaries").toAbsolutePath();

        ServerBinaries unpacked = ServerBinaries.unpacked(cache);

        assertThat(ServerBinaries.unpacked(cache)).isEqualTo(unpacked);
        assertThat(ServerBinaries.onPath("/nowhere::" + unpacked.program().getParent()))
                .contains(unpacked);
        assertThat(ServerBinaries.onPath("/nowhere")).isEmpty();
        MariaDbServer.deleteRecursively(cache);
    }

    private static String readLine(InputStream octets) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = octets.read(); octet >= 0 && octet != '\n'; octet = octets.read()) {
            line.append((char) octet);
        }
        return line.toString();
    }

    /** Starts a server, prints its process id and folder, and waits to be killed. */
    static final class Owner {
        public static void main(String[] arguments) throws Exception {
            MariaDbServer server = MariaDbServer.launch();
            System.out.println(server.processId() + " " + server.log().getParent());
            new java.util.concurrent.CountDownLatch(1).await();
        }

        private Owner() {}
    }
}
