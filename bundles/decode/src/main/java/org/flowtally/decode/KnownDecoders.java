// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that had a decoder, and the bundle it came from, in a file: whoever replaces the version switch and a decoder
 * at the same time, or starts Karaf, is not told that nobody decodes a version whose bundle is only not up yet.
 */
final class KnownDecoders {
    /** Knows nothing and keeps nothing. */
    static final KnownDecoders NONE = new KnownDecoders(Path.of(""));

    private static final Logger LOG = LoggerFactory.getLogger(KnownDecoders.class);

    private final Path path;
    private final Map<Integer, String> bundles = new TreeMap<>();

    /** Reads the file, if there is one. */
    KnownDecoders(Path path) {
        this.path = path;
        if (!Files.isRegularFile(path)) {
            return;
        }
        try (Reader text = Files.newBufferedReader(path)) {
            Properties read = new Properties();
            read.load(text);
            for (String version : read.stringPropertyNames()) {
                bundles.put(Integer.valueOf(version), read.getProperty(version));
            }
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.warn("decoders known before not read, none is waited for: path={}", path, damaged);
        }
    }

    /** Returns the versions whose bundle is among those installed, and forgets all others. */
    synchronized Map<Integer, Bundle> stillInstalled(Bundle[] installed) {
        Map<Integer, Bundle> found = new TreeMap<>();
        for (Bundle bundle : installed) {
            bundles.forEach((version, name) -> {
                if (name.equals(bundle.getSymbolicName()) && bundle.getState() != Bundle.UNINSTALLED) {
                    found.put(version, bundle);
                }
            });
        }
        if (bundles.keySet().retainAll(found.keySet())) {
            write();
        }
        return found;
    }

    /** Remembers where the decoder of a version came from. */
    synchronized void came(int version, String bundle) {
        if (!bundle.equals(bundles.put(version, bundle))) {
            write();
        }
    }

    /** Forgets a version: its bundle is no longer installed. */
    synchronized void gone(int version) {
        if (bundles.remove(version) != null) {
            write();
        }
    }

    private void write() {
        if (this == NONE) {
            return;
        }
        Properties all = new Properties();
        bundles.forEach((version, bundle) -> all.setProperty(version.toString(), bundle));
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            try (Writer text = Files.newBufferedWriter(next)) {
                all.store(text, "The bundle that last decoded each export version.");
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException broken) {
            LOG.warn("known decoders not written: path={}", path, broken);
        }
    }
}
