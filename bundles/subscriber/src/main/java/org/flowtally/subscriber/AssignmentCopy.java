// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.flowtally.api.subscriber.Subscriber;
import org.flowtally.api.subscriber.SubscriberRegistry;
import org.flowtally.lib.lookup.Prefix;

/**
 * The copy of the last good assignments on disk, so that a start without the database still knows who holds what.
 *
 * <pre>
 *  magic, savedAtMillis, number of assignments, then for each:
 *  realm and subscriber     a number; if it is new, its text follows
 *  prefix                   high, low, length
 *  from, to                 milliseconds since 1970
 *  and at the end the CRC-32 of all that
 * </pre>
 *
 * A new copy is written beside the old one and then takes its name, so there is always a whole one.
 */
final class AssignmentCopy {
    private static final int MAGIC = 0x464c4131; // "FLA1"

    private final Path file;

    AssignmentCopy(Path folder) {
        file = folder.resolve("assignments.copy");
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Replaces the copy. */
    void write(List<Assignment> assignments, SubscriberRegistry registry, long savedAtMillis) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(Channels.newOutputStream(channel), assignments, registry, savedAtMillis);
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(
            OutputStream to, List<Assignment> assignments, SubscriberRegistry registry, long savedAtMillis)
            throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(to, 1 << 16), new CRC32());
        DataOutputStream out = new DataOutputStream(checked);
        Map<String, Integer> realms = new HashMap<>();
        Map<Integer, Integer> subscribers = new HashMap<>();
        out.writeInt(MAGIC);
        out.writeLong(savedAtMillis);
        out.writeInt(assignments.size());
        for (Assignment assignment : assignments) {
            if (number(assignment.realm(), realms, out)) {
                out.writeUTF(assignment.realm());
            }
            if (number(assignment.subscriber(), subscribers, out)) {
                Subscriber subscriber = registry.subscriber(assignment.subscriber());
                out.writeUTF(subscriber.accountId());
                out.writeUTF(subscriber.serviceId());
            }
            out.writeLong(assignment.prefix().high());
            out.writeLong(assignment.prefix().low());
            out.writeByte(assignment.prefix().length());
            out.writeLong(assignment.fromMillis());
            out.writeLong(assignment.toMillis());
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /** Writes the number of a thing and tells whether it is new. */
    private static <T> boolean number(T thing, Map<T, Integer> known, DataOutputStream out) throws IOException {
        int next = known.size();
        Integer number = known.putIfAbsent(thing, next);
        out.writeInt(number == null ? next : number);
        return number == null;
    }

    /**
     * Reads the copy.
     *
     * @return when it was saved, in milliseconds since 1970
     * @throws IOException if there is none, or if it is damaged
     */
    long read(AssignmentRows rows) throws IOException {
        CheckedInputStream checked =
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), new CRC32());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readInt() != MAGIC) {
                throw new IOException("not a copy of assignments: file=" + file);
            }
            long savedAtMillis = in.readLong();
            int count = in.readInt();
            List<String> realms = new ArrayList<>();
            List<Subscriber> subscribers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int realm = in.readInt();
                if (realm == realms.size()) {
                    realms.add(in.readUTF());
                }
                int subscriber = in.readInt();
                if (subscriber == subscribers.size()) {
                    subscribers.add(new Subscriber(in.readUTF(), in.readUTF()));
                }
                Prefix prefix = new Prefix(in.readLong(), in.readLong(), in.readUnsignedByte());
                rows.add(realms.get(realm), prefix, subscribers.get(subscriber), in.readLong(), in.readLong());
            }
            long computed = checked.getChecksum().getValue();
            if (computed != in.readLong()) {
                throw new IOException("copy of assignments is damaged: file=" + file);
            }
            return savedAtMillis;
        } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
            throw new IOException("copy of assignments is damaged: file=" + file, damaged);
        }
    }
}
