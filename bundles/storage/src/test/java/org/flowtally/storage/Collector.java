// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.usage.ExporterTotal;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UnmatchedTotal;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.api.usage.VerdictTotal;
import org.flowtally.itests.database.Database;
import org.flowtally.lib.page.PageSpool;
import org.flowtally.lib.report.EventLog;

/** A collector without its front: pages are made by hand and go through a real spool to a real database. */
final class Collector implements AutoCloseable {
    /** 2026-11-20 10:00 UTC. */
    static final long TEN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

    static final long HOUR = 3_600_000;

    private static final long RUN = TEN << 20;

    private final String id;
    private final PageSpool spool;
    private final StorageSettings settings;
    private final AppliedSoFar applied = new AppliedSoFar(new AtomicLong(), new AtomicLong());
    private PageApplier applier;
    private long sequence;

    Collector(String id, Path folder, Database database) {
        this(id, folder, settings(database.jdbcUrl(), database.user(), database.passwordFile()));
    }

    Collector(String id, Path folder, StorageSettings settings) {
        this.id = id;
        this.settings = settings;
        try {
            this.spool = PageSpool.in(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        this.applier = applier();
    }

    static StorageSettings settings(String url, String user, Path passwordFile) {
        return new StorageSettings(
                url,
                user,
                passwordFile,
                2,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofMillis(20),
                Duration.ofSeconds(20),
                Duration.ofMillis(200),
                ZoneOffset.UTC);
    }

    static StorageSettings withZone(StorageSettings settings, ZoneId zone) {
        return new StorageSettings(
                settings.url(),
                settings.user(),
                settings.passwordFile(),
                settings.poolSize(),
                settings.connectTimeout(),
                settings.statementTimeout(),
                settings.applyInterval(),
                settings.drainTime(),
                settings.statusInterval(),
                zone);
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    Collector start() {
        applier.start();
        return this;
    }

    void stop() {
        applier.stop();
    }

    void restart() {
        stop();
        applier = applier();
        applier.start();
    }

    @Override
    public void close() {
        stop();
    }

    PageSpool spool() {
        return spool;
    }

    StorageStatus status() {
        return applier.status();
    }

    /** Appends a page with these totals and returns its sequence. */
    long append(UsageTotal... usage) {
        return append(List.of(usage), List.of(), List.of());
    }

    long append(List<UsageTotal> usage, List<UnmatchedTotal> unmatched, List<ExporterTotal> exporters) {
        try {
            spool.append(new UsagePage(new PageId(id, RUN, ++sequence), TEN + sequence, usage, unmatched, exporters));
            return sequence;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Collector awaitState(StorageStatus.State state) {
        await().untilAsserted(() -> assertThat(status().state()).isEqualTo(state));
        return this;
    }

    Collector awaitApplied() {
        await().until(() -> spool.pagesWaiting() == 0);
        return this;
    }

    static UsageTotal usage(String account, long bucketStartMillis, long bytesIn, long bytesOut) {
        return new UsageTotal(account, "", "", bucketStartMillis, bytesIn, bytesOut, 1, 2, 3, 0);
    }

    /** An exporter of at least three rows, of which one is too old and one nobody's. */
    static ExporterTotal exporter(String realm, long bucketStartMillis, long rows) {
        return new ExporterTotal(
                new Exporter("default", realm, 0, 0xffff_0a00_0001L, 5, 257),
                bucketStartMillis,
                1,
                rows,
                2,
                0,
                100,
                70,
                20,
                10,
                List.of(
                        new VerdictTotal("COUNTED", rows - 2, 70),
                        new VerdictTotal("TOO_OLD", 1, 20),
                        new VerdictTotal("NO_SUBSCRIBER", 1, 10)));
    }

    private PageApplier applier() {
        StatusTables statusTables = new StatusTables(
                () -> Optional.of(new FixedLedger(id)),
                Optional::empty,
                Optional::empty,
                Optional::empty,
                Instant.ofEpochMilli(TEN),
                new ConcurrentHashMap<>(),
                new EventLog(1, 1));
        return new PageApplier(
                settings, new AccountedSource(settings), spool, statusTables, InstantSource.system(), applied);
    }

    /** A ledger that only knows its name. */
    record FixedLedger(String id) implements UsageLedger {
        @Override
        public void flush() {
            // Pages are appended by hand.
        }

        @Override
        public LedgerStatus status() {
            return new LedgerStatus(id, RUN, 0, 0, 0, Map.of(), Map.of(), "");
        }
    }

    /** Pages of a known total: each of {@code subscribers} moves {@code page} octets in page {@code page}. */
    static List<UsageTotal> subscribers(int subscribers, long page) {
        List<UsageTotal> usage = new ArrayList<>();
        for (int subscriber = 0; subscriber < subscribers; subscriber++) {
            usage.add(usage("account-" + subscriber, TEN, page, subscriber));
        }
        return usage;
    }
}
