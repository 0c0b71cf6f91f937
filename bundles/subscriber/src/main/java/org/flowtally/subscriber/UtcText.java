// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.time.DateTimeException;
import java.time.LocalDate;

/** The reader of times as the database writes them: {@code yyyy-MM-dd HH:mm:ss[.f]} in UTC. */
final class UtcText {
    private static final String FORM = "dddd-dd-dd dd:dd:dd";
    private static final long DAY_MILLIS = 86_400_000;

    private UtcText() {}

    /**
     * Returns milliseconds since 1970; finer fractions are cut.
     *
     * @throws DateTimeException if the text is no such time
     */
    static long millis(String text) {
        if (!hasForm(text)) {
            throw new DateTimeException("a time is yyyy-MM-dd HH:mm:ss in UTC, found \"" + text + "\"");
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            throw new DateTimeException("a day has 23:59:59 at most, found \"" + text + "\"");
        }
        return day * DAY_MILLIS + ((hour * 60L + minute) * 60 + second) * 1000 + fraction(text);
    }

    private static boolean hasForm(String text) {
        if (text.length() < FORM.length() || (text.length() > FORM.length() && text.charAt(FORM.length()) != '.')) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char wanted = i < FORM.length() ? FORM.charAt(i) : i == FORM.length() ? '.' : 'd';
            char found = text.charAt(i);
            if (wanted == 'd' ? found < '0' || found > '9' : found != wanted) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static int fraction(String text) {
        int millis = 0;
        for (int i = FORM.length() + 1; i <= FORM.length() + 3; i++) {
            millis = millis * 10 + (i < text.length() ? text.charAt(i) - '0' : 0);
        }
        return millis;
    }
}
