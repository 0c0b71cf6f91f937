// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/**
 * When a traffic class is in force: by the clock on the wall in a time zone. On the days on which that clock is set, a class
 * is in force while the clock shows its hours, however long that is: an hour that is skipped is not there, one that is shown
 * twice is there twice. Immutable.
 */
final class ClassHours {
    private static final int DAY_SECONDS = 86_400;
    private static final int WEEK_DAYS = 7;
    private static final int FIRST_DAY_OF_WEEK = 3; // 1 January 1970 was a Thursday.
    private static final long SECOND_MILLIS = 1000;

    private final List<Span> spans;
    private final boolean[] days = new boolean[WEEK_DAYS];
    private final ZoneId zone;
    private final ZoneRules rules;

    /**
     * Hours of a day; if they end before they begin, they end on the next day.
     *
     * @param fromSecond the first second of the day, 0..86399
     * @param toSecond the second of the day at which they are over, 1..86400, not the same
     */
    record Span(int fromSecond, int toSecond) {
        boolean isOverMidnight() {
            return toSecond <= fromSecond;
        }
    }

    /**
     * Names the hours.
     *
     * @param days the days of the week on which they begin
     */
    ClassHours(List<Span> spans, Set<DayOfWeek> days, ZoneId zone) {
        this.spans = List.copyOf(spans);
        days.forEach(day -> this.days[day.getValue() - 1] = true);
        this.zone = zone;
        rules = zone.getRules();
    }

    ZoneId zone() {
        return zone;
    }

    /** Returns whether the clock on the wall shows one of the hours at an instant. */
    boolean isInForce(long millis) {
        long second = wallSecond(millis);
        int day = Math.floorMod(Math.floorDiv(second, DAY_SECONDS) + FIRST_DAY_OF_WEEK, WEEK_DAYS);
        int ofDay = Math.floorMod(second, DAY_SECONDS);
        for (Span span : spans) {
            boolean isBegun = ofDay >= span.fromSecond() && days[day];
            if (span.isOverMidnight()) {
                boolean isLeft = ofDay < span.toSecond() && days[(day + WEEK_DAYS - 1) % WEEK_DAYS];
                if (isBegun || isLeft) {
                    return true;
                }
            } else if (isBegun && ofDay < span.toSecond()) {
                return true;
            }
        }
        return false;
    }

    /** Returns an instant after this one before which nothing changes. */
    long borderAfter(long millis) {
        int ofDay = Math.floorMod(wallSecond(millis), DAY_SECONDS);
        int next = DAY_SECONDS;
        for (Span span : spans) {
            next = span.fromSecond() > ofDay ? Math.min(next, span.fromSecond()) : next;
            next = span.toSecond() > ofDay ? Math.min(next, span.toSecond()) : next;
        }
        long border = Math.floorDiv(millis, SECOND_MILLIS) * SECOND_MILLIS + (next - ofDay) * SECOND_MILLIS;
        ZoneOffsetTransition set = rules.nextTransition(Instant.ofEpochMilli(millis));
        return set == null ? border : Math.min(border, set.getInstant().toEpochMilli());
    }

    /** Returns the first instant of the time around this one in which nothing changes. */
    long borderBefore(long millis) {
        int ofDay = Math.floorMod(wallSecond(millis), DAY_SECONDS);
        int last = 0;
        for (Span span : spans) {
            last = span.fromSecond() <= ofDay ? Math.max(last, span.fromSecond()) : last;
            last = span.toSecond() <= ofDay ? Math.max(last, span.toSecond()) : last;
        }
        long border = Math.floorDiv(millis, SECOND_MILLIS) * SECOND_MILLIS - (ofDay - last) * SECOND_MILLIS;
        ZoneOffsetTransition set = rules.previousTransition(Instant.ofEpochMilli(millis + 1));
        return set == null ? border : Math.max(border, set.getInstant().toEpochMilli());
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        for (Span span : spans) {
            text.add(clock(span.fromSecond()) + "-" + clock(span.toSecond()));
        }
        StringJoiner onDays = new StringJoiner(" ", " ", "");
        onDays.setEmptyValue("");
        for (DayOfWeek day : DayOfWeek.values()) {
            if (!isEveryDay() && days[day.getValue() - 1]) {
                onDays.add(day.getDisplayName(TextStyle.SHORT, Locale.ROOT));
            }
        }
        return text + onDays.toString() + " " + zone;
    }

    private boolean isEveryDay() {
        for (boolean isOne : days) {
            if (!isOne) {
                return false;
            }
        }
        return true;
    }

    private static String clock(int second) {
        return "%02d:%02d".formatted(second / 3600, second / 60 % 60);
    }

    private long wallSecond(long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        return instant.getEpochSecond() + rules.getOffset(instant).getTotalSeconds();
    }
}
