// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.subscriber.SubscriberRegistry;
import org.flowtally.api.subscriber.Subscribers;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.PageId;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.DataFolder;
import org.flowtally.lib.report.LastingCounters;
import org.flowtally.lib.report.QuietLog;
import org.flowtally.lib.report.Refusals;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last stage: books every row into the ledger in memory, and seals the ledger into a page at each flush.
 *
 * <p>Two threads meet here. The working thread books into the active ledger and holds the lane lock for one batch; a flush
 * holds it only to put another ledger in its place. Sealed ledgers belong to the flushing thread until their page is
 * written; if it cannot be, they go back into the active one and nothing is lost.
 */
@Component(
        immediate = true,
        service = {FlowStage.class, UsageLedger.class},
        configurationPid = AccountingSettings.PID)
@StageName(stage_name = StageName.ACCOUNTING)
@Designate(ocd = AccountingConfig.class)
public final class UsageAccounting implements FlowStage, UsageLedger {
    private static final Logger LOG = LoggerFactory.getLogger(UsageAccounting.class);
    private static final int RUN_CHANCE_BITS = 20;
    private static final int MOST_SPARE = 2;

    private final InstantSource clock;
    private final PageSink sink;
    private final QuietLog quiet;
    private final long runId;
    private final CounterArray rowsByVerdict;
    private final CounterArray octetsByVerdict;

    /** Taken before the lane lock, never after it. */
    private final ReentrantLock flushLock = new ReentrantLock();

    private final PageSealer sealer;
    private final ExporterDeltas exporterDeltas;
    private final NamedExporters names = new NamedExporters();
    private @Nullable ExporterDirectory directory;

    private final ReentrantLock laneLock = new ReentrantLock();
    private final Bookkeeper bookkeeper;
    private final Deque<Ledger> sealed = new ArrayDeque<>();
    private final Deque<Ledger> spare = new ArrayDeque<>();
    private Ledger active;
    private int entriesSealed;

    private volatile AccountingSettings settings;
    private volatile long pagesWritten;
    private volatile String lastFailure = "";

    /** Starts with a configuration that must be right. */
    @Activate
    public UsageAccounting(AccountingConfig config, Map<String, Object> given, BundleContext context) {
        this(
                AccountingSettings.of(config, given),
                SystemClock.INSTANCE,
                new SpoolSink(DataFolder.of(context::getProperty)),
                LastingCounters::of);
    }

    UsageAccounting(
            AccountingSettings settings,
            InstantSource clock,
            PageSink sink,
            BiFunction<String, Integer, CounterArray> counters) {
        this.settings = settings;
        this.clock = clock;
        this.sink = sink;
        quiet = new QuietLog(LOG, clock);
        runId = (clock.millis() << RUN_CHANCE_BITS)
                | ThreadLocalRandom.current().nextInt(1 << RUN_CHANCE_BITS);
        rowsByVerdict = counters.apply("accounting.rows", Verdict.count());
        octetsByVerdict = counters.apply("accounting.octets", Verdict.count());
        Names realms = new Names();
        sealer = new PageSealer(realms);
        exporterDeltas = new ExporterDeltas(counters, names);
        bookkeeper = new Bookkeeper(realms, names, rowsByVerdict, octetsByVerdict, settings.longestMillis());
        active = new Ledger(Subscribers.NOBODY.registry(), bookkeeper.classNames(), settings.bucketMillis());
        LOG.info("ledger open: collectorId={}, runId={}", settings.collectorId(), runId);
    }

    @Modified
    void modified(AccountingConfig config, Map<String, Object> given) {
        try {
            take(AccountingSettings.of(config, given));
        } catch (ConfigurationRejected refused) {
            Refusals.note(refused, LOG);
        }
    }

    private void take(AccountingSettings changed) {
        laneLock.lock();
        try {
            settings = changed;
            bookkeeper.longestMillis(changed.longestMillis());
            seal(active.registry());
        } finally {
            laneLock.unlock();
        }
        LOG.info("configuration taken: {}", changed);
    }

    /** Writes the last page. The lane has let go of this stage by then. */
    @Deactivate
    void close() {
        flushLock.lock();
        try {
            flush();
            directory = null; // It is unbound only after this; what it counts from now on is for the successor.
        } finally {
            flushLock.unlock();
        }
        long entries = status().entries();
        if (entries > 0) {
            LOG.error("usage lost, the last page could not be written: entries={}, cause={}", entries, lastFailure);
        } else {
            LOG.info("ledger closed: runId={}, pagesWritten={}", runId, pagesWritten);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, unbind = "forget")
    void follow(ExporterDirectory exporters) {
        flushLock.lock();
        try {
            directory = exporters;
        } finally {
            flushLock.unlock();
        }
    }

    void forget(ExporterDirectory exporters) {
        flushLock.lock();
        try {
            if (directory == exporters) {
                takeExporters(); // What it counted since the last flush goes with it.
                directory = null;
            }
        } finally {
            flushLock.unlock();
        }
    }

    @Override
    public void apply(FlowBatch batch) {
        long full;
        long shortened;
        laneLock.lock();
        try {
            SubscriberRegistry registry = batch.subscribers().registry();
            if (registry != active.registry() && registry != Subscribers.NOBODY.registry()) {
                seal(registry);
            }
            if (bookkeeper.follow(batch.trafficClasses())) {
                seal(active.registry());
            }
            full = bookkeeper.rowsRefused();
            shortened = bookkeeper.rowsShortened();
            bookkeeper.book(batch, active, Math.max(0, settings.maxEntries() - entriesSealed));
            full = bookkeeper.rowsRefused() - full;
            shortened = bookkeeper.rowsShortened() - shortened;
        } finally {
            laneLock.unlock();
        }
        if (full + shortened > 0) {
            complain(full, shortened);
        }
    }

    private void complain(long full, long shortened) {
        if (full > 0) {
            quiet.error(
                    Verdict.LEDGER_FULL,
                    "usage lost, ledger full: rows={}, maxEntries={}, pages not written because: {}",
                    full,
                    settings.maxEntries(),
                    lastFailure);
        }
        if (shortened > 0) {
            quiet.warn(
                    Bookkeeper.class,
                    "flows claim to last longer than flow.longest.hours, spread over that time before their end: rows={}",
                    shortened);
        }
    }

    @Override
    public void flush() {
        flushLock.lock();
        try {
            takeExporters();
            laneLock.lock();
            try {
                seal(active.registry());
            } finally {
                laneLock.unlock();
            }
            writeSealed();
        } finally {
            flushLock.unlock();
        }
    }

    @Override
    public LedgerStatus status() {
        laneLock.lock();
        try {
            return new LedgerStatus(
                    settings.collectorId(),
                    runId,
                    pagesWritten,
                    active.entries() + entriesSealed,
                    settings.maxEntries(),
                    byVerdict(rowsByVerdict),
                    byVerdict(octetsByVerdict),
                    lastFailure);
        } finally {
            laneLock.unlock();
        }
    }

    private static Map<Verdict, Long> byVerdict(CounterArray counters) {
        Map<Verdict, Long> values = new EnumMap<>(Verdict.class);
        for (int verdict = 0; verdict < Verdict.count(); verdict++) {
            values.put(Verdict.of(verdict), counters.value(verdict));
        }
        return values;
    }

    /** Under the flush lock. */
    private void takeExporters() {
        ExporterDirectory known = directory;
        if (known == null) {
            return;
        }
        List<ExporterStatus> exporters = known.exporters();
        laneLock.lock();
        try {
            exporterDeltas.take(exporters, active.exporters(), clock.millis());
        } finally {
            laneLock.unlock();
        }
    }

    /** Puts an empty ledger in the place of the active one, unless that is empty itself. Under the lane lock. */
    private void seal(SubscriberRegistry registry) {
        if (active.isEmpty()) {
            active.open(registry, bookkeeper.classNames(), settings.bucketMillis());
            return;
        }
        sealed.addLast(active);
        entriesSealed += active.entries();
        Ledger next = spare.pollFirst();
        if (next == null) {
            next = new Ledger(registry, bookkeeper.classNames(), settings.bucketMillis());
        } else {
            next.open(registry, bookkeeper.classNames(), settings.bucketMillis());
        }
        active = next;
    }

    /** Under the flush lock. */
    private void writeSealed() {
        for (Ledger ledger = firstSealed(); ledger != null; ledger = firstSealed()) {
            AccountingSettings current = settings;
            PageId id = new PageId(current.collectorId(), runId, pagesWritten + 1);
            try {
                sink.append(sealer.seal(ledger, id, clock.millis()), current.pagesMaxOctets());
            } catch (IOException failure) {
                takeBack();
                lastFailure = String.valueOf(failure.getMessage());
                quiet.error(
                        PageSink.class,
                        "page not written, its usage stays in memory: entries={}, maxEntries={}, cause={}",
                        status().entries(),
                        current.maxEntries(),
                        lastFailure);
                return;
            }
            pagesWritten = id.sequence();
            lastFailure = "";
            release(ledger);
        }
    }

    private @Nullable Ledger firstSealed() {
        laneLock.lock();
        try {
            return sealed.peekFirst();
        } finally {
            laneLock.unlock();
        }
    }

    private void release(Ledger written) {
        int entries = written.entries();
        written.open(Subscribers.NOBODY.registry(), written.classNames(), settings.bucketMillis());
        laneLock.lock();
        try {
            sealed.removeFirst();
            entriesSealed -= entries;
            keep(written);
        } finally {
            laneLock.unlock();
        }
    }

    /** Unites what could not be written with what was counted since, where both count the same things. */
    private void takeBack() {
        laneLock.lock();
        try {
            for (Iterator<Ledger> ledgers = sealed.iterator(); ledgers.hasNext(); ) {
                Ledger unwritten = ledgers.next();
                if (unwritten.matches(active)) {
                    ledgers.remove();
                    entriesSealed -= unwritten.entries();
                    unite(unwritten);
                }
            }
        } finally {
            laneLock.unlock();
        }
    }

    /** The smaller one goes into the larger one, so that the lane is not kept waiting. */
    private void unite(Ledger unwritten) {
        boolean isActiveLarger = active.entries() > unwritten.entries();
        Ledger larger = isActiveLarger ? active : unwritten;
        Ledger smaller = isActiveLarger ? unwritten : active;
        larger.absorb(smaller);
        smaller.open(larger.registry(), larger.classNames(), larger.bucketMillis());
        active = larger;
        keep(smaller);
    }

    private void keep(Ledger empty) {
        if (spare.size() < MOST_SPARE) {
            spare.addLast(empty);
        }
    }
}
