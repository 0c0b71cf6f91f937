// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.endpoint.Transport;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.ConfigurationValues;
import org.flowtally.lib.report.CountingKeys;
import org.flowtally.lib.report.PrefixFile;

/**
 * The content of one endpoint's cfg file, checked.
 *
 * @param file the file's name, or the PID of a configuration without one
 * @param endpoint what the other bundles know of it
 * @param readPauseMicros how long reading rests after the socket was drained
 * @param connections what connections are granted, where the transport has them
 * @param allowedFile the file with more of {@code allowed.subnets}
 * @param whitelistFile the file with more of {@code whitelist.subnets}
 */
record EndpointSettings(
        String file,
        Endpoint endpoint,
        int readPauseMicros,
        ConnectionSettings connections,
        Optional<PrefixFile> allowedFile,
        Optional<PrefixFile> whitelistFile) {
    private static final String ALLOWED = "allowed.subnets";
    private static final String ALLOWED_FILE = "allowed.subnets.file";
    private static final String WHITELIST = "whitelist.subnets";
    private static final String WHITELIST_FILE = "whitelist.subnets.file";

    static final String NAME_ALLOWED = "1..64 letters, digits, dots, hyphens and underscores";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    /** Not only those that come with Flowtally: a decoder of a third party may decode any. */
    private static final String VERSIONS = "1..65535, as in 1, 5, 7, 8, 9, 10";

    private static final int MOST_VERSION = 0xFFFF;
    private static final int IPFIX = 10;

    /**
     * Reads and checks a configuration.
     *
     * @throws ConfigurationRejected if a value is wrong
     */
    static EndpointSettings of(EndpointConfig config, Map<String, Object> properties) {
        EndpointFile file = EndpointFile.of(properties);
        ConfigurationValues values = new ConfigurationValues(file.name(), properties);
        Optional<PrefixFile> allowedFile =
                file.beside(config.allowed_subnets_file()).map(path -> new PrefixFile(ALLOWED_FILE, path));
        Optional<PrefixFile> whitelistFile =
                file.beside(config.whitelist_subnets_file()).map(path -> new PrefixFile(WHITELIST_FILE, path));
        // Who names a file and no list means the file: the usual list is for those who say nothing at all.
        boolean isUsual = isGiven(properties) || allowedFile.isEmpty();
        Transport transport = transport(values, config.transport());
        Endpoint endpoint = new Endpoint(
                name(file, config.name()),
                address(values, config.bind_address()),
                values.number("port", config::port, 1, 65_535),
                versions(file, transport, config.versions()),
                isUsual ? prefixes(file, ALLOWED, config.allowed_subnets()) : List.of(),
                values.flag("whitelist.mode", config::whitelist_mode),
                prefixes(file, WHITELIST, config.whitelist_subnets()),
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
                        config.match_address()),
                transport,
                exporterKey(values, config.exporter_key()),
                values.number("exporter.datagrams.per.second", config::exporter_datagrams_per_second, 0, 10_000_000));
        return new EndpointSettings(
                file.name(),
                endpoint,
                values.number("read.pause.micros", config::read_pause_micros, 0, 20_000),
                connections(file, values, config),
                allowedFile,
                whitelistFile);
    }

    /**
     * Returns these settings with what lies in their files.
     *
     * @throws ConfigurationRejected if the two together make no sense
     */
    EndpointSettings with(Attachments attachments) {
        List<Prefix> whitelist = joined(endpoint.whitelistSubnets(), attachments.whitelist());
        if (endpoint.whitelistMode() && whitelist.isEmpty()) {
            throw new ConfigurationRejected(
                    file,
                    WHITELIST,
                    "",
                    "at least one prefix, here or in whitelist.subnets.file, while whitelist.mode=true");
        }
        Endpoint whole = new Endpoint(
                endpoint.name(),
                endpoint.bindAddress(),
                endpoint.port(),
                endpoint.versions(),
                joined(endpoint.allowedSubnets(), attachments.allowed()),
                endpoint.whitelistMode(),
                whitelist,
                endpoint.realm(),
                endpoint.receiveBufferOctets(),
                endpoint.samplingMode(),
                endpoint.samplingRate(),
                endpoint.clockPolicy(),
                endpoint.counting(),
                endpoint.transport(),
                endpoint.exporterKey(),
                endpoint.mostDatagramsPerSecond());
        return new EndpointSettings(file, whole, readPauseMicros, connections, allowedFile, whitelistFile);
    }

    /** Tells whether somebody gave a list: what a file lacks the container fills in with the default, but not as text. */
    private static boolean isGiven(Map<String, Object> properties) {
        Object given = properties.get(ALLOWED);
        return given instanceof String[] list
                ? !String.join(", ", list).equals(EndpointFile.usual(ALLOWED))
                : given != null;
    }

    private static List<Prefix> joined(List<Prefix> one, List<Prefix> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one; // The same list again: what was compiled from it still serves.
        }
        List<Prefix> joined = new ArrayList<>(one);
        joined.addAll(other);
        return joined;
    }

    /** Tells whether connections are secured. */
    boolean isSecured() {
        return endpoint.transport() == Transport.TLS;
    }

    /** Returns the files that these settings name and read. */
    List<Path> files() {
        List<Path> files = new ArrayList<>();
        allowedFile.map(PrefixFile::path).ifPresent(files::add);
        whitelistFile.map(PrefixFile::path).ifPresent(files::add);
        if (isSecured()) {
            files.addAll(connections.tls().paths());
        }
        return files;
    }

    /** Tells whether a change from these settings to others can be made without opening the socket anew. */
    boolean hasSameSocket(EndpointSettings other) {
        return endpoint.transport() == other.endpoint.transport()
                && endpoint.port() == other.endpoint.port()
                && endpoint.bindAddress().equals(other.endpoint.bindAddress())
                && endpoint.receiveBufferOctets() == other.endpoint.receiveBufferOctets();
    }

    private static String name(EndpointFile file, String given) {
        String name = given.isBlank() ? file.endpointName() : given.strip();
        if (!isName(name)) {
            throw new ConfigurationRejected(file.name(), "name", name, NAME_ALLOWED);
        }
        return name;
    }

    /** Tells whether an endpoint may have this name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static String address(ConfigurationValues values, String text) {
        try {
            return Address.parse(text.strip()).toString();
        } catch (MalformedPrefix malformed) {
            throw values.refused("bind.address", malformed.reason());
        }
    }

    private static Transport transport(ConfigurationValues values, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "udp" -> Transport.UDP;
            case "tcp" -> Transport.TCP;
            case "tls" -> Transport.TLS;
            default -> throw values.refused("transport", "udp, tcp or tls");
        };
    }

    private static ExporterKey exporterKey(ConfigurationValues values, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "address" -> ExporterKey.ADDRESS;
            case "address-port" -> ExporterKey.ADDRESS_AND_PORT;
            default -> throw values.refused("exporter.key", "address or address-port");
        };
    }

    private static ConnectionSettings connections(
            EndpointFile file, ConfigurationValues values, EndpointConfig config) {
        return new ConnectionSettings(
                values.number("connections.max", config::connections_max, 1, 65_536),
                values.number("connections.per.address.max", config::connections_per_address_max, 1, 65_536),
                values.number("connection.idle.seconds", config::connection_idle_seconds, 1, 604_800),
                new TlsFiles(
                        file.name(),
                        file.beside(config.tls_certificate_file()),
                        file.beside(config.tls_key_file()),
                        file.beside(config.tls_trust_file())));
    }

    /** Over connections there is IPFIX and nothing else, whatever the list says beside it. */
    private static Set<Integer> versions(EndpointFile file, Transport transport, String[] texts) {
        Set<Integer> versions = versions(file, texts);
        if (!transport.isConnected()) {
            return versions;
        }
        if (!versions.contains(IPFIX)) {
            throw new ConfigurationRejected(
                    file.name(),
                    "versions",
                    versions,
                    "10 among them while transport is tcp or tls: that is IPFIX alone");
        }
        return Set.of(IPFIX);
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
