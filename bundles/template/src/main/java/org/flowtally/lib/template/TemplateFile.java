// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.flow.Exporter;

/** The file that keeps templates and learned options, replaced as a whole. */
public final class TemplateFile {
    private static final int MAGIC = 0x4654_4C32; // FTL2
    private static final int MOST_TEMPLATE_OCTETS = 0xFFFF;

    private final Path path;
    private final WholeFile<RememberedExporter> file;

    /** Names the file; it need not exist. */
    public TemplateFile(Path path) {
        this.path = path;
        file = new WholeFile<>(path, MAGIC, TemplateFile::write, this::readExporter);
    }

    /** Replaces the file. */
    public void write(List<RememberedExporter> exporters) throws IOException {
        file.write(exporters);
    }

    /**
     * Reads the file; one that does not exist remembers nobody.
     *
     * @throws IOException if it is damaged
     */
    public List<RememberedExporter> read() throws IOException {
        return file.read();
    }

    private static void write(RememberedExporter remembered, DataOutputStream out) throws IOException {
        WholeFile.writeExporter(remembered.exporter(), out);
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

    private RememberedExporter readExporter(DataInputStream in) throws IOException {
        Exporter exporter = WholeFile.readExporter(in);
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
