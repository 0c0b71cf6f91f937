// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.flowtally.api.config.ConfigurationRejected;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values that a component was given, read through its configuration type and refused in one voice. What the component
 * refused before is forgotten by then.
 *
 * <p>A cfg file holds text. Where the text is not what the type says, the container answers with an exception that names
 * neither key nor bounds; here each value is looked at first.
 *
 * <pre>{@code
 * ConfigurationValues values = new ConfigurationValues("org.flowtally.policy", PolicyConfig.class, given);
 * int senders = values.number("refused.senders", config::refused_senders, 1, 65_536);
 * }</pre>
 */
public final class ConfigurationValues {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationValues.class);
    private static final List<String> FOREIGN_PREFIXES =
            List.of("service.", "component.", "stage.", "osgi.", "felix.fileinstall.", "org.apache.karaf.", ".");

    /** How the container, which reads Latin-1, sees the mark that some editors put before UTF-8. */
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    /** What Declarative Services adds for each reference of a component. */
    private static final List<String> FOREIGN_SUFFIXES = List.of(".target", ".cardinality.minimum");

    private final String component;
    private final Map<String, ?> given;

    /**
     * Names what is read.
     *
     * @param component the PID or file that refusals name
     * @param given the component's properties as they came
     * @throws ConfigurationRejected if a byte order mark hides the first key of the file
     */
    public ConfigurationValues(String component, Map<String, ?> given) {
        this.component = component;
        this.given = given;
        Refusals.forget(component);
        given.keySet().stream().filter(ConfigurationValues::isHidden).forEach(key -> {
            throw refused(
                    key.substring(BYTE_ORDER_MARK.length()),
                    given.get(key),
                    "a file without a byte order mark, which hides this first key: save it as UTF-8 without BOM");
        });
    }

    /** Tells whether a byte order mark stands before a key; before a comment it does no harm. */
    private static boolean isHidden(String key) {
        return key.startsWith(BYTE_ORDER_MARK)
                && key.length() > BYTE_ORDER_MARK.length()
                && "#!".indexOf(key.charAt(BYTE_ORDER_MARK.length())) < 0;
    }

    /**
     * Names what is read, and warns of keys that nobody reads: probably misspelt.
     *
     * @param component the PID or file that refusals name
     * @param type the annotation type whose methods are the keys
     * @param given the component's properties as they came
     * @throws ConfigurationRejected if a byte order mark hides the first key of the file
     */
    public ConfigurationValues(String component, Class<?> type, Map<String, ?> given) {
        this(component, given);
        List<String> unknown = unknownKeys(type, given);
        if (!unknown.isEmpty()) {
            LOG.warn("unknown keys, misspelt? file={}, keys={}", component, unknown);
        }
    }

    /** Returns the keys given that are no method of an annotation type and none of the container's own. */
    public static List<String> unknownKeys(Class<?> type, Map<String, ?> given) {
        Set<String> known = Arrays.stream(type.getDeclaredMethods())
                .map(method -> method.getName().replace('_', '.'))
                .collect(Collectors.toSet());
        return given.keySet().stream()
                .filter(key -> !known.contains(key))
                .filter(key -> FOREIGN_PREFIXES.stream().noneMatch(key::startsWith))
                .filter(key -> FOREIGN_SUFFIXES.stream().noneMatch(key::endsWith))
                .sorted()
                .toList();
    }

    /** Returns a whole number within bounds, both inclusive. */
    public int number(String key, IntSupplier typed, int min, int max) {
        return (int) number(key, (LongSupplier) typed::getAsInt, min, max);
    }

    /** Returns a whole number within bounds, both inclusive. */
    public long number(String key, LongSupplier typed, long min, long max) {
        Object raw = given.get(key);
        String allowed = min + ".." + max;
        long value;
        try {
            value = raw instanceof String text ? Long.parseLong(text.strip()) : typed.getAsLong();
        } catch (NumberFormatException notANumber) {
            throw refused(key, allowed);
        }
        if (value < min || value > max) {
            throw new ConfigurationRejected(component, key, value, allowed);
        }
        return value;
    }

    /** Returns {@code true} or {@code false}, in whatever case; any other word is refused. */
    public boolean flag(String key, BooleanSupplier typed) {
        if (!(given.get(key) instanceof String text)) {
            return typed.getAsBoolean();
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(key, "true or false");
        };
    }

    /** Returns the refusal of a key's value as it was given. */
    public ConfigurationRejected refused(String key, String allowed) {
        return refused(key, given.get(key), allowed);
    }

    private ConfigurationRejected refused(String key, @Nullable Object raw, String allowed) {
        return new ConfigurationRejected(component, key, raw == null ? "" : raw, allowed);
    }
}
