// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page that waits in the spool folder, ordered as pages are to be applied: by the start of their run, then by sequence.
 *
 * @param runId the run it belongs to; the start of the run stands in the upper bits
 * @param sequence its number in that run
 * @param path where it lies
 * @param octets how large it is
 */
public record PageFile(long runId, long sequence, Path path, long octets) implements Comparable<PageFile> {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9]{12,19})\\.page");
    private static final Comparator<PageFile> ORDER =
            Comparator.comparingLong(PageFile::runId).thenComparingLong(PageFile::sequence);

    @Override
    public int compareTo(PageFile other) {
        return ORDER.compare(this, other);
    }

    /** Two files are the same page if run and sequence are the same: a folder holds at most one of each. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PageFile that && runId == that.runId && sequence == that.sequence;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(runId) * 31 + Long.hashCode(sequence);
    }

    static PageFile in(Path folder, long runId, long sequence, long octets) {
        return new PageFile(runId, sequence, folder.resolve(name(runId, sequence)), octets);
    }

    /** Returns the name of the file. */
    public String name() {
        return name(runId, sequence);
    }

    private static String name(long runId, long sequence) {
        return "%016x-%012d.page".formatted(runId, sequence);
    }

    static Optional<PageFile> of(Path path, long octets) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        try {
            return name.matches()
                    ? Optional.of(new PageFile(
                            Long.parseUnsignedLong(name.group(1), 16), Long.parseLong(name.group(2)), path, octets))
                    : Optional.empty();
        } catch (NumberFormatException beyondLong) {
            return Optional.empty();
        }
    }
}
