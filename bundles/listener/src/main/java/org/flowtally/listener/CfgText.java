// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The text of a cfg file, of which single values can be changed while all the rest stays as it is: comments, order, blank
 * lines. Never changed itself.
 */
final class CfgText {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7E;

    /** Each with its line end; one that goes on behind a backslash is one part. */
    private final List<String> parts;

    private CfgText(List<String> parts) {
        this.parts = parts;
    }

    static CfgText of(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (String line : text.split("(?<=\n)", -1)) {
            part.append(line);
            boolean isComment = isComment(part);
            if (isComment || !goesOn(line)) {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        if (part.length() > 0) {
            parts.add(part.toString());
        }
        parts.removeIf(String::isEmpty);
        return new CfgText(parts);
    }

    private static boolean isComment(CharSequence part) {
        String text = part.toString().stripLeading();
        return text.isEmpty() || text.charAt(0) == '#' || text.charAt(0) == '!';
    }

    private static boolean goesOn(String line) {
        String text = line.endsWith("\r\n") ? line.substring(0, line.length() - 2) : line.stripTrailing();
        int backslashes = 0;
        while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** Returns every key with its value. */
    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        for (String part : parts) {
            values.putAll(read(part));
        }
        return values;
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(values().get(key));
    }

    /** Returns the text with another value of a key, in the place where it stands, or at the end if it stands nowhere. */
    CfgText with(String key, String value) {
        String ending = parts.stream().anyMatch(part -> part.endsWith("\r\n")) ? "\r\n" : "\n";
        String line = key + " =" + (value.isEmpty() ? "" : " " + escaped(value)) + ending;
        List<String> changed = new ArrayList<>(parts);
        for (int at = changed.size() - 1; at >= 0; at--) { // The last one counts.
            if (read(changed.get(at)).containsKey(key)) {
                changed.set(at, line);
                return new CfgText(changed);
            }
        }
        if (!changed.isEmpty() && !changed.get(changed.size() - 1).endsWith("\n")) {
            changed.set(changed.size() - 1, changed.get(changed.size() - 1) + ending);
        }
        changed.add(line);
        return new CfgText(changed);
    }

    private static Map<String, String> read(String part) {
        if (isComment(part)) {
            return Map.of();
        }
        Properties read = new Properties();
        try {
            read.load(new StringReader(part));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (IllegalArgumentException malformedEscape) {
            return Map.of(); // Left as it is; the container will say what it thinks of it.
        }
        Map<String, String> values = new HashMap<>();
        read.stringPropertyNames().forEach(name -> values.put(name, read.getProperty(name)));
        return values;
    }

    private static String escaped(String value) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < value.length(); at++) {
            char letter = value.charAt(at);
            if (letter == '\\') {
                text.append("\\\\");
            } else if (letter < FIRST_PRINTABLE || letter > LAST_PRINTABLE) {
                text.append(String.format(java.util.Locale.ROOT, "\\u%04X", (int) letter));
            } else {
                text.append(letter);
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return String.join("", parts);
    }
}
