// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flowtally.api.flow.Quality;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.MalformedPrefix;

/** How facts are written for people, and how people write times. */
final class Texts {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);

    private static final List<String> QUALITIES = List.of(
            "scaled",
            "rate-unknown",
            "clock-shifted",
            "gap",
            "late",
            "partial",
            "arrival-time",
            "times-mended",
            "clock-off");

    private Texts() {}

    /** Returns a time as {@code 2026-11-20T10:00:00Z}. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns the start of a bucket as {@code 2026-11-20T10:00Z}. */
    static String bucket(long startMillis) {
        return MINUTE.format(Instant.ofEpochMilli(startMillis));
    }

    /** Returns how long ago something was, in its largest unit. */
    static String age(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.toSeconds() < 120) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.toMinutes() < 120) {
            return age.toMinutes() + " min";
        }
        return age.toHours() < 72 ? age.toHours() + " h" : age.toDays() + " d";
    }

    /** Returns a span of time with its sign as {@code +0.05 s}, {@code -90.0 s} or {@code +2:00:00}. */
    static String seconds(long millis) {
        long whole = Math.abs(millis) / 1000;
        String sign = millis < 0 ? "-" : "+";
        if (whole < 1) {
            return String.format(Locale.ROOT, "%s%.2f s", sign, Math.abs(millis) / 1000.0);
        }
        if (whole < 600) {
            return String.format(Locale.ROOT, "%s%.1f s", sign, Math.abs(millis) / 1000.0);
        }
        return whole < 360_000
                ? String.format(Locale.ROOT, "%s%d:%02d:%02d", sign, whole / 3600, whole / 60 % 60, whole % 60)
                : sign + whole / 86_400 + " d";
    }

    static String socket(String address, int port) {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }

    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /** Returns the names of the bits of {@link Quality}. */
    static List<String> quality(int bits) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < QUALITIES.size(); bit++) {
            if ((bits & 1 << bit) != 0) {
                names.add(QUALITIES.get(bit));
            }
        }
        return names;
    }

    /**
     * Returns the address that an option names, as all addresses are written here.
     *
     * @throws CommandRefused with the option, its value and what is allowed
     */
    static String address(String option, String value) {
        try {
            return Address.parse(value.strip()).toString();
        } catch (MalformedPrefix malformed) {
            throw CommandRefused.option(option, value, malformed.reason());
        }
    }

    /**
     * Returns the instant that an option names; without an offset it is UTC.
     *
     * @throws CommandRefused with the option, its value and what is allowed
     */
    static Instant instant(String option, String value) {
        try {
            if (value.indexOf('T') < 0) {
                return LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            boolean hasOffset = value.endsWith("Z") || value.lastIndexOf('+') > 0 || value.lastIndexOf('-') > 9;
            return hasOffset
                    ? OffsetDateTime.parse(value).toInstant()
                    : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException malformed) {
            throw CommandRefused.option(option, value, "2026-11-20, 2026-11-20T10:00 or 2026-11-20T10:00Z (UTC)");
        }
    }
}
