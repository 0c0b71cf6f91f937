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
 * The file that keeps templates and learned options. It is replaced as a whole, so that a crash leaves the one before; a
 * checksum at its end tells whether it is whole.
 */
public final class TemplateFile {
    private static final int MAGIC = 0x4654_4C32; // FTL2
    private static final int MOST_TEMPLATE_OCTETS = 0xFFFF;

    private final Path path;

    /** Names the file; it need not exist. */
    public TemplateFile(Path path) {
        this.path = path;
    }

    /** Replaces the file. */
    public void write(List<RememberedExporter> exporters) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            CheckedOutputStream checked =
                    new CheckedOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)), new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeInt(MAGIC);
            out.writeInt(exporters.size());
            for (RememberedExporter each : exporters) {
                write(each, out);
            }
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(RememberedExporter remembered, DataOutputStream out) throws IOException {
        Exporter exporter = remembered.exporter();
        out.writeUTF(exporter.endpoint());
        out.writeUTF(exporter.realm());
        out.writeLong(exporter.addressHigh());
        out.writeLong(exporter.addressLow());
        out.writeInt(exporter.version());
        out.writeLong(exporter.domain());
        out.writeChar(exporter.port());
        out.writeInt(remembered.sequence());
        out.writeLong(remembered.headerBootMillis());
        RememberedExporter.Learned learned = remembered.learned();
        out.writeLong(learned.bootMillis());
        out.writeInt(learned.commonRate());
        out.writeInt(learned.rates().size());
        for (long each : learned.rates()) {
            out.writeLong(each);
        }
        out.writeInt(learned.interfaces().size());
        for (InterfaceName each : learned.interfaces()) {
            out.writeLong(each.index());
            writeText(each.name(), out);
            writeText(each.description(), out);
        }
        out.writeInt(learned.templates().size());
        for (Template each : learned.templates()) {
            out.writeBoolean(each.isOptions());
            out.writeLong(each.refreshedMillis());
            out.writeInt(each.octets().length);
            out.write(each.octets());
        }
    }

    private static void writeText(byte[] text, DataOutputStream out) throws IOException {
        out.writeByte(text.length);
        out.write(text);
    }

    private static byte[] readText(DataInputStream in) throws IOException {
        byte[] text = new byte[in.readUnsignedByte()];
        in.readFully(text);
        return text;
    }

    /**
     * Reads the file; one that does not exist remembers nobody.
     *
     * @throws IOException if it is damaged
     */
    public List<RememberedExporter> read() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (InputStream file = new BufferedInputStream(Files.newInputStream(path))) {
            CheckedInputStream checked = new CheckedInputStream(file, new CRC32());
            DataInputStream in = new DataInputStream(checked);
            if (in.readInt() != MAGIC) {
                throw new IOException("not a file of templates: path=" + path);
            }
            List<RememberedExporter> exporters = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                exporters.add(readExporter(in));
            }
            long computed = checked.getChecksum().getValue();
            if (in.readLong() != computed) {
                throw new IOException("file of templates is damaged: path=" + path);
            }
            return exporters;
        }
    }

    private RememberedExporter readExporter(DataInputStream in) throws IOException {
        Exporter exporter = new Exporter(
                in.readUTF(), in.readUTF(), in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readChar());
        int sequence = in.readInt();
        long headerBootMillis = in.readLong();
        long bootMillis = in.readLong();
        int commonRate = in.readInt();
        List<Long> rates = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            rates.add(in.readLong());
        }
        List<InterfaceName> interfaces = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            interfaces.add(new InterfaceName(in.readLong(), readText(in), readText(in)));
        }
        List<Template> templates = new ArrayList<>();
        Dialect dialect = exporter.version() == Dialect.V9.version() ? Dialect.V9 : Dialect.IPFIX;
        for (int left = in.readInt(); left > 0; left--) {
            boolean isOptions = in.readBoolean();
            long refreshedMillis = in.readLong();
            int length = in.readInt();
            byte[] octets = in.readNBytes(Math.min(MOST_TEMPLATE_OCTETS, Math.max(0, length)));
            if (octets.length != length || Template.measure(dialect, isOptions, octets, 0, length) != length) {
                throw new IOException("file of templates has one that makes no sense: path=" + path);
            }
            templates.add(Template.of(dialect, isOptions, octets, 0, length, refreshedMillis));
        }
        return new RememberedExporter(
                exporter,
                sequence,
                headerBootMillis,
                new RememberedExporter.Learned(templates, rates, commonRate, bootMillis, interfaces));
    }
}
