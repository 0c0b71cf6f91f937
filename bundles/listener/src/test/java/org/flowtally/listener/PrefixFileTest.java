// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixFileTest {
    @TempDir
    private Path folder;

    private PrefixFile file;

    @BeforeEach
    void name() {
        file = new PrefixFile("allowed.subnets.file", folder.resolve("routers.txt"));
    }

    @Test
    void readsOnePrefixALineAndLeavesComments() throws IOException {
        write("# routers\n\n10.0.0.0/8\n  192.0.2.1 # a single one\r\n2001:db8::/32\n#end\n");

        assertThat(file.read())
                .extracting(Prefix::toString)
                .containsExactly("10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32");
    }

    @Test
    void takesAFileWithNothingButACommentForAListOfNone() throws IOException {
        write("# nobody yet\n");

        assertThat(file.read()).isEmpty();
    }

    @Test
    void namesFileAndLineOfWhatIsWrong() throws IOException {
        write("10.0.0.0/8\n# comment\n10.0.0.300/8\n");

        assertThatThrownBy(file::read)
                .hasMessageContaining("component=" + file.path() + ":3, key=allowed.subnets.file, value=10.0.0.300/8");
    }

    @Test
    void refusesWhatLooksHalfWritten() throws IOException {
        write("");
        assertThatThrownBy(file::read).hasMessageContaining(":1,").hasMessageContaining("half written");

        write("10.0.0.0/8\n172.16.0.0/1"); // Of 172.16.0.0/12.
        assertThatThrownBy(file::read).hasMessageContaining(":2,").hasMessageContaining("half written");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(file::read)
                .hasMessageContaining("component=" + file.path())
                .hasMessageContaining("NoSuchFileException");
    }

    @Test
    void readsAHundredThousandPrefixes() throws IOException {
        write(IntStream.range(0, 100_000)
                .mapToObj(number -> "10.%d.%d.%d/32\n".formatted(number >> 16, number >> 8 & 0xFF, number & 0xFF))
                .collect(Collectors.joining()));

        List<Prefix> prefixes = file.read();

        assertThat(prefixes).hasSize(100_000).endsWith(Prefix.parse("10.1.134.159/32"));
    }

    private void write(String content) throws IOException {
        Files.writeString(file.path(), content);
    }
}
