// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.clock.HostClockProbe;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.DataFolder;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.report.LastGood;
import org.flowtally.lib.report.LastingState;
import org.flowtally.lib.report.QuietLog;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock guard: learns how far off each exporter's clock is, settles start and end of each row in milliseconds since 1970 as
 * the policy of its endpoint or exporter says, and judges flows whose times cannot be.
 */
@Component(
        service = {FlowStage.class, ClockDirectory.class, HostClockProbe.class},
        configurationPid = ClockGuardSettings.PID)
@Designate(ocd = ClockGuardConfig.class)
@StageName(stage_name = StageName.CLOCK_GUARD)
public final class ClockGuard implements FlowStage, ClockDirectory, HostClockProbe, Quarantine.Judge {
    private static final Logger LOG = LoggerFactory.getLogger(ClockGuard.class);
    private static final LastGood<ClockGuardSettings> LAST_GOOD = new LastGood<>(LOG);
    private static final long RELEASE_PAUSE_MILLIS = 250;
    private static final String AHEAD = "flows end in the future and are discarded, set the exporter's clock by NTP";
    private static final String NOT_AHEAD = "flows end in the future, though the exporter's clock is not ahead, and are"
            + " discarded: if it gives times in another uptime than its header's, set clock.policy = arrival";
    private static final int IPFIX = 10;
    /** How much earlier than it was an export time of whole seconds is, on average. */
    private static final long HALF_SECOND_MILLIS = 500;

    private final QuietLog quiet;
    private final ClockGuardSettings settings;
    private final InstantSource clock;
    private final ExporterClocks clocks;
    private final EventLog events;
    private final RowTimes times;
    private final Quarantine quarantine;
    private Optional<HeldNote> note = Optional.empty();
    private final HostClockWatch host;
    private long releasedAtMillis;
    private boolean isEnding;

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public ClockGuard(BundleContext context, ClockGuardConfig config, Map<String, Object> given) {
        this(config, given);
        Path folder = DataFolder.of(context::getProperty).resolve("clock-guard");
        note = Optional.of(new HeldNote(folder.resolve("held.txt"), clocks::holders));
        note.get().start(!quarantine.isEmpty(), events, clock);
    }

    @SuppressWarnings("unchecked") // Whoever asks by these names puts the same types in.
    ClockGuard(ClockGuardConfig config, Map<String, Object> given) {
        this(
                LAST_GOOD.or(() -> ClockGuardSettings.of(config, given)),
                SystemClock.INSTANCE,
                (Map<Exporter, CounterArray>)
                        LastingState.of("clock-guard.clocks", ConcurrentHashMap.class, ConcurrentHashMap::new),
                Quarantine.lasting(),
                EventLog.SHARED,
                (AtomicReference<HostClock>)
                        LastingState.of("clock-guard.host", AtomicReference.class, AtomicReference::new));
        LOG.info("clock guard started: {}", settings);
    }

    @Deactivate
    void stop() {
        note.ifPresent(HeldNote::stop);
    }

    ClockGuard(
            ClockGuardSettings settings,
            InstantSource clock,
            Map<Exporter, CounterArray> kept,
            Deque<FlowBatch> held,
            EventLog events,
            AtomicReference<HostClock> hostKept) {
        this.settings = settings;
        this.clock = clock;
        this.events = events;
        this.quiet = new QuietLog(LOG, clock);
        this.clocks = new ExporterClocks(kept, ExporterClocks.MOST);
        this.times = new RowTimes(settings);
        this.quarantine = new Quarantine(held, settings.quarantineMaxRows());
        this.host = new HostClockWatch(settings.ntp(), clock, events, hostKept);
    }

    /** Makes a guard that knows nothing yet. */
    static ClockGuard fresh(ClockGuardSettings settings, InstantSource clock, EventLog events) {
        return new ClockGuard(
                settings, clock, new ConcurrentHashMap<>(), new ArrayDeque<>(), events, new AtomicReference<>());
    }

    @Override
    public void apply(FlowBatch batch) {
        times.clearExamples();
        for (int span = 0, spans = batch.spans(); span < spans; span++) {
            guard(batch, span);
        }
        if (!quarantine.isEmpty()) {
            release(batch);
        }
        tell(batch);
    }

    @Override
    public void surrender(FlowBatch batch) {
        times.clearExamples();
        isEnding = true;
        quarantine.release(batch, this);
        isEnding = false;
        tell(batch);
    }

    private void guard(FlowBatch batch, int span) {
        long arrival = batch.receivedAtMillis(span);
        ExporterClock exporter = clocks.find(batch.exporter(span), arrival);
        int kind = look(batch, span, exporter);
        switch (exporter.policy(batch.endpoint(span), settings.policies())) {
            case DISCARD ->
                decide(batch, span, exporter, 0, exporter.isOff() ? ClockAction.UNSURE : ClockAction.CORRECTED);
            case CORRECT -> correct(batch, span, exporter, kind);
            case ARRIVAL -> putAtArrival(batch, span, exporter);
            case QUARANTINE -> {
                if (!isOpen(kind)) {
                    correct(batch, span, exporter, kind);
                } else if (quarantine.hold(batch, span, exporter)) {
                    decide(batch, span, exporter, 0, ClockAction.CORRECTED); // Rows that have no times of their own.
                } else {
                    putAtArrival(batch, span, exporter);
                }
            }
        }
    }

    /** Learns from a datagram, and returns what it is: a constant of {@link ClockEstimate}. */
    private int look(FlowBatch batch, int span, ExporterClock exporter) {
        long arrival = batch.receivedAtMillis(span);
        if (!exporter.isFollowed()) {
            return ClockEstimate.UNKNOWN;
        }
        if (host.errorMillis() != 0) {
            exporter.estimate().hear(arrival);
            return exporter.estimate().kindOf(arrival - batch.exportMillis(span)); // Nobody is judged by a wrong clock.
        }
        int kind = exporter.estimate()
                .take(
                        arrival,
                        batch.exportMillis(span),
                        batch.uptimeMillis(span),
                        batch.exporter(span).version(),
                        settings.limits());
        if (exporter.isToBeTold(arrival, settings.eventPauseMillis())) {
            tellOf(exporter, arrival);
        }
        return kind;
    }

    /** Returns whether it is not known yet what a datagram of such a kind is. */
    private static boolean isOpen(int kind) {
        return kind == ClockEstimate.UNKNOWN || kind == ClockEstimate.STEPPED || kind == ClockEstimate.DOUBTFUL;
    }

    private void correct(FlowBatch batch, int span, ExporterClock exporter, int kind) {
        long shift = exporter.correction(kind, settings.limits().toleranceMillis());
        decide(batch, span, exporter, shift, ClockAction.CORRECTED);
    }

    private void putAtArrival(FlowBatch batch, int span, ExporterClock exporter) {
        long half = batch.exporter(span).version() == IPFIX ? HALF_SECOND_MILLIS : 0;
        long shift = batch.receivedAtMillis(span) - batch.exportMillis(span) - half;
        decide(batch, span, exporter, shift, ClockAction.ARRIVAL);
    }

    private void decide(FlowBatch batch, int span, ExporterClock exporter, long shift, ClockAction why) {
        times.settle(batch, span, shift);
        times.judge(batch, span, host.errorMillis(), why == ClockAction.ARRIVAL);
        if (shift != 0 || why != ClockAction.CORRECTED) {
            times.mark(batch, span, shift, why);
        }
        times.fold(exporter);
    }

    /** Lets rows go whose exporter is known by now, or that were held for long enough. */
    private void release(FlowBatch batch) {
        long now = clock.millis();
        if (now - releasedAtMillis >= RELEASE_PAUSE_MILLIS || now < releasedAtMillis) {
            releasedAtMillis = now;
            quarantine.release(batch, this);
            if (batch.remaining() == 0) {
                releasedAtMillis = now - RELEASE_PAUSE_MILLIS; // There may be more: the next batch goes on.
            }
        }
    }

    @Override
    public boolean isDue(FlowBatch page, int span) {
        return isEnding || isExpired(page, span) || !isOpen(kindOf(page, span));
    }

    private boolean isExpired(FlowBatch page, int span) {
        return Math.abs(releasedAtMillis - page.receivedAtMillis(span)) >= settings.quarantineMaxMillis();
    }

    private int kindOf(FlowBatch batch, int span) {
        return clocks.find(batch.exporter(span), batch.receivedAtMillis(span))
                .estimate()
                .kindOf(batch.receivedAtMillis(span) - batch.exportMillis(span));
    }

    @Override
    public void decide(FlowBatch batch, int span) {
        ExporterClock exporter = clocks.find(batch.exporter(span), batch.receivedAtMillis(span));
        long octets = 0;
        for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) {
            octets += ExporterClock.octets(batch, row);
        }
        exporter.letGo(batch.endRow(span) - batch.firstRow(span), octets);
        int kind = kindOf(batch, span);
        if (isOpen(kind)) {
            putAtArrival(batch, span, exporter);
        } else {
            correct(batch, span, exporter, kind);
        }
    }

    @Override
    public boolean isDue() {
        return host.isDue();
    }

    @Override
    public void ask() {
        host.ask();
    }

    @Override
    public HostClock host() {
        return host.status();
    }

    @Override
    public List<ExporterSkew> exporters() {
        return clocks.skews(host.errorMillis() == 0);
    }

    /** Tells of a clock that is in another state than it was told to be in. */
    private void tellOf(ExporterClock told, long nowMillis) {
        if (!told.tell(nowMillis)) {
            return;
        }
        ExporterSkew skew = told.skew(true);
        Exporter exporter = skew.exporter();
        String subject = "exporter=%s, endpoint=%s, version=%d, domain=%d"
                .formatted(exporter.address(), exporter.endpoint(), exporter.version(), exporter.domain());
        String message = "state=%s, offsetMillis=%d, spreadMillis=%d, policy=%s, jumps=%d%s"
                .formatted(
                        skew.state(),
                        skew.offsetMillis(),
                        skew.spreadMillis(),
                        skew.policy().name().toLowerCase(Locale.ROOT),
                        skew.jumps(),
                        skew.cause().isEmpty() ? "" : ", cause=" + skew.cause());
        events.tell(nowMillis, 0, kind(skew.state()), subject, message); // It was quiet for long enough.
        if (skew.state() == ClockState.GOOD) {
            LOG.info("exporter's clock is good again: {}, {}", subject, message);
        } else {
            LOG.warn("exporter's clock is off: {}, {}", subject, message);
        }
    }

    private static String kind(ClockState state) {
        return switch (state) {
            case SKEWED -> "clock-skew";
            case JUMPED -> "clock-jump";
            case UNSET -> "clock-unset";
            case LEARNING, GOOD -> "clock-good";
        };
    }

    private void tell(FlowBatch batch) {
        if (times.hasExample(ClockAction.FUTURE)) {
            tell(batch, ClockAction.FUTURE, isAhead(batch, times.exampleSpan(ClockAction.FUTURE)) ? AHEAD : NOT_AHEAD);
        }
        tell(batch, ClockAction.OLD, "flows ended long before they arrived and are discarded");
        tell(batch, ClockAction.MENDED, "flows begin after their end or last too long, their times are mended");
        tell(batch, ClockAction.SENSELESS, "flows have no times that make sense and are discarded");
    }

    private void tell(FlowBatch batch, ClockAction action, String what) {
        if (!times.hasExample(action)) {
            return;
        }
        int span = times.exampleSpan(action);
        Exporter exporter = batch.exporter(span);
        quiet.warn(
                new Concern(exporter, action),
                "{}: exporter={}, domain={}, endpoint={}, flowEnd={}, export={}, arrival={}",
                what,
                exporter.sender(),
                exporter.domain(),
                exporter.endpoint(),
                Instant.ofEpochMilli(batch.endMillis(times.exampleRow(action))),
                Instant.ofEpochMilli(batch.exportMillis(span)),
                Instant.ofEpochMilli(batch.receivedAtMillis(span)));
    }

    private boolean isAhead(FlowBatch batch, int span) {
        return batch.exportMillis(span) - batch.receivedAtMillis(span)
                > settings.limits().toleranceMillis();
    }

    /** What is told at most once a minute. */
    private record Concern(Exporter exporter, ClockAction action) {}
}
