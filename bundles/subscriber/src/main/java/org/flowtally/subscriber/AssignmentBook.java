// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.subscriber.AssignmentStatus.Source;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.report.DataFolder;
import org.flowtally.lib.report.LastGood;
import org.flowtally.lib.report.QuietLog;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assignments in force: taken from the table, kept as a copy on disk, and read by the stage once a batch.
 *
 * <p>The stage is only offered to the lane once assignments are known or known not to be had: until then the lane waits,
 * and nobody's usage goes unmatched because it came a second too early. A change of the configuration re-creates both,
 * with the assignments of the copy.
 */
@Component(
        service = {AssignmentLoader.class, AssignmentBook.class},
        configurationPid = SubscriberSettings.PID,
        immediate = true)
@Designate(ocd = SubscriberConfig.class)
public final class AssignmentBook implements AssignmentLoader {
    private static final Logger LOG = LoggerFactory.getLogger(AssignmentBook.class);
    // The clock guard passes flows of the last 24 hours as shipped; a flow lasts minutes, rarely hours.
    private static final long SETTLED_MILLIS = TimeUnit.DAYS.toMillis(2);
    private static final LastGood<SubscriberSettings> LAST_GOOD = new LastGood<>(LOG);
    private static final long NO_DIGEST = 0;
    private static final AssignmentStatus NOTHING_YET =
            new AssignmentStatus(Source.NONE, Optional.empty(), 0, 0, 0, 0, List.of(), "");

    private final SubscriberDirectory directory = new SubscriberDirectory();
    private final AssignmentCopy copy;
    private final InstantSource clock;
    private final Runnable whenOutcomeIsKnown;
    private final QuietLog quiet;
    private final SubscriberSettings settings;
    private long digest = NO_DIGEST;
    private volatile Assignments current;
    private volatile AssignmentStatus status = NOTHING_YET;

    /** Starts with the copy on disk, if there is one. */
    @Activate
    public AssignmentBook(
            SubscriberConfig config, Map<String, Object> given, ComponentContext component, BundleContext bundle) {
        this(
                LAST_GOOD.or(() -> SubscriberSettings.of(config, given)),
                DataFolder.of(bundle::getProperty).resolve("subscriber"),
                SystemClock.INSTANCE,
                () -> component.enableComponent(SubscriberStage.class.getName()));
    }

    AssignmentBook(SubscriberSettings settings, Path folder, InstantSource clock, Runnable whenOutcomeIsKnown) {
        this.settings = settings;
        this.copy = new AssignmentCopy(folder);
        this.clock = clock;
        this.whenOutcomeIsKnown = whenOutcomeIsKnown;
        this.quiet = new QuietLog(LOG, clock);
        current = compile(List.of());
        restore();
    }

    private synchronized void restore() {
        if (!copy.exists()) {
            return;
        }
        try {
            AssignmentRows rows = rows();
            long savedAtMillis = copy.read(rows);
            List<Assignment> sorted = rows.sorted();
            current = compile(sorted);
            digest = digest(sorted);
            status = status(Source.DISK, savedAtMillis, sorted, rows, "");
            LOG.info(
                    "assignments restored from their copy: assignments={}, savedAt={}",
                    sorted.size(),
                    Instant.ofEpochMilli(savedAtMillis));
            whenOutcomeIsKnown.run();
        } catch (IOException damaged) {
            LOG.warn(
                    "the copy of the assignments cannot be used, waiting for the database: reason={}",
                    damaged.toString());
        }
    }

    @Override
    public String statement() {
        // Times as text: no driver and no session can shift them by a time zone.
        return "SELECT realm, prefix, account_id, service_id,"
                + " CAST(valid_from AS CHAR) AS valid_from, CAST(valid_to AS CHAR) AS valid_to"
                + " FROM ip_assignment";
    }

    @Override
    public synchronized AssignmentStatus load(Iterator<Map<String, Object>> table) {
        AssignmentRows rows = rows();
        boolean isComplete = false;
        try {
            while (table.hasNext()) {
                rows.take(table.next());
            }
            isComplete = true;
        } finally {
            if (!isComplete) {
                note("reading the rows of ip_assignment broke off"); // Why goes on to the caller.
            }
        }
        take(rows);
        whenOutcomeIsKnown.run();
        return status;
    }

    private void take(AssignmentRows rows) {
        List<Assignment> sorted = rows.sorted();
        long nowMillis = clock.millis();
        long newDigest = digest(sorted);
        boolean isNews = newDigest != digest || status.source() == Source.NONE;
        if (isNews) {
            current = compile(sorted);
            digest = newDigest;
            save(sorted, nowMillis);
        }
        status = status(Source.DATABASE, nowMillis, sorted, rows, "");
        if (isNews) {
            LOG.info(
                    "assignments taken: assignments={}, subscribers={}, conflicts={}, skipped={}",
                    status.assignments(),
                    status.subscribers(),
                    status.conflicts(),
                    status.skipped());
        }
        if (status.skipped() > 0) {
            quiet.warn(
                    "skipped",
                    "rows of ip_assignment cannot be used: skipped={}, first={}",
                    status.skipped(),
                    status.problems().get(0));
        }
    }

    private void save(List<Assignment> sorted, long nowMillis) {
        try {
            copy.write(sorted, directory, nowMillis);
        } catch (IOException failure) {
            quiet.warn("copy", "the copy of the assignments could not be written; the one before stays", failure);
        }
    }

    @Override
    public synchronized void failed(String reason) {
        note(reason);
        Source source = status.source();
        if (source == Source.NONE) {
            quiet.warn("failed", "assignments are not known, usage stays without subscriber: reason={}", reason);
        } else {
            quiet.warn("failed", "assignments not reloaded, those before stay: source={}, reason={}", source, reason);
        }
        whenOutcomeIsKnown.run();
    }

    private void note(String reason) {
        AssignmentStatus before = status;
        status = new AssignmentStatus(
                before.source(),
                before.loadedAt(),
                before.assignments(),
                before.subscribers(),
                before.conflicts(),
                before.skipped(),
                before.problems(),
                reason);
    }

    @Override
    public AssignmentStatus status() {
        return status;
    }

    /** Returns the assignments in force; a batch asks once. */
    Assignments current() {
        return current;
    }

    private AssignmentRows rows() {
        return new AssignmentRows(directory, clock.millis() - TimeUnit.DAYS.toMillis(settings.historyDays()));
    }

    private Assignments compile(List<Assignment> sorted) {
        return Assignments.of(directory, sorted, settings.homeNetworks(), clock.millis() - SETTLED_MILLIS);
    }

    private AssignmentStatus status(
            Source source, long atMillis, List<Assignment> sorted, AssignmentRows rows, String lastFailure) {
        BitSet subscribers = new BitSet();
        sorted.forEach(assignment -> subscribers.set(assignment.subscriber()));
        return new AssignmentStatus(
                source,
                Optional.of(Instant.ofEpochMilli(atMillis)),
                sorted.size(),
                subscribers.cardinality(),
                current.conflicts(),
                rows.skipped(),
                rows.problems(),
                lastFailure);
    }

    /** Returns a number that differs, but for a chance of 1 in 2^64, when the assignments differ. */
    private static long digest(List<Assignment> sorted) {
        long digest = sorted.size() + 1L;
        for (Assignment assignment : sorted) {
            digest = mix(digest, assignment.realm().hashCode());
            digest = mix(digest, assignment.prefix().high());
            digest = mix(digest, assignment.prefix().low());
            digest = mix(digest, assignment.prefix().length());
            digest = mix(digest, assignment.subscriber());
            digest = mix(digest, assignment.fromMillis());
            digest = mix(digest, assignment.toMillis());
        }
        return digest == NO_DIGEST ? 1 : digest;
    }

    private static long mix(long digest, long value) {
        long mixed = (digest ^ value) * 0x9e3779b97f4a7c15L;
        return mixed ^ mixed >>> 32;
    }
}
