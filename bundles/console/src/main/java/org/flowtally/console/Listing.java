// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.table.Col;
import org.apache.karaf.shell.support.table.ShellTable;

/**
 * Rows of named values that print as a table or as JSON. A table fits {@link #WIDTH} columns: what is too wide loses its
 * optional columns, the last one first, and says so, then the ends of its longest texts; JSON has everything.
 */
final class Listing {
    /** How wide a table may be. */
    static final int WIDTH = 120;

    private static final int SEPARATOR_WIDTH = 3;
    private static final int LEAST_TEXT_WIDTH = 16;
    private static final String CUT = "..";

    private record Column(String header, String key, boolean isNumber, boolean isOptional) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();

    /** Adds a column of text, aligned left. */
    Listing text(String header, String key) {
        columns.add(new Column(header, key, false, false));
        return this;
    }

    /** Adds a column of numbers, aligned right. */
    Listing number(String header, String key) {
        columns.add(new Column(header, key, true, false));
        return this;
    }

    /** Adds a column of numbers that may be left out of a table. */
    Listing optionalNumber(String header, String key) {
        columns.add(new Column(header, key, true, true));
        return this;
    }

    /** Adds a column of text that may be left out of a table. */
    Listing optionalText(String header, String key) {
        columns.add(new Column(header, key, false, true));
        return this;
    }

    /** Adds a row: a value for each column. */
    void row(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException("values=%d, columns=%d".formatted(values.length, columns.size()));
        }
        rows.add(List.of(values));
    }

    /** Returns the rows as JSON objects. */
    List<Map<String, Object>> objects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int column = 0; column < columns.size(); column++) {
                object.put(columns.get(column).key(), row.get(column));
            }
            objects.add(object);
        }
        return objects;
    }

    /** Prints a table, or the text if there are no rows. */
    void print(PrintStream out, String ifEmpty) {
        if (rows.isEmpty()) {
            out.println(ifEmpty);
            return;
        }
        int[] widths = widths();
        List<Integer> shown = fitting(widths);
        ShellTable table = new ShellTable();
        for (int column : shown) {
            Col head = table.column(columns.get(column).header());
            if (columns.get(column).isNumber()) {
                head.alignRight();
            }
        }
        for (List<Object> row : rows) {
            table.addRow()
                    .addContent(shown.stream()
                            .map(column -> cut(cell(row.get(column)), widths[column]))
                            .toArray());
        }
        table.print(out);
        sayWhatIsMissing(shown, out);
    }

    private void sayWhatIsMissing(List<Integer> shown, PrintStream out) {
        List<String> leftOut = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            if (!shown.contains(column) && !isNeedless(column)) {
                leftOut.add(columns.get(column).header());
            }
        }
        if (!leftOut.isEmpty()) {
            out.println("left out: " + String.join(", ", leftOut) + " (see --json)");
        }
    }

    /** Returns the columns that fit; where even those do not, the widest text is cut. */
    private List<Integer> fitting(int[] widths) {
        List<Integer> shown = new ArrayList<>();
        int total = -SEPARATOR_WIDTH;
        for (int column = 0; column < columns.size(); column++) {
            if (!isNeedless(column)) {
                shown.add(column);
                total += widths[column] + SEPARATOR_WIDTH;
            }
        }
        for (int column = columns.size() - 1; column >= 0 && total > WIDTH; column--) {
            if (columns.get(column).isOptional() && shown.contains(column)) {
                shown.remove(Integer.valueOf(column));
                total -= widths[column] + SEPARATOR_WIDTH;
            }
        }
        while (total > WIDTH) {
            int widest = widestText(shown, widths);
            if (widths[widest] <= LEAST_TEXT_WIDTH) {
                return shown;
            }
            widths[widest]--;
            total--;
        }
        return shown;
    }

    /** Returns whether a column may be left out and has nothing to say. */
    private boolean isNeedless(int column) {
        return columns.get(column).isOptional()
                && rows.stream().allMatch(row -> cell(row.get(column)).isEmpty());
    }

    private int widestText(List<Integer> shown, int[] widths) {
        int widest = 0;
        for (int column : shown) {
            if (!columns.get(column).isNumber() && widths[column] > widths[widest]) {
                widest = column;
            }
        }
        return widest;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = columns.get(column).header().length();
            for (List<Object> row : rows) {
                widths[column] = Math.max(widths[column], cell(row.get(column)).length());
            }
        }
        return widths;
    }

    private static String cell(Object value) {
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private static String cut(String cell, int width) {
        return cell.length() <= width ? cell : cell.substring(0, width - CUT.length()) + CUT;
    }
}
