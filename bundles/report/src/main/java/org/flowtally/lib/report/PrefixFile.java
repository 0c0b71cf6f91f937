// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;

/**
 * A file with one prefix a line; a {@code #} begins a comment. A file that may be half written is refused: one that is
 * empty, whose last line does not end, or that changes while it is read.
 *
 * @param key the configuration key that names the file
 * @param path where it lies
 */
public record PrefixFile(String key, Path path) {
    private static final int MOST_PREFIXES = 1_000_000;
    private static final long MOST_OCTETS = 64L << 20;
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF"; // UTF-8, read as Latin-1.

    /**
     * Reads the file.
     *
     * @throws ConfigurationRejected naming file and line, if anything in it is wrong
     */
    public List<Prefix> read() {
        FileStamp before = FileStamp.of(path);
        List<Prefix> prefixes = prefixes(text());
        if (!FileStamp.of(path).equals(before)) {
            throw refused(1, "", "a file that does not change while it is read");
        }
        return prefixes;
    }

    private List<Prefix> prefixes(String text) {
        if (text.isEmpty()) {
            throw refused(1, "", "prefixes, or a comment for a list of none: an empty file looks half written");
        }
        List<Prefix> prefixes = new ArrayList<>();
        int line = 0;
        int from = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
        while (from < text.length()) {
            line++;
            int end = text.indexOf('\n', from);
            if (end < 0) {
                throw refused(line, text.substring(from), "a line that ends: without, the file looks half written");
            }
            add(text.substring(from, end), line, prefixes);
            from = end + 1;
        }
        return List.copyOf(prefixes);
    }

    private void add(String content, int line, List<Prefix> prefixes) {
        int comment = content.indexOf('#');
        String word = (comment < 0 ? content : content.substring(0, comment)).strip();
        if (word.isEmpty()) {
            return;
        }
        if (prefixes.size() == MOST_PREFIXES) {
            throw refused(line, word, "at most " + MOST_PREFIXES + " prefixes");
        }
        try {
            prefixes.add(Prefix.parse(word));
        } catch (MalformedPrefix malformed) {
            throw refused(line, word, malformed.reason());
        }
    }

    private String text() {
        try {
            if (Files.size(path) > MOST_OCTETS) {
                throw refused(1, Files.size(path) + " octets", "at most " + MOST_OCTETS);
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new ConfigurationRejected(
                    path.toString(), key, failure.getClass().getSimpleName(), "a file that exists and can be read");
        }
    }

    private ConfigurationRejected refused(int line, String value, String allowed) {
        return new ConfigurationRejected(path + ":" + line, key, value, allowed);
    }
}
