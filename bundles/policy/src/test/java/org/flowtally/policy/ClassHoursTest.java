// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ClassHoursTest {
    private static final ZoneId PRAGUE = ZoneId.of("Europe/Prague");
    private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;

    @Test
    void isInForceFromItsFirstSecondToTheLastBeforeItsEnd() {
        ClassHours night = hours(EVERY_DAY, 0, 6 * 3600);

        assertThat(night.isInForce(prague("2026-11-19T23:59:59.999"))).isFalse();
        assertThat(night.isInForce(prague("2026-11-20T00:00:00"))).isTrue();
        assertThat(night.isInForce(prague("2026-11-20T05:59:59.999"))).isTrue();
        assertThat(night.isInForce(prague("2026-11-20T06:00:00"))).isFalse();
    }

    @Test
    void countsHoursOverMidnightToTheDayOnWhichTheyBegin() {
        ClassHours weekend = hours(EnumSet.of(DayOfWeek.SATURDAY), 22 * 3600, 6 * 3600);

        assertThat(weekend.isInForce(prague("2026-11-21T05:00:00")))
                .as("Saturday morning")
                .isFalse();
        assertThat(weekend.isInForce(prague("2026-11-21T23:00:00")))
                .as("Saturday night")
                .isTrue();
        assertThat(weekend.isInForce(prague("2026-11-22T05:00:00")))
                .as("Sunday morning")
                .isTrue();
        assertThat(weekend.isInForce(prague("2026-11-22T23:00:00")))
                .as("Sunday night")
                .isFalse();
    }

    @Test
    void isShorterByTheHourThatIsSkippedInSpring() {
        ClassHours night = hours(EVERY_DAY, 3600, 6 * 3600);

        assertThat(inForce(night, prague("2026-03-29T00:00:00"), 23)).isEqualTo(4 * 60);
        assertThat(inForce(night, prague("2026-03-28T00:00:00"), 24)).isEqualTo(5 * 60);
    }

    @Test
    void isLongerByTheHourThatIsShownTwiceInAutumn() {
        ClassHours night = hours(EVERY_DAY, 3600, 6 * 3600);

        assertThat(inForce(night, prague("2026-10-25T00:00:00"), 25)).isEqualTo(6 * 60);
    }

    @Test
    void isInForceTwiceWhereTheClockShowsItsHoursTwice() {
        ClassHours half = hours(EVERY_DAY, 2 * 3600, 2 * 3600 + 1800);

        assertThat(inForce(half, prague("2026-10-25T00:00:00"), 25)).isEqualTo(60);
        assertThat(inForce(half, prague("2026-03-29T00:00:00"), 23))
                .as("never shown")
                .isZero();
    }

    @Property(tries = 300)
    void changesNowhereButAtItsBorders(@ForAll long seed) {
        Random random = new Random(seed);
        ZoneId zone = List.of(PRAGUE, ZoneId.of("America/New_York"), ZoneId.of("Australia/Lord_Howe"), ZoneId.of("UTC"))
                .get(random.nextInt(4));
        List<ClassHours.Span> spans = new ArrayList<>();
        for (int span = random.nextInt(3); span >= 0; span--) {
            int from = random.nextInt(288) * 300;
            int to = random.nextInt(288) * 300 + 300;
            spans.add(new ClassHours.Span(from, to == from ? 86_400 : to));
        }
        Set<DayOfWeek> days = EnumSet.of(DayOfWeek.of(1 + random.nextInt(7)));
        for (int day = random.nextInt(7); day > 0; day--) {
            days.add(DayOfWeek.of(1 + random.nextInt(7)));
        }
        ClassHours hours = new ClassHours(spans, days, zone);
        long change =
                List.of("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04").stream()
                        .map(day -> Instant.parse(day + "T00:00:00Z").toEpochMilli())
                        .toList()
                        .get(random.nextInt(6));
        long at = change - DAY + random.nextInt((int) (3 * DAY));

        long before = hours.borderBefore(at);
        long after = hours.borderAfter(at);

        assertThat(before).isLessThanOrEqualTo(at);
        assertThat(after).isGreaterThan(at);
        for (long probe : List.of(before, (before + at) / 2, at, (at + after) / 2, after - 1)) {
            assertThat(hours.isInForce(probe))
                    .isEqualTo(hours.isInForce(at))
                    .isEqualTo(shown(spans, days, zone, probe));
            assertThat(hours.borderAfter(probe)).isEqualTo(after);
            assertThat(hours.borderBefore(probe)).isEqualTo(before);
        }
        assertThat(hours.isInForce(after)).isEqualTo(shown(spans, days, zone, after));
    }

    /** Reads the clock on the wall as people do. */
    private static boolean shown(List<ClassHours.Span> spans, Set<DayOfWeek> days, ZoneId zone, long millis) {
        ZonedDateTime wall = Instant.ofEpochMilli(millis).atZone(zone);
        LocalTime time = wall.toLocalTime();
        for (ClassHours.Span span : spans) {
            boolean isFrom = time.toSecondOfDay() >= span.fromSecond();
            boolean isTo = time.toSecondOfDay() < span.toSecond();
            boolean isToday = days.contains(wall.getDayOfWeek());
            boolean isSinceYesterday = days.contains(wall.getDayOfWeek().minus(1));
            boolean isShown = span.toSecond() > span.fromSecond()
                    ? isFrom && isTo && isToday
                    : (isFrom && isToday) || (isTo && isSinceYesterday);
            if (isShown) {
                return true;
            }
        }
        return false;
    }

    /** Returns the minutes in force within so many hours. */
    private static int inForce(ClassHours hours, long from, int length) {
        int minutes = 0;
        for (long at = from; at < from + length * 60 * MINUTE; at += MINUTE) {
            minutes += hours.isInForce(at) ? 1 : 0;
        }
        return minutes;
    }

    private static ClassHours hours(Set<DayOfWeek> days, int from, int to) {
        return new ClassHours(List.of(new ClassHours.Span(from, to)), days, PRAGUE);
    }

    private static long prague(String local) {
        return LocalDateTime.parse(local).atZone(PRAGUE).toInstant().toEpochMilli();
    }
}
