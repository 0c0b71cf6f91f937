// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Text broken at spaces into lines of a width; a word that is longer is cut. */
final class Lines {
    private Lines() {}

    static List<String> of(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /** Prints a text behind its label, as wide as a table may be. */
    static void print(String label, String text, PrintStream out) {
        String before = label;
        for (String line : of(text, Listing.WIDTH - label.length())) {
            out.println(before + line);
            before = " ".repeat(label.length());
        }
    }
}
