// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * By what a change of a file is noticed: another time, another size, or another file in its place.
 *
 * @param modified when it was written last
 * @param octets its size
 * @param identity device and inode, where the file system has them; else a word
 */
public record FileStamp(FileTime modified, long octets, Object identity) {
    /** The stamp of a file that is not there. */
    public static final FileStamp ABSENT = new FileStamp(FileTime.fromMillis(0), -1, "absent");

    private static final Object UNKNOWN = "unknown";

    /** Returns the stamp that a file has now. */
    public static FileStamp of(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Object identity = attributes.fileKey();
            return new FileStamp(
                    attributes.lastModifiedTime(), attributes.size(), identity == null ? UNKNOWN : identity);
        } catch (IOException notThere) {
            return ABSENT;
        }
    }
}
