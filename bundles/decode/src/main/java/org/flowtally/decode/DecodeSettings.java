// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.ConfigurationValues;
import org.flowtally.lib.template.BaseFields;
import org.flowtally.lib.template.ExporterLimits;
import org.flowtally.lib.template.PostCounters;
import org.flowtally.lib.template.ReadingRules;
import org.flowtally.lib.template.TemplateLimits;

/**
 * The checked configuration of the version switch.
 *
 * @param exporters how many exporters are known
 * @param decoderWait how long datagrams wait for a decoder that is being replaced
 * @param disabledDecoders the versions that the operator has switched off
 * @param templates how much is remembered of templates, and what waits for them
 * @param reading how records are read
 */
record DecodeSettings(
        ExporterLimits exporters,
        Duration decoderWait,
        Set<Integer> disabledDecoders,
        TemplateLimits templates,
        ReadingRules reading) {
    static final String PID = "org.flowtally.decode";
    static final String DISABLED = "decoders.disabled";

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private static final int MOST_VERSION = 0xFFFF;

    /** Takes the usual limits of templates, and all decoders. */
    DecodeSettings(ExporterLimits exporters, Duration decoderWait) {
        this(exporters, decoderWait, Set.of(), TemplateLimits.USUAL, ReadingRules.USUAL);
    }

    static DecodeSettings of(DecodeConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, DecodeConfig.class, given);
        return new DecodeSettings(
                new ExporterLimits(
                        values.number("exporters.max", config::exporters_max, 1, 1_000_000),
                        values.number("exporters.endpoint.max", config::exporters_endpoint_max, 1, 1_000_000),
                        values.number("exporters.address.max", config::exporters_address_max, 1, 1_000_000),
                        Duration.ofMinutes(values.number(
                                        "exporters.idle.minutes", config::exporters_idle_minutes, 1, 525_600))
                                .toMillis()),
                Duration.ofSeconds(values.number("decoder.wait.seconds", config::decoder_wait_seconds, 0, 3600)),
                versions(values, config.decoders_disabled()),
                new TemplateLimits(
                        values.number("templates.max", config::templates_max, 1, 65_280),
                        values.number("template.fields.max", config::template_fields_max, 1, 1024),
                        Duration.ofMinutes(values.number(
                                        "template.lifetime.minutes", config::template_lifetime_minutes, 1, 525_600))
                                .toMillis(),
                        values.number("held.octets.max", config::held_octets_max, 0, 1 << 30),
                        Duration.ofSeconds(values.number("held.seconds", config::held_seconds, 0, 86_400))
                                .toMillis(),
                        (long) values.number(
                                        "templates.exporter.kibibytes",
                                        config::templates_exporter_kibibytes,
                                        1,
                                        1 << 20)
                                << 10,
                        (long) values.number(
                                        "templates.address.mebibytes", config::templates_address_mebibytes, 1, 65_536)
                                << 20,
                        (long) values.number("templates.total.mebibytes", config::templates_total_mebibytes, 1, 65_536)
                                << 20),
                new ReadingRules(baseFields(config), postCounters(config)));
    }

    private static BaseFields baseFields(DecodeConfig config) {
        List<String> names = words(config.base_fields());
        try {
            return BaseFields.of(names);
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationRejected(
                    PID,
                    "base.fields",
                    String.join(", ", names),
                    "octets, at least one address, and any of " + String.join(", ", BaseFields.allowed()));
        }
    }

    private static Map<Prefix, PostCounters> postCounters(DecodeConfig config) {
        Map<Prefix, PostCounters> meanings = new HashMap<>();
        put(meanings, "post.counters.reverse", config.post_counters_reverse(), PostCounters.REVERSE);
        put(meanings, "post.counters.instead", config.post_counters_instead(), PostCounters.INSTEAD);
        put(meanings, "post.counters.ignore", config.post_counters_ignore(), PostCounters.IGNORE);
        return meanings;
    }

    private static void put(Map<Prefix, PostCounters> meanings, String key, String[] texts, PostCounters meaning) {
        for (String text : words(texts)) {
            Prefix prefix;
            try {
                prefix = Prefix.parse(text);
            } catch (MalformedPrefix malformed) {
                throw new ConfigurationRejected(PID, key, text, malformed.reason());
            }
            PostCounters other = meanings.putIfAbsent(prefix, meaning);
            if (other != null && other != meaning) {
                throw new ConfigurationRejected(
                        PID,
                        key,
                        text,
                        "a prefix in one list only, it stands in post.counters."
                                + other.name().toLowerCase(Locale.ROOT) + " too");
            }
        }
    }

    /** A cfg file gives a list as one text. */
    private static List<String> words(String[] texts) {
        return Arrays.stream(texts)
                .flatMap(SEPARATOR::splitAsStream)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Set<Integer> versions(ConfigurationValues values, String list) {
        try {
            return versions(list);
        } catch (IllegalArgumentException wrong) {
            throw values.refused(DISABLED, "export versions with commas between, such as 9, 10");
        }
    }

    /** Reads versions with commas between. */
    static Set<Integer> versions(String list) {
        Set<Integer> versions = new TreeSet<>();
        for (String each : list.split(",", -1)) {
            if (!each.isBlank()) {
                int version = Integer.parseInt(each.strip());
                if (version < 1 || version > MOST_VERSION) {
                    throw new IllegalArgumentException(each);
                }
                versions.add(version);
            }
        }
        return versions;
    }
}
