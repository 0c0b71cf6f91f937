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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.flowtally.lib.lookup.MalformedPrefix;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.FileStamp;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The cfg files of endpoints, changed by the shell. The file comes first: it is checked as the container would check it,
 * written as a whole, and taken up by the container like an edit by hand.
 *
 * <p>The container writes, too: each configuration that it took up it puts back into the file, which is empty for a moment,
 * and which then holds what the container had read. So a file is read only once it says what the container knows, a change
 * returns only once the container is through with the file, and what was overwritten all the same is written again.
 */
@Component
public final class EndpointFiles implements EndpointEditor {
    private static final String SUBJECT = "endpoint";
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int ATTEMPTS = 4;

    /** For how long at most a file may say something else than the container; after it, that is what somebody wrote. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    /** For how long at most the container is waited for that has taken a file up and writes it back. */
    private static final Duration WRITING_BACK = Duration.ofSeconds(1);

    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    private final EndpointTable table;
    private final Path folder;
    private final Duration patience;
    private FileStamp written = FileStamp.ABSENT; // What was written last was this then.

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
    public List<String> keys() {
        return EndpointFile.KEYS.stream().sorted().toList();
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
        read(file); // Whoever writes it would make it anew.
        String name = file.getFileName().toString(); // Another file may take the endpoint's name over.
        boolean isGone = insists(() -> remove(file), () -> !table.knows(name));
        return new EndpointChange(file.toString(), "", isGone);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
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

    private String known(String key) {
        if (!EndpointFile.KEYS.contains(key)) {
            throw new ConfigurationRejected(SUBJECT, "key", key, "any of " + keys());
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
        boolean isNews = !table.isInForce(name, settings);
        boolean isInForce = insists(() -> write(file, text.toString()), () -> table.isInForce(name, settings));
        if (isInForce && isNews) {
            awaits(() -> !FileStamp.of(file).equals(written) && isSettled(file), WRITING_BACK);
        }
        return new EndpointChange(file.toString(), text.value(key).orElse(""), isInForce);
    }

    /** Does something to a file until it has its effect in the container, a few times at most. */
    private boolean insists(Runnable action, BooleanSupplier effect) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            action.run();
            if (table.awaits(effect, patience.dividedBy(ATTEMPTS))) {
                return true;
            }
        }
        return false;
    }

    private static void awaits(BooleanSupplier wanted, Duration most) {
        long endNanos = System.nanoTime() + most.toNanos();
        while (!wanted.getAsBoolean()
                && System.nanoTime() - endNanos < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private CfgText read(Path file) {
        awaits(() -> isSettled(file), SETTLING);
        return text(file);
    }

    /** Tells whether a file says what the container knows, so that nobody is at work on it. */
    private boolean isSettled(Path file) {
        try {
            EndpointSettings settings = GivenConfig.settings(text(file).values(), file);
            return table.isGiven(file.getFileName().toString(), settings);
        } catch (ConfigurationRejected refused) {
            return false;
        }
    }

    private static CfgText text(Path file) {
        try {
            return CfgText.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    /** Replaces the file as a whole: whoever reads it sees the text of before or of after. */
    private void write(Path file, String text) {
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
            written = FileStamp.of(file);
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
