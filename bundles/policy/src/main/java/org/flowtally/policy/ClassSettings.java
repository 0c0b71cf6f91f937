// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.CfgFile;
import org.flowtally.lib.report.ConfigurationValues;
import org.flowtally.lib.report.PrefixFile;

/** Reads a traffic class from the content of its cfg file. */
final class ClassSettings {
    /** The factory PID. */
    static final String PID = "org.flowtally.class";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final Pattern REALM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SPAN = Pattern.compile("(\\d{1,2}):(\\d\\d)-(\\d{1,2}):(\\d\\d)");
    private static final int DAY_SECONDS = 86_400;
    private static final List<Prefix> EVERYWHERE = List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    private ClassSettings() {}

    /**
     * Reads and checks a class.
     *
     * @param list the file with further subnets
     * @throws ConfigurationRejected if a value is wrong
     */
    static TrafficClass read(ClassConfig config, Map<String, Object> properties, Optional<PrefixFile> list) {
        CfgFile file = CfgFile.of(PID, properties);
        ConfigurationValues values = new ConfigurationValues(file.name(), ClassConfig.class, properties);
        Optional<ClassHours> hours = hours(values, config);
        List<Prefix> prefixes = new ArrayList<>(PrefixWords.read(file.name(), "subnets", config.subnets()));
        list.ifPresent(given -> prefixes.addAll(given.read()));
        return new TrafficClass(
                name(file, config.name()),
                realms(values, config.realms()),
                prefixes.isEmpty() && list.isEmpty() && hours.isPresent() ? EVERYWHERE : prefixes,
                hours);
    }

    /** Returns the file with further subnets, if the configuration names one. */
    static Optional<PrefixFile> list(ClassConfig config, Map<String, Object> properties) {
        String given = config.subnets_file().strip();
        return given.isEmpty()
                ? Optional.empty()
                : Optional.of(new PrefixFile(
                        "subnets.file", CfgFile.folder(properties).resolve(given)));
    }

    private static String name(CfgFile file, String given) {
        String name = given.isBlank() ? file.label() : given.strip();
        if (!NAME.matcher(name).matches()) {
            throw new ConfigurationRejected(
                    file.name(), "name", name, "1..32 letters, digits, dots, hyphens and underscores");
        }
        return name;
    }

    private static Set<String> realms(ConfigurationValues values, String[] texts) {
        Set<String> realms = new TreeSet<>();
        for (String word : PrefixWords.words(texts)) {
            if (word.equals("*")) {
                return Set.of();
            }
            if (!REALM.matcher(word).matches()) {
                throw values.refused("realms", "*, or names of realms");
            }
            realms.add(word);
        }
        if (realms.isEmpty()) {
            realms.add(""); // The realm of endpoints that name none.
        }
        return realms;
    }

    private static Optional<ClassHours> hours(ConfigurationValues values, ClassConfig config) {
        List<ClassHours.Span> spans = new ArrayList<>();
        for (String word : PrefixWords.words(config.hours())) {
            spans.add(span(values, word));
        }
        Set<DayOfWeek> days = days(values, config.days());
        ZoneId zone = zone(values, config.time_zone());
        if (spans.isEmpty() && days.size() < DayOfWeek.values().length) {
            spans.add(new ClassHours.Span(0, DAY_SECONDS)); // Whole days.
        }
        return spans.isEmpty() ? Optional.empty() : Optional.of(new ClassHours(spans, days, zone));
    }

    private static ClassHours.Span span(ConfigurationValues values, String word) {
        Matcher span = SPAN.matcher(word);
        int from = span.matches() ? second(span.group(1), span.group(2)) : -1;
        int to = span.matches() ? second(span.group(3), span.group(4)) : -1;
        if (from < 0 || from >= DAY_SECONDS || to < 0 || from == to) {
            throw values.refused("hours", "spans such as 00:00-06:00, 22:00-06:00 or 18:30-24:00");
        }
        return new ClassHours.Span(from, to == 0 ? DAY_SECONDS : to);
    }

    /** Returns a time of day in seconds, or -1 if there is no such time. */
    private static int second(String hours, String minutes) {
        int second = Integer.parseInt(hours) * 3600 + Integer.parseInt(minutes) * 60;
        return second > DAY_SECONDS || Integer.parseInt(minutes) > 59 ? -1 : second;
    }

    private static Set<DayOfWeek> days(ConfigurationValues values, String[] texts) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String word : PrefixWords.words(texts)) {
            days.add(day(word).orElseThrow(() -> values.refused("days", "any of mon, tue, wed, thu, fri, sat, sun")));
        }
        return days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days;
    }

    private static Optional<DayOfWeek> day(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        for (DayOfWeek day : DayOfWeek.values()) {
            if (upper.equals(day.name()) || upper.equals(day.name().substring(0, 3))) {
                return Optional.of(day);
            }
        }
        return Optional.empty();
    }

    private static ZoneId zone(ConfigurationValues values, String text) {
        try {
            return ZoneId.of(text.strip());
        } catch (DateTimeException unknown) {
            throw values.refused("time.zone", "a time zone such as Europe/Prague or UTC");
        }
    }
}
