// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelDropsTest {
    private static final String HEAD =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n";

    @TempDir
    private Path folder;

    @Test
    void readsTheColumnOfThePortFromBothTables() throws IOException {
        Path udp = Files.writeString(folder.resolve("udp"), HEAD + line("0100007F:0807", 11, 7));
        Path udp6 = Files.writeString(
                folder.resolve("udp6"),
                HEAD
                        + line("00000000000000000000000000000000:0807", 12, 35)
                        + line("00000000000000000000000000000000:0808", 13, 99));

        KernelDrops drops = new KernelDrops(List.of(udp, udp6), folder.resolve("absent"));

        assertThat(drops.at(2055)).isEqualTo(42);
        assertThat(drops.at(2056)).isEqualTo(99);
    }

    @Test
    void leavesOutTheSocketsOfOtherProcesses() throws IOException {
        Path udp = Files.writeString(
                folder.resolve("udp"), HEAD + line("0100007F:0807", 11, 7) + line("0200007F:0807", 12, 5));
        Path descriptors = Files.createDirectory(folder.resolve("fd"));
        Files.createSymbolicLink(descriptors.resolve("3"), Path.of("socket:[12]"));
        Files.createSymbolicLink(descriptors.resolve("4"), Path.of("/dev/null"));

        assertThat(new KernelDrops(List.of(udp), descriptors).at(2055)).isEqualTo(5);
    }

    @Test
    void saysThatItDoesNotKnow() {
        KernelDrops elsewhere = new KernelDrops(List.of(folder.resolve("absent")), folder.resolve("absent"));

        assertThat(elsewhere.at(2055)).isEqualTo(KernelDrops.UNKNOWN);
    }

    private static String line(String local, int inode, int drops) {
        return "  12: %s 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 %d 2 0000000000000000 %d\n"
                .formatted(local, inode, drops);
    }
}
