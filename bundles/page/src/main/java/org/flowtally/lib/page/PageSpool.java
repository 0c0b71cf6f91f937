// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.flowtally.api.usage.UsagePage;

/**
 * The folder in which sealed pages wait for the database.
 *
 * <p>A page is there as a whole or not at all, whatever moment the process or the machine ends: it is written under another
 * name, forced to disk, renamed, and the folder forced to disk too. One writer appends, one reader takes; both share the one
 * spool that this virtual machine has of a folder, so that the reader need not look at the disk to know what waits.
 */
public final class PageSpool {
    /** How many octets of pages may wait unless told otherwise: 4 GiB. */
    public static final long DEFAULT_BOUND_OCTETS = 4L << 30;

    private static final String UNFINISHED = ".unfinished";
    private static final ConcurrentMap<Path, PageSpool> SPOOLS = new ConcurrentHashMap<>();

    private final Path folder;
    private final Path damagedFolder;
    private final NavigableSet<PageFile> waiting = new ConcurrentSkipListSet<>();
    private final AtomicLong octetsWaiting = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private final ReentrantLock folderUse = new ReentrantLock();
    private volatile long boundOctets = DEFAULT_BOUND_OCTETS;

    private PageSpool(Path folder) {
        this.folder = folder;
        this.damagedFolder = folder.resolve("damaged");
    }

    /**
     * Returns the spool of a folder, the same one for everybody in this virtual machine. The folder is made if need be.
     *
     * @throws IOException if the folder cannot be made or read
     */
    public static PageSpool in(Path folder) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        try {
            return SPOOLS.computeIfAbsent(real, absent -> {
                PageSpool spool = new PageSpool(absent);
                spool.open();
                return spool;
            });
        } catch (UncheckedIOException failure) {
            throw new IOException("spool folder not usable: folder=" + real, failure.getCause());
        }
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /** Sets how many octets of pages may wait. */
    public void limitTo(long octets) {
        boundOctets = octets;
    }

    /** Returns how many octets of pages may wait. */
    public long boundOctets() {
        return boundOctets;
    }

    /** Returns how many pages wait. */
    public int pagesWaiting() {
        return waiting.size();
    }

    /** Returns the octets of the pages that wait. */
    public long octetsWaiting() {
        return octetsWaiting.get();
    }

    /** Returns how many pages lie in the folder {@code damaged}, put aside for an operator to look at. */
    public long pagesDamaged() {
        return damaged.get();
    }

    /**
     * Writes a page. When this returns it survives the end of the process and of the machine.
     *
     * @throws PageNotWritten if it does not; see there for what the caller does then
     */
    public void append(UsagePage page) throws PageNotWritten {
        ByteBuffer octets = PageFormat.write(page).asBuffer();
        PageFile file = PageFile.in(folder, page.id().runId(), page.id().sequence(), octets.remaining());
        if (waiting.contains(file)) {
            throw new IllegalArgumentException("page waits already: file=" + file.path());
        }
        if (octetsWaiting.get() + file.octets() > boundOctets) {
            throw new PageNotWritten(
                    PageNotWritten.Reason.BOUND_REACHED,
                    "pages fill their bound: octetsWaiting=%d, boundOctets=%d, pagesWaiting=%d, folder=%s"
                            .formatted(octetsWaiting.get(), boundOctets, pagesWaiting(), folder));
        }
        folderUse.lock();
        try {
            place(file, octets);
            add(file);
        } catch (IOException failure) {
            throw new PageNotWritten(
                    PageNotWritten.Reason.FILE_SYSTEM,
                    "page not written: file=%s, cause=%s".formatted(file.path(), failure),
                    failure);
        } finally {
            folderUse.unlock();
        }
        wake();
    }

    /** Returns the pages that wait, in the order in which they are to be applied, the first few only. */
    public List<PageFile> next(int limit) {
        return waiting.stream().limit(limit).toList();
    }

    /**
     * Reads a page that waits.
     *
     * @throws IOException if the file system fails or the file is gone; a file with wrong content is an outcome
     */
    public PageOutcome read(PageFile file) throws IOException {
        return PageFormat.read(Files.readAllBytes(file.path()));
    }

    /** Forgets a page and deletes its file, because the database has it. A crash before the deletion leaves the file. */
    public void remove(PageFile file) throws IOException {
        Files.deleteIfExists(file.path());
        forget(file);
    }

    /** Moves a page into the folder {@code damaged}, where nobody reads it again, and returns where it lies now. */
    public Path putAside(PageFile file) throws IOException {
        Path aside = damagedFolder.resolve(file.name());
        Files.createDirectories(damagedFolder);
        Files.move(file.path(), aside, StandardCopyOption.ATOMIC_MOVE);
        force(damagedFolder);
        force(folder);
        forget(file);
        damaged.incrementAndGet();
        return aside;
    }

    /**
     * Waits until a page waits, the reader has had enough, or the time is over; says whether a page waits.
     *
     * @param hasEnough whether the reader wants to wait no longer; asked again after {@link #wake()}
     */
    public boolean awaitPage(Duration patience, BooleanSupplier hasEnough) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = patience.toNanos();
            while (waiting.isEmpty() && !hasEnough.getAsBoolean() && leftNanos > 0) {
                leftNanos = appended.awaitNanos(leftNanos);
            }
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Has a waiting reader ask again whether it has enough. */
    public void wake() {
        lock.lock();
        try {
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks at the folder again, for pages that somebody put there by hand or took away.
     *
     * @throws IOException if the folder cannot be read
     */
    public void rescan() throws IOException {
        folderUse.lock();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.page")) {
            for (PageFile known : waiting) {
                if (!Files.exists(known.path())) {
                    forget(known);
                }
            }
            for (Path path : files) {
                notice(path);
            }
            damaged.set(count(damagedFolder));
        } finally {
            folderUse.unlock();
        }
        wake();
    }

    private void open() {
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + UNFINISHED)) {
                for (Path left : files) { // Of a process that ended while it wrote; its usage went with it.
                    Files.deleteIfExists(left);
                }
            }
            rescan();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void notice(Path path) throws IOException {
        try {
            PageFile.of(path, Files.size(path)).ifPresent(this::add);
        } catch (NoSuchFileException applied) {
            // The reader removed it between the listing and the look at its size.
        }
    }

    private void place(PageFile file, ByteBuffer octets) throws IOException {
        Path unfinished = file.path().resolveSibling(file.name() + UNFINISHED);
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                while (octets.hasRemaining()) {
                    channel.write(octets);
                }
                channel.force(true);
            }
            Files.move(unfinished, file.path(), StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        } catch (IOException failure) {
            discard(unfinished, failure);
            discard(file.path(), failure);
            throw failure;
        }
    }

    private static void discard(Path file, IOException reason) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            reason.addSuppressed(failure);
        }
    }

    private void add(PageFile file) {
        if (waiting.add(file)) {
            octetsWaiting.addAndGet(file.octets());
        }
    }

    private void forget(PageFile file) {
        if (waiting.remove(file)) {
            octetsWaiting.addAndGet(-file.octets());
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static long count(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        long files = 0;
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*.page")) {
            for (Path path : paths) {
                files += Files.isRegularFile(path) ? 1 : 0;
            }
        }
        return files;
    }
}
