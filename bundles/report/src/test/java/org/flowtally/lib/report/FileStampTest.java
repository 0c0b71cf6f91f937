// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {
    @TempDir
    private Path folder;

    @Test
    void isTheSameWhileTheFileIs() throws IOException {
        Path file = Files.writeString(folder.resolve("list"), "a");

        assertThat(FileStamp.of(file)).isEqualTo(FileStamp.of(file)).isNotEqualTo(FileStamp.ABSENT);
    }

    @Test
    void isAnotherForOtherPermissions() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        FileStamp before = FileStamp.of(file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(FileStamp.of(file)).isNotEqualTo(before);
    }

    @Test
    void isAnotherForAnotherSizeTimeOrFile() throws IOException {
        Path file = Files.writeString(folder.resolve("list"), "a");
        FileTime written = Files.getLastModifiedTime(file);
        FileStamp before = FileStamp.of(file);

        Path other = Files.writeString(folder.resolve("other"), "b");
        Files.setLastModifiedTime(other, written);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        FileStamp replaced = FileStamp.of(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(written.toMillis() + 1_000));
        FileStamp touched = FileStamp.of(file);
        Files.delete(file);

        assertThat(replaced).isNotEqualTo(before);
        assertThat(touched).isNotEqualTo(replaced);
        assertThat(FileStamp.of(file)).isEqualTo(FileStamp.ABSENT);
    }
}
