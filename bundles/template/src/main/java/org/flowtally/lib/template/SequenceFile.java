// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that keeps where the numbers of exporters stood at a clean stop. It is there from a clean stop to the next start
 * and at no other time: a position that is older than the last datagram taken would report what was accepted as lost.
 */
public final class SequenceFile {
    private static final int MAGIC = 0x4654_5331; // FTS1

    private final WholeFile<SequencePosition> file;

    /** Names the file; it need not exist. */
    public SequenceFile(Path path) {
        file = new WholeFile<>(path, MAGIC, SequenceFile::write, SequenceFile::read);
    }

    /** Leaves the positions to the next start. Nothing may be decoded any more. */
    public void leave(List<SequencePosition> positions) throws IOException {
        file.write(positions);
    }

    /**
     * Takes what a clean stop left, once; nothing if the last stop was none.
     *
     * @throws IOException if it is damaged, or cannot be deleted and would be taken a second time
     */
    public List<SequencePosition> take() throws IOException {
        try {
            return file.read();
        } finally {
            file.delete();
        }
    }

    private static void write(SequencePosition position, DataOutputStream out) throws IOException {
        WholeFile.writeExporter(position.exporter(), out);
        out.writeInt(position.expected());
        out.writeByte(position.rule());
        out.writeInt(position.bootMillis());
        out.writeLong(position.uptimeMillis());
    }

    private static SequencePosition read(DataInputStream in) throws IOException {
        return new SequencePosition(
                WholeFile.readExporter(in), in.readInt(), in.readUnsignedByte(), in.readInt(), in.readLong());
    }
}
