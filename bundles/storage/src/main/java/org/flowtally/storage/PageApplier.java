// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.lib.page.PageFile;
import org.flowtally.lib.page.PageOutcome;
import org.flowtally.lib.page.PageSpool;
import org.flowtally.lib.report.QuietLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that takes pages from the spool to the tables, in order, over one connection of its own. That connection also
 * holds the claim to the collector id, so that losing one is losing the other.
 *
 * <p>While the database is away or refuses, pages wait and the thread tries again, ever more slowly.
 */
final class PageApplier {
    private static final Logger LOG = LoggerFactory.getLogger(PageApplier.class);

    private static final int BATCH_PAGES = 600;
    private static final long BATCH_OCTETS = 8L << 20;
    private static final int TRIES_IN_THE_WAY = 10;
    private static final int TRIES_OF_A_PAGE = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final StorageSettings settings;
    private final AccountedSource source;
    private final PageSpool spool;
    private final StatusTables statusTables;
    private final InstantSource clock;
    private final AppliedSoFar applied;
    private final QuietLog quiet;
    private final LedgerTables tables = new LedgerTables();
    private final Thread thread;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile long drainDeadlineNanos;
    private volatile @Nullable Connection current;

    private volatile StorageStatus.State state = StorageStatus.State.STARTING;
    private volatile String message = "not connected yet";
    private volatile int schemaVersion;

    private long lastApplyNanos;
    private long lastStatusNanos;
    private boolean appliesSingly;
    private int triesOfPage;

    PageApplier(
            StorageSettings settings,
            AccountedSource source,
            PageSpool spool,
            StatusTables statusTables,
            InstantSource clock,
            AppliedSoFar applied) {
        this.settings = settings;
        this.source = source;
        this.spool = spool;
        this.statusTables = statusTables;
        this.clock = clock;
        this.applied = applied;
        this.quiet = new QuietLog(LOG, clock);
        this.thread = new Thread(this::run, "flowtally-storage");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Applies what waits, for the drain time at most, and ends. Does not wait for a database that is away. */
    void stop() {
        drainDeadlineNanos = System.nanoTime() + settings.drainTime().toNanos();
        stopping.countDown();
        spool.wake();
        if (!ended(settings.drainTime().plusSeconds(1))) {
            abort();
            ended(settings.connectTimeout().plusSeconds(1));
        }
        LOG.info("storage stopped: pagesApplied={}, pagesWaiting={}", applied.pages(), spool.pagesWaiting());
    }

    StorageStatus status() {
        return new StorageStatus(
                state,
                message(),
                schemaVersion,
                applied.pages(),
                spool.pagesWaiting(),
                spool.octetsWaiting(),
                spool.boundOctets(),
                spool.pagesDamaged(),
                applied.last());
    }

    private String message() {
        long damaged = spool.pagesDamaged();
        if (!message.isEmpty() || damaged == 0) {
            return message;
        }
        return "pages were put aside: pages=%d, folder=%s; the log says why of each; move them back to have them applied"
                .formatted(damaged, spool.folder().resolve("damaged"));
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens, this thread must not end while pages wait.
    private void run() {
        Duration pause = FIRST_PAUSE;
        while (true) {
            long began = System.nanoTime();
            try (Connection connection = source.open()) {
                current = connection;
                serve(connection);
                return;
            } catch (DatabaseRefusal refusal) {
                become(StorageStatus.State.REFUSED, refusal.reason());
            } catch (SQLException failure) {
                become(failure);
            } catch (IOException failure) {
                become(
                        StorageStatus.State.REFUSED,
                        "pages cannot be read or deleted: folder=%s, cause=%s".formatted(spool.folder(), failure));
            } catch (RuntimeException | Error bug) {
                LOG.error("storage failed and starts over: cause={}", bug.toString(), bug);
                become(StorageStatus.State.REFUSED, "a bug, named in the log: " + bug);
            } finally {
                current = null;
            }
            if (isStopping()) {
                return;
            }
            boolean hasServed = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
            pause = hasServed ? FIRST_PAUSE : pause;
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Works on one connection until told to stop; returns when stopped in good order. */
    private void serve(Connection connection) throws SQLException, DatabaseRefusal, IOException {
        tables.forget();
        statusTables.forget();
        prepare(connection);
        CollectorClaims claims = new CollectorClaims(connection);
        lastStatusNanos = System.nanoTime() - settings.statusInterval().toNanos();
        while (true) {
            boolean isLast = isStopping();
            claimOwn(claims);
            ready();
            while (applyNext(connection, claims) && isInTime()) {
                writeStatus(connection, claims, true);
            }
            writeStatus(connection, claims, true);
            if (isLast) {
                lastStatusNanos = System.nanoTime() - settings.statusInterval().toNanos();
                writeStatus(connection, claims, false);
                return;
            }
            awaitWork();
        }
    }

    private void prepare(Connection connection) throws SQLException, DatabaseRefusal {
        try (Statement statement = connection.createStatement()) {
            // The server ends sessions of collectors that died silently, and with them their claim to the id.
            long endsAfterSeconds = 60 + 3 * settings.statusInterval().toSeconds();
            statement.execute("SET SESSION wait_timeout = " + endsAfterSeconds
                    + ", SESSION lock_wait_timeout = 10, SESSION innodb_lock_wait_timeout = 10");
            statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
        }
        schemaVersion = SchemaMigration.migrate(connection);
        OperatorTime.write(connection, settings.timeZone(), clock.instant());
    }

    private void claimOwn(CollectorClaims claims) throws SQLException, DatabaseRefusal {
        Optional<String> collectorId = statusTables.collectorId();
        if (collectorId.isPresent()) {
            claims.claim(collectorId.get());
        }
    }

    /** Applies the pages that come next; says whether more are waiting. */
    private boolean applyNext(Connection connection, CollectorClaims claims)
            throws SQLException, DatabaseRefusal, IOException {
        Optional<PageBatch> next = read(spool.next(appliesSingly ? 1 : BATCH_PAGES));
        if (next.isEmpty()) {
            return false;
        }
        PageBatch batch = next.get();
        claims.claim(batch.collectorId());
        lastApplyNanos = System.nanoTime();
        try {
            applied.add(apply(connection, batch), clock.millis());
        } catch (ArithmeticException | SQLException failure) {
            cannotApply(batch, failure);
            return true;
        }
        for (PageFile file : batch.files()) {
            spool.remove(file);
        }
        triesOfPage = 0;
        appliesSingly &= batch.files().size() == 1 && spool.pagesWaiting() > 0;
        return spool.pagesWaiting() > 0;
    }

    private int apply(Connection connection, PageBatch batch) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return batch.apply(connection, tables, clock.millis());
            } catch (SQLException failure) {
                if (DatabaseFault.of(failure) != DatabaseFault.IN_THE_WAY || attempt == TRIES_IN_THE_WAY) {
                    throw failure;
                }
                tables.forget();
            }
        }
    }

    /** Finds the one page that is to blame, tries it again, and puts it aside rather than stop all behind it. */
    private void cannotApply(PageBatch batch, Exception failure) throws SQLException, IOException {
        if (failure instanceof SQLException refused && DatabaseFault.of(refused) != DatabaseFault.PAGE) {
            throw refused;
        }
        if (batch.files().size() > 1) {
            appliesSingly = true;
            return;
        }
        if (++triesOfPage < TRIES_OF_A_PAGE) {
            pause(FIRST_PAUSE);
            return;
        }
        putAside(batch.files().get(0), failure.toString());
        triesOfPage = 0;
    }

    private Optional<PageBatch> read(List<PageFile> files) throws IOException {
        PageBatch batch = null;
        long octets = 0;
        for (PageFile file : files) {
            octets += file.octets();
            if (batch != null && octets > BATCH_OCTETS) {
                break;
            }
            Optional<UsagePage> page = read(file);
            if (page.isEmpty()) {
                continue;
            }
            String collectorId = page.get().id().collectorId();
            if (batch == null) {
                batch = new PageBatch(collectorId);
            } else if (!batch.collectorId().equals(collectorId)) {
                break;
            }
            batch.add(file, page.get());
        }
        return Optional.ofNullable(batch);
    }

    private Optional<UsagePage> read(PageFile file) throws IOException {
        try {
            PageOutcome outcome = spool.read(file);
            if (outcome instanceof PageOutcome.Whole whole) {
                return Optional.of(whole.page());
            }
            putAside(file, outcome.toString());
        } catch (NoSuchFileException taken) {
            quiet.error("taken", "page was taken away from outside: file={}", file.path());
            spool.rescan();
        }
        return Optional.empty();
    }

    private void putAside(PageFile file, String reason) throws IOException {
        Path aside = spool.putAside(file);
        LOG.error("page put aside, its usage is missing: file={}, reason={}", aside, reason);
    }

    private void writeStatus(Connection connection, CollectorClaims claims, boolean isRunning) throws SQLException {
        if (System.nanoTime() - lastStatusNanos < settings.statusInterval().toNanos()) {
            return;
        }
        lastStatusNanos = System.nanoTime();
        // Pages of an id that is no longer ours may have been applied too; that collector does not run.
        for (String collectorId : statusTables.collectorId().map(Set::of).orElse(claims.held())) {
            statusTables.write(connection, collectorId, status(), isRunning, clock.millis());
        }
    }

    private boolean isInTime() {
        return !isStopping() || System.nanoTime() - drainDeadlineNanos < 0;
    }

    /** Waits for a page, but lets pages gather for the apply interval, and not beyond the next status. */
    private void awaitWork() throws IOException {
        long nowNanos = System.nanoTime();
        long untilStatusNanos = lastStatusNanos + settings.statusInterval().toNanos() - nowNanos;
        long untilApplyNanos = lastApplyNanos + settings.applyInterval().toNanos() - nowNanos;
        if (untilApplyNanos > 0) {
            pause(Duration.ofNanos(Math.min(untilApplyNanos, untilStatusNanos)));
        } else if (!awaitPage(Duration.ofNanos(untilStatusNanos))) {
            spool.rescan(); // Nothing waits, so looking costs nothing: an operator may have put a page back.
        }
    }

    private boolean awaitPage(Duration patience) {
        try {
            return spool.awaitPage(patience, this::isStopping);
        } catch (InterruptedException unexpected) { // Nobody interrupts this thread; whoever does wants it to end.
            stopping.countDown();
            return true;
        }
    }

    private void pause(Duration duration) {
        try {
            stopping.await(Math.max(0, duration.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException unexpected) {
            stopping.countDown();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private boolean ended(Duration patience) {
        try {
            thread.join(Math.max(1, patience.toMillis()));
            return !thread.isAlive();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends a statement that takes too long; what it wrote is rolled back and its pages stay. */
    private void abort() {
        Connection connection = current;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException failure) {
                LOG.warn("connection not aborted: cause={}", failure.toString());
            }
        }
    }

    private void ready() {
        if (state != StorageStatus.State.READY) {
            LOG.info(
                    "database ready: {}, schemaVersion={}, pagesWaiting={}",
                    source,
                    schemaVersion,
                    spool.pagesWaiting());
        }
        message = "";
        state = StorageStatus.State.READY;
    }

    private void become(SQLException failure) {
        if (DatabaseFault.of(failure) == DatabaseFault.AWAY) {
            become(
                    StorageStatus.State.DATABASE_AWAY,
                    "database does not answer: %s, cause=%s".formatted(source, failure.getMessage()));
        } else {
            become(
                    StorageStatus.State.REFUSED,
                    "database refuses: %s, code=%d, cause=%s"
                            .formatted(source, failure.getErrorCode(), failure.getMessage()));
        }
    }

    private void become(StorageStatus.State worse, String why) {
        state = worse;
        message = why;
        quiet.warn(worse, "pages wait: state={}, pagesWaiting={}, reason={}", worse, spool.pagesWaiting(), why);
    }
}
