// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Literals of statements that are written as text, because ten thousand rows a second are too many for parameters. */
final class SqlText {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
    private static final long DAY_MILLIS = 86_400_000;

    private SqlText() {}

    /** Returns a moment in UTC, without quotes. */
    static String dateTime(long epochMillis) {
        return SECONDS.format(LocalDateTime.ofEpochSecond(Math.floorDiv(epochMillis, 1000), 0, ZoneOffset.UTC));
    }

    /** Returns a moment in UTC with milliseconds, without quotes. */
    static String dateTimeMillis(long epochMillis) {
        return MILLIS.format(LocalDateTime.ofEpochSecond(
                Math.floorDiv(epochMillis, 1000), (int) Math.floorMod(epochMillis, 1000L) * 1_000_000, ZoneOffset.UTC));
    }

    /** Returns the UTC day of a moment. */
    static LocalDate day(long epochMillis) {
        return LocalDate.ofEpochDay(Math.floorDiv(epochMillis, DAY_MILLIS));
    }

    /** Appends a text literal. What is not plain goes as octets, so that no server setting reads it differently. */
    static void appendText(StringBuilder sql, String text) {
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter < ' ' || letter > '~' || letter == '\'' || letter == '\\') {
                sql.append("_utf8mb4 X'");
                sql.append(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
                sql.append('\'');
                return;
            }
        }
        sql.append('\'').append(text).append('\'');
    }

    /** Appends an unsigned number. */
    static void appendUnsigned(StringBuilder sql, long number) {
        if (number >= 0) {
            sql.append(number);
        } else {
            sql.append(Long.toUnsignedString(number));
        }
    }
}
