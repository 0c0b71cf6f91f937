// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A cfg file as an operator edits it: values change in place, comments stay, and the file is replaced in one step.
 *
 * @param etc the folder it lies in
 * @param name its name; it need not exist yet
 */
public record CfgFile(Path etc, String name) {
    /** Returns where it lies. */
    public Path path() {
        return etc.resolve(name);
    }

    /** Sets a key, in place or at the end. */
    public CfgFile set(String key, Object value) {
        List<String> lines = new ArrayList<>(lines());
        Pattern assignment = Pattern.compile("\\s*" + Pattern.quote(key) + "\\s*[=:].*");
        String line = key + " = " + value;
        for (int at = 0; at < lines.size(); at++) {
            if (assignment.matcher(lines.get(at)).matches()) {
                while (lines.get(at).endsWith("\\")) {
                    lines.remove(at);
                }
                lines.set(at, line);
                write(lines);
                return this;
            }
        }
        lines.add(line);
        write(lines);
        return this;
    }

    /** Replaces the content. */
    public CfgFile write(List<String> lines) {
        try {
            // Beside the folder, because whatever lies inside is taken for configuration.
            Path unfinished = etc.resolveSibling(name + ".unfinished");
            Files.write(unfinished, lines, StandardCharsets.UTF_8);
            Files.move(unfinished, path(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException("cfg not written: file=" + path(), failure);
        }
    }

    /** Deletes the file. */
    public void delete() {
        try {
            Files.deleteIfExists(path());
        } catch (IOException failure) {
            throw new UncheckedIOException("cfg not deleted: file=" + path(), failure);
        }
    }

    /** Returns its lines; none if it does not exist. */
    public List<String> lines() {
        try {
            return Files.exists(path()) ? Files.readAllLines(path(), StandardCharsets.UTF_8) : List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException("cfg not read: file=" + path(), failure);
        }
    }
}
