// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.kar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.flowtally.itests.instance.KarafInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The KAR in a stock Karaf that asks no repository, alone and beside Camel 3 and another Netty. */
class KarIT {
    private static final Path FILES = Path.of(System.getProperty("files.folder"));
    private static final Path BUNDLES =
            Path.of(System.getProperty("root.folder")).resolve("bundles");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int endpointPort = KarafInstance.freeUdpPort();
    private final int hostPort = KarafInstance.freeUdpPort();
    private KarafInstance karaf;

    @BeforeEach
    void unpackStockKaraf() throws IOException {
        Path folder = Path.of(System.getProperty("instances.folder")).resolve("karaf-" + endpointPort);
        karaf = KarafInstance.unpack(FILES.resolve("apache-karaf.tar.gz"), folder);
        karaf.cfg("org.ops4j.pax.url.mvn.cfg")
                .set("org.ops4j.pax.url.mvn.repositories", "")
                .set("org.ops4j.pax.url.mvn.localRepository", folder.resolve("empty"));
        karaf.cfg("org.flowtally.endpoint-default.cfg")
                .write(List.of("bind.address = 127.0.0.1", "port = " + endpointPort));
        start();
    }

    @AfterEach
    void end() {
        karaf.close();
    }

    @Test
    void startsWithoutARepositoryAndAgainFromTheCache() throws IOException {
        deploy("flowtally-features.kar");
        awaitFlowtally();

        karaf.stop();
        start();

        awaitFlowtally();
    }

    @Test
    void leavesARunningCamel3AndItsNettyAlone() throws IOException {
        installHost();
        awaitHostReceives(1);

        deploy("flowtally-features.kar");
        awaitFlowtally();

        awaitHostReceives(2);
        assertThat(karaf.log()).doesNotContain("host stopped");
    }

    @Test
    void isLeftAloneByACamel3AndANettyThatComeLater() throws IOException {
        deploy("flowtally-features.kar");
        awaitFlowtally();

        installHost();
        awaitHostReceives(1);

        awaitFlowtally();
        assertThat(karaf.log()).containsOnlyOnce("(flowtally) started in");
    }

    private void start() {
        karaf.start("-Dnms.port=" + hostPort);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> karaf.shell("feature:list -i").contains("kar"));
    }

    private void installHost() throws IOException {
        copyTree(FILES.resolve("system"), karaf.home().resolve("system"));
        Path features = FILES.resolveSibling("test-classes").resolve("nms-features.xml");
        karaf.shell("feature:repo-add " + features.toUri());
        assertThat(karaf.shell("feature:install nms-camel")).doesNotContain("Error");
        deploy("flowtally-itests-nms.jar");
        await().atMost(PATIENCE).until(() -> karaf.log().contains("host started"));
    }

    private void awaitFlowtally() throws IOException {
        long expected;
        try (Stream<Path> folders = Files.list(BUNDLES)) {
            expected = folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .count();
        }
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(karaf.shell("bundle:list -t 0 -s").lines())
                    .filteredOn(line -> line.contains("org.flowtally.") && !line.contains("itests"))
                    .hasSize((int) expected)
                    .allMatch(line -> line.contains("Active"));
            assertThat(isTaken(endpointPort)).as("endpoint is open").isTrue();
        });
    }

    private void awaitHostReceives(int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(
                    new byte[10], 10, new InetSocketAddress(InetAddress.getLoopbackAddress(), hostPort)));
        }
        String expected = "host received: datagrams=" + count + ", camel=" + System.getProperty("camel3.version")
                + ", netty=" + System.getProperty("camel3.netty.version");
        await().atMost(PATIENCE).until(() -> karaf.log().contains(expected));
    }

    /** Moved into place as a whole, so that Karaf never sees half a file. */
    private void deploy(String name) throws IOException {
        Path whole = Files.copy(FILES.resolve(name), karaf.home().resolve(name), StandardCopyOption.REPLACE_EXISTING);
        Files.move(whole, karaf.home().resolve("deploy").resolve(name));
    }

    private static boolean isTaken(int port) {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return !probe.isBound();
        } catch (IOException taken) {
            return true;
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
