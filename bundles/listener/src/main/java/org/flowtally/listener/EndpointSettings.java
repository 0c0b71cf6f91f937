// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.ConfigurationValues;
import org.flowtally.lib.report.CountingKeys;

/**
 * The content of one endpoint's cfg file, checked.
 *
 * @param file the file's name, or the PID of a configuration without one
 * @param endpoint what the other bundles know of it
 * @param readPauseMicros how long reading rests after the socket was drained
 */
record EndpointSettings(String file, Endpoint endpoint, int readPauseMicros) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    /** Not only those that come with Flowtally: a decoder of a third party may decode any. */
    private static final String VERSIONS = "1..65535, as in 1, 5, 7, 8, 9, 10";

    private static final int MOST_VERSION = 0xFFFF;

    /**
     * Reads and checks a configuration.
     *
     * @throws ConfigurationRejected if a value is wrong
     */
    static EndpointSettings of(EndpointConfig config, Map<String, Object> properties) {
        EndpointFile file = EndpointFile.of(properties);
        ConfigurationValues values = new ConfigurationValues(file.name(), properties);
        boolean whitelistMode = values.flag("whitelist.mode", config::whitelist_mode);
        List<Prefix> whitelist = prefixes(file, "whitelist.subnets", config.whitelist_subnets());
        if (whitelistMode && whitelist.isEmpty()) {
            throw new ConfigurationRejected(
                    file.name(), "whitelist.subnets", "", "at least one prefix while whitelist.mode=true");
        }
        Endpoint endpoint = new Endpoint(
                name(file, config.name()),
                address(values, config.bind_address()),
                values.number("port", config::port, 1, 65_535),
                versions(file, config.versions()),
                prefixes(file, "allowed.subnets", config.allowed_subnets()),
                whitelistMode,
                whitelist,
                realm(values, config.realm()),
                values.number("receive.buffer.octets", config::receive_buffer_octets, 65_536, 1_073_741_824),
                samplingMode(values, config.sampling_mode()),
                values.number("sampling.rate", config::sampling_rate, 1, 16_777_215),
                clockPolicy(values, config.clock_policy()),
                CountingKeys.read(
                        values,
                        config.counting_rule(),
                        config.counting_interfaces(),
                        config.metering_version(),
                        config.match_address()));
        return new EndpointSettings(
                file.name(), endpoint, values.number("read.pause.micros", config::read_pause_micros, 0, 20_000));
    }

    /** Tells whether a change from these settings to others can be made without opening the socket anew. */
    boolean hasSameSocket(EndpointSettings other) {
        return endpoint.port() == other.endpoint.port()
                && endpoint.bindAddress().equals(other.endpoint.bindAddress())
                && endpoint.receiveBufferOctets() == other.endpoint.receiveBufferOctets();
    }

    private static String name(EndpointFile file, String given) {
        String name = given.isBlank() ? file.endpointName() : given.strip();
        if (!NAME.matcher(name).matches()) {
            throw new ConfigurationRejected(
                    file.name(), "name", name, "1..64 letters, digits, dots, hyphens and underscores");
        }
        return name;
    }

    private static String address(ConfigurationValues values, String text) {
        try {
            return Address.parse(text.strip()).toString();
        } catch (MalformedPrefix malformed) {
            throw values.refused("bind.address", malformed.reason());
        }
    }

    private static Set<Integer> versions(EndpointFile file, String[] texts) {
        Set<Integer> versions = new TreeSet<>();
        for (String text : words(texts)) {
            int version = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
            if (version < 1 || version > MOST_VERSION) {
                throw new ConfigurationRejected(file.name(), "versions", text, VERSIONS);
            }
            versions.add(version);
        }
        if (versions.isEmpty()) {
            throw new ConfigurationRejected(file.name(), "versions", "", "at least one of " + VERSIONS);
        }
        return versions;
    }

    private static List<Prefix> prefixes(EndpointFile file, String key, String[] texts) {
        List<Prefix> prefixes = new ArrayList<>();
        for (String text : words(texts)) {
            try {
                prefixes.add(Prefix.parse(text));
            } catch (MalformedPrefix malformed) {
                throw new ConfigurationRejected(file.name(), key, text, malformed.reason());
            }
        }
        return prefixes;
    }

    private static String realm(ConfigurationValues values, String text) {
        String realm = text.strip();
        if (!realm.isEmpty() && !NAME.matcher(realm).matches()) {
            throw values.refused("realm", "empty, or 1..64 letters, digits, dots, hyphens and underscores");
        }
        return realm;
    }

    private static SamplingMode samplingMode(ConfigurationValues values, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "apply" -> SamplingMode.APPLY;
            case "ignore" -> SamplingMode.IGNORE;
            case "force" -> SamplingMode.FORCE;
            default -> throw values.refused("sampling.mode", "apply, ignore or force");
        };
    }

    private static ClockPolicy clockPolicy(ConfigurationValues values, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "discard" -> ClockPolicy.DISCARD;
            case "correct" -> ClockPolicy.CORRECT;
            case "arrival" -> ClockPolicy.ARRIVAL;
            case "quarantine" -> ClockPolicy.QUARANTINE;
            default -> throw values.refused("clock.policy", "discard, correct, arrival or quarantine");
        };
    }

    /** A cfg file gives a list as one text. */
    private static List<String> words(String[] texts) {
        return Arrays.stream(texts)
                .flatMap(SEPARATOR::splitAsStream)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
