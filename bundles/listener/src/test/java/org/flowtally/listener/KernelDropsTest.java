// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.lookup.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelDropsTest {
    private static final String HEAD =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n";

    @TempDir
    private Path folder;

    @Test
    void readsTheColumnOfTheSocketFromBothTables() throws IOException {
        Path udp = Files.writeString(folder.resolve("udp"), HEAD + line("0100007F:0807", 11, 7));
        Path udp6 = Files.writeString(
                folder.resolve("udp6"),
                HEAD
                        + line("00000000000000000000000000000000:0807", 12, 35)
                        + line("00000000000000000000000000000000:0808", 13, 99)
                        + line("0000000000000000FFFF00000200007F:0807", 14, 3)
                        + line("B80D0120000000000000000001000000:0807", 15, 4));

        KernelDrops drops = new KernelDrops(List.of(udp, udp6), folder.resolve("absent"));

        assertThat(drops.at(Address.parse("127.0.0.1"), 2055)).isEqualTo(7);
        assertThat(drops.at(Address.parse("127.0.0.2"), 2055)).isEqualTo(3);
        assertThat(drops.at(Address.parse("2001:db8::1"), 2055)).isEqualTo(4);
        assertThat(drops.at(Address.parse("0.0.0.0"), 2055)).isEqualTo(35);
        assertThat(drops.at(Address.parse("::"), 2056)).isEqualTo(99);
    }

    @Test
    void leavesOutTheSocketsOfOtherProcesses() throws IOException {
        Path udp = Files.writeString(
                folder.resolve("udp"), HEAD + line("0100007F:0807", 11, 7) + line("0100007F:0807", 12, 5));
        Path descriptors = Files.createDirectory(folder.resolve("fd"));
        Files.createSymbolicLink(descriptors.resolve("3"), Path.of("socket:[12]"));
        Files.createSymbolicLink(descriptors.resolve("4"), Path.of("/dev/null"));

        assertThat(new KernelDrops(List.of(udp), descriptors).at(Address.parse("127.0.0.1"), 2055))
                .isEqualTo(5);
    }

    @Test
    void saysThatItDoesNotKnow() {
        KernelDrops elsewhere = new KernelDrops(List.of(folder.resolve("absent")), folder.resolve("absent"));

        assertThat(elsewhere.at(Address.parse("127.0.0.1"), 2055)).isEqualTo(KernelDrops.UNKNOWN);
    }

    @Test
    void keepsTheDropsOfASocketThatWasClosed() throws Exception {
        Path udp = Files.writeString(folder.resolve("udp"), HEAD);
        TestConfig config = TestConfig.of("org.flowtally.endpoint-edge.cfg").with("bind.address", "127.0.0.1");
        int port = EndpointTableTest.freePort();
        EndpointSettings settings = config.with("port", Integer.toString(port)).settings();
        KernelDrops kernel = new KernelDrops(List.of(udp), folder.resolve("absent"));
        EndpointSocket socket =
                new EndpointSocket(settings, Optional.empty(), SystemClock.INSTANCE, kernel, lost -> {});

        try (TestPipeline pipeline = new TestPipeline()) {
            assertThat(socket.open(pipeline.context())).isTrue();
            Files.writeString(udp, HEAD + line("0100007F:%04X".formatted(port), 11, 7));
            assertThat(socket.status().kernelDrops()).isEqualTo(7);
            socket.close();
            Files.writeString(udp, HEAD + line("0100007F:%04X".formatted(port), 12, 2));
            assertThat(socket.open(pipeline.context())).isTrue();

            assertThat(socket.status().kernelDrops()).isEqualTo(9);
            socket.end();
        }
    }

    private static String line(String local, int inode, int drops) {
        return "  12: %s 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 %d 2 0000000000000000 %d\n"
                .formatted(local, inode, drops);
    }
}
