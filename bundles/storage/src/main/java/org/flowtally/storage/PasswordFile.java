// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The file that holds the database password. It is read at each connection, so that a new password needs no restart.
 *
 * @param path where it lies
 */
record PasswordFile(Path path) {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Returns the first line. */
    String read() throws DatabaseRefusal {
        try {
            if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
                if (!OWNER.containsAll(permissions)) {
                    throw new DatabaseRefusal(("password file is open to others: file=%s, permissions=%s;"
                                    + " only its owner may read it: chmod 600")
                            .formatted(path, PosixFilePermissions.toString(permissions)));
                }
            }
            List<String> lines = Files.readAllLines(path);
            if (lines.isEmpty() || lines.get(0).isEmpty()) {
                throw new DatabaseRefusal(
                        "password file is empty: file=%s; its first line is the password".formatted(path));
            }
            return lines.get(0);
        } catch (NoSuchFileException absent) {
            throw new DatabaseRefusal(
                    "password file is missing: file=%s; write the password of the database user into it, chmod 600"
                            .formatted(path));
        } catch (IOException failure) {
            throw new DatabaseRefusal("password file cannot be read: file=%s, cause=%s"
                    .formatted(path, failure.getClass().getSimpleName()));
        }
    }
}
