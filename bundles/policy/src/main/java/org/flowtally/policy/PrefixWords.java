// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;

/** Lists as a cfg file gives them: one text, or several, with commas or blanks between the words. */
final class PrefixWords {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private PrefixWords() {}

    static List<String> words(String[] texts) {
        return Arrays.stream(texts)
                .flatMap(SEPARATOR::splitAsStream)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /**
     * Reads prefixes.
     *
     * @throws ConfigurationRejected if one is malformed
     */
    static List<Prefix> read(String file, String key, String[] texts) {
        List<Prefix> prefixes = new ArrayList<>();
        for (String word : words(texts)) {
            try {
                prefixes.add(Prefix.parse(word));
            } catch (MalformedPrefix malformed) {
                throw new ConfigurationRejected(file, key, word, malformed.reason());
            }
        }
        return prefixes;
    }
}
