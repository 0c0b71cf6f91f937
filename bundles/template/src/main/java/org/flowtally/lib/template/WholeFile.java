// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.flowtally.api.flow.Exporter;

/**
 * A file of entries that is replaced as a whole, so that a crash leaves the one before; a checksum at its end tells whether
 * it is whole.
 */
final class WholeFile<E> {
    private final Path path;
    private final int magic;
    private final Writer<E> writer;
    private final Reader<E> reader;

    /** Writes one entry. */
    interface Writer<E> {
        void write(E entry, DataOutputStream out) throws IOException;
    }

    /** Reads one entry. */
    interface Reader<E> {
        E read(DataInputStream in) throws IOException;
    }

    /** Names the file, which need not exist, by what it begins with and how its entries are written. */
    WholeFile(Path path, int magic, Writer<E> writer, Reader<E> reader) {
        this.path = path;
        this.magic = magic;
        this.writer = writer;
        this.reader = reader;
    }

    Path path() {
        return path;
    }

    /** Replaces the file. */
    void write(List<E> entries) throws IOException {
        Files.createDirectories(folder());
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            CheckedOutputStream checked =
                    new CheckedOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)), new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeInt(magic);
            out.writeInt(entries.size());
            for (E each : entries) {
                writer.write(each, out);
            }
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads the file; one that does not exist has no entries.
     *
     * @throws IOException if it is damaged
     */
    List<E> read() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (InputStream file = new BufferedInputStream(Files.newInputStream(path))) {
            CheckedInputStream checked = new CheckedInputStream(file, new CRC32());
            DataInputStream in = new DataInputStream(checked);
            if (in.readInt() != magic) {
                throw new IOException("another kind of file: path=" + path);
            }
            List<E> entries = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                entries.add(reader.read(in));
            }
            long computed = checked.getChecksum().getValue();
            if (in.readLong() != computed) {
                throw new IOException("file is damaged: path=" + path);
            }
            return entries;
        }
    }

    /** Deletes the file, so that it does not come back after a loss of power either. */
    void delete() throws IOException {
        if (Files.deleteIfExists(path)) {
            try (FileChannel folder = FileChannel.open(folder(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    private Path folder() {
        return path.toAbsolutePath().resolveSibling("");
    }

    static void writeExporter(Exporter exporter, DataOutputStream out) throws IOException {
        out.writeUTF(exporter.endpoint());
        out.writeUTF(exporter.realm());
        out.writeLong(exporter.addressHigh());
        out.writeLong(exporter.addressLow());
        out.writeInt(exporter.version());
        out.writeLong(exporter.domain());
        out.writeChar(exporter.port());
    }

    static Exporter readExporter(DataInputStream in) throws IOException {
        return new Exporter(
                in.readUTF(), in.readUTF(), in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readChar());
    }
}
