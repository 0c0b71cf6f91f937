// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The cfg files of endpoints, changed by the shell. The file comes first: it is checked as the container would check it,
 * written as a whole, and taken up by the container like an edit by hand.
 */
@Component
public final class EndpointFiles implements EndpointEditor {
    private static final String SUBJECT = "endpoint";
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EndpointTable table;
    private final Path folder;
    private final Duration patience;

    /** Edits the files in Karaf's folder of configurations. */
    @Activate
    public EndpointFiles(@Reference EndpointTable table) {
        this(table, Path.of(System.getProperty(EndpointFile.ETC, "etc")), PATIENCE);
    }

    EndpointFiles(EndpointTable table, Path folder, Duration patience) {
        this.table = table;
        this.folder = folder;
        this.patience = patience;
    }

    @Override
    public synchronized EndpointChange create(String endpoint, Map<String, String> values) {
        if (!EndpointSettings.isName(endpoint)) {
            throw new ConfigurationRejected(SUBJECT, "name", endpoint, EndpointSettings.NAME_ALLOWED);
        }
        Path file = folder.resolve(EndpointFile.PID + "-" + endpoint + EndpointFile.SUFFIX);
        if (Files.exists(file)) {
            throw new ConfigurationRejected(SUBJECT, "name", endpoint, "a name that has no file yet: " + file);
        }
        CfgText text = CfgText.of("# Flowtally endpoint. What each key means, and which there are besides, stands in"
                + "\n# org.flowtally.endpoint-default.cfg; a key that is not here has its default.\n");
        for (Map.Entry<String, String> each : new TreeMap<>(values).entrySet()) {
            text = text.with(known(each.getKey()), each.getValue());
        }
        return put(file, text, ALLOWED_SUBNETS);
    }

    @Override
    public synchronized EndpointChange set(String endpoint, String key, String value) {
        Path file = fileOf(endpoint);
        return put(file, read(file).with(known(key), value.strip()), key);
    }

    @Override
    public synchronized EndpointChange add(String endpoint, String key, List<String> prefixes) {
        Path file = fileOf(endpoint);
        CfgText text = read(file);
        Set<String> list = new LinkedHashSet<>(list(text, key));
        List<Prefix> known = list.stream().map(each -> parsed(file, key, each)).toList();
        for (String each : words(prefixes)) {
            Prefix prefix = parsed(file, key, each);
            if (!known.contains(prefix)) {
                list.add(prefix.toString());
            }
        }
        return put(file, text.with(key, String.join(", ", list)), key);
    }

    @Override
    public synchronized EndpointChange remove(String endpoint, String key, List<String> prefixes) {
        Path file = fileOf(endpoint);
        CfgText text = read(file);
        List<String> list = new ArrayList<>(list(text, key));
        for (String each : words(prefixes)) {
            Prefix prefix = parsed(file, key, each);
            if (!list.removeIf(listed -> parsed(file, key, listed).equals(prefix))) {
                throw new ConfigurationRejected(
                        file.getFileName().toString(), key, prefix, notListed(list, prefix, text, key));
            }
        }
        return put(file, text.with(key, String.join(", ", list)), key);
    }

    private static String notListed(List<String> list, Prefix prefix, CfgText text, String key) {
        List<String> around = list.stream()
                .filter(listed -> Prefix.parse(listed).contains(prefix))
                .toList();
        if (!around.isEmpty()) {
            return "one that is in the list; it lies in %s, which is: remove that and add what shall stay of it"
                    .formatted(String.join(", ", around));
        }
        String listFile = text.value(key + ".file").orElse("");
        return (list.isEmpty() ? "nothing, as the list is empty" : "any of " + list)
                + (listFile.isBlank() ? "" : "; what stands in " + listFile + " is edited there");
    }

    @Override
    public synchronized EndpointChange delete(String endpoint) {
        Path file = fileOf(endpoint);
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
        boolean isGone = table.awaits(() -> table.fileOf(endpoint).isEmpty(), patience);
        return new EndpointChange(file.toString(), "", isGone);
    }

    private Path fileOf(String endpoint) {
        String name = table.fileOf(endpoint)
                .orElseThrow(() -> new ConfigurationRejected(SUBJECT, "name", endpoint, "one of " + table.names()));
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationRejected(
                    SUBJECT, "name", endpoint, "an endpoint with a file; this one was made otherwise: config:list");
        }
        return file;
    }

    private static String known(String key) {
        if (!EndpointFile.KEYS.contains(key)) {
            throw new ConfigurationRejected(
                    SUBJECT,
                    "key",
                    key,
                    "any of " + EndpointFile.KEYS.stream().sorted().toList());
        }
        return key;
    }

    /** Returns what stands in the file, or what holds where nothing does. */
    private static List<String> list(CfgText text, String key) {
        return words(List.of(text.value(key).orElseGet(() -> usual(text, key))));
    }

    private static String usual(CfgText text, String key) {
        boolean isFromFile = !text.value(key + ".file").orElse("").isBlank();
        return isFromFile || key.equals(WHITELIST_SUBNETS) ? "" : EndpointFile.usual(key);
    }

    private static List<String> words(List<String> texts) {
        return texts.stream()
                .flatMap(SEPARATOR::splitAsStream)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Prefix parsed(Path file, String key, String text) {
        try {
            return Prefix.parse(text);
        } catch (MalformedPrefix malformed) {
            throw new ConfigurationRejected(file.getFileName().toString(), key, text, malformed.reason());
        }
    }

    /** Checks a text as the container would, makes it the file's, and waits until it is in force. */
    private EndpointChange put(Path file, CfgText text, String key) {
        EndpointSettings settings = GivenConfig.settings(text.values(), file);
        String name = file.getFileName().toString();
        table.check(name, settings);
        write(file, text.toString());
        boolean isInForce = table.awaits(() -> table.isInForce(name, settings), patience);
        return new EndpointChange(file.toString(), text.value(key).orElse(""), isInForce);
    }

    private CfgText read(Path file) {
        try {
            return CfgText.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    /** Replaces the file as a whole: whoever reads it sees the text of before or of after. */
    private static void write(Path file, String text) {
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file;
            Path next = target.resolveSibling(target.getFileName() + ".next");
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
                while (octets.hasRemaining()) {
                    channel.write(octets);
                }
                channel.force(true);
            }
            if (Files.exists(target) && Files.getFileStore(target).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(target));
            }
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    private static ConfigurationRejected unwritable(Path file, IOException failure) {
        return new ConfigurationRejected(
                SUBJECT,
                "file",
                file,
                "a file that can be read and written: " + failure.getClass().getSimpleName());
    }
}
