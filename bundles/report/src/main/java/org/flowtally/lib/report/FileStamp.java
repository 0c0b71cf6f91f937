// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * By what a change of a file is noticed: another time, another size, another file in its place, or other permissions, since
 * what was refused for them is to be read once they are right.
 *
 * @param modified when it was written last
 * @param octets its size
 * @param identity device and inode, where the file system has them; else a word
 * @param permissions who may do what, where the file system says so; else none
 */
public record FileStamp(FileTime modified, long octets, Object identity, Set<PosixFilePermission> permissions) {
    /** The stamp of a file that is not there. */
    public static final FileStamp ABSENT = new FileStamp(FileTime.fromMillis(0), -1, "absent", Set.of());

    private static final Object UNKNOWN = "unknown";

    /** Copies the permissions, so that the record is immutable. */
    public FileStamp {
        permissions = Set.copyOf(permissions);
    }

    /** Returns the stamp that a file has now. */
    public static FileStamp of(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, attributes(path));
            Object identity = attributes.fileKey();
            return new FileStamp(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    identity == null ? UNKNOWN : identity,
                    attributes instanceof PosixFileAttributes posix ? posix.permissions() : Set.of());
        } catch (IOException notThere) {
            return ABSENT;
        }
    }

    private static Class<? extends BasicFileAttributes> attributes(Path path) {
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix ? PosixFileAttributes.class : BasicFileAttributes.class;
    }
}
