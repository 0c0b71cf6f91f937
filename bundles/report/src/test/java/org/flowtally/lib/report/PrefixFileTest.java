// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixFileTest {
    @TempDir
    private Path folder;

    private Path path = Path.of("");
    private PrefixFile file = new PrefixFile("", path);

    @BeforeEach
    void name() {
        path = folder.resolve("cdn.list");
        file = new PrefixFile("subnets.file", path);
    }

    @Test
    void readsPrefixesLineByLineWithoutComments() throws IOException {
        Files.writeString(path, "# caches\n198.51.100.0/24 # one\n\n  2001:db8::/32\t\r\n203.0.113.7\n");

        assertThat(file.read())
                .containsExactly(
                        Prefix.parse("198.51.100.0/24"), Prefix.parse("2001:db8::/32"), Prefix.parse("203.0.113.7/32"));
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(file::read)
                .hasMessageContaining("component=" + path + ", key=subnets.file")
                .hasMessageContaining("NoSuchFileException");
    }

    @Test
    void readsAHundredThousandPrefixes() throws IOException {
        Files.writeString(
                path,
                IntStream.range(0, 100_000)
                        .mapToObj(
                                number -> "10.%d.%d.%d/32\n".formatted(number >> 16, number >> 8 & 0xFF, number & 0xFF))
                        .collect(Collectors.joining()));

        assertThat(file.read()).hasSize(100_000).endsWith(Prefix.parse("10.1.134.159/32"));
    }

    @Test
    void namesTheLineThatIsWrong() throws IOException {
        Files.writeString(path, "198.51.100.0/24\n198.51.100.1/24\n");

        assertThatThrownBy(file::read).hasMessageContaining("cdn.list:2").hasMessageContaining("198.51.100.1/24");
    }

    @Test
    void refusesWhatLooksHalfWritten() throws IOException {
        Files.writeString(path, "198.51.100.0/24\n198.51.10");
        assertThatThrownBy(file::read).hasMessageContaining("cdn.list:2").hasMessageContaining("half written");
        Files.writeString(path, "");
        assertThatThrownBy(file::read).hasMessageContaining("half written");
        Files.writeString(path, "# none\n");
        assertThat(file.read()).isEmpty();
    }
}
