// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterMemory;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.lib.report.CounterArray;
import org.jspecify.annotations.Nullable;

/**
 * One exporter as the version switch remembers it between datagrams: sequence, announced sampling, counters. Written by the
 * working thread alone; {@link #status()} may be called by any thread.
 */
public final class TrackedExporter implements ExporterState {
    private static final int V1 = 1;
    private static final long NEVER = Long.MIN_VALUE / 2;
    private static final int DATAGRAMS = 0;
    private static final int ROWS = 1;
    private static final int DAMAGED = 2;
    private static final int LAST_SEEN = 3; // When the last datagram arrived, counted from sinceMillis.
    private static final int LAST_SEQUENCE = 4;
    private static final int BOOT = 5; // By the last header; 0 if it has no uptime.
    private static final int INCOMPLETE = 6; // Rows that lack a base field which their template does not tell of.
    private static final int DUPLICATES = 7;
    private static final int COUNTERS = 8;

    /** How long an exporter must have sent flows until it has proven itself. */
    static final long PROBATION_MILLIS = 10_000;

    /** How long around the arrival behind a gap rows are marked: an active timeout as the guide recommends it. */
    static final long GAP_MILLIS = 60_000;

    private static final TemplateMemory NO_MEMORY = new TemplateMemory(new TemplateSpace(TemplateLimits.USUAL));

    private final Exporter exporter;
    private final TemplateSpace space;
    private final long sinceMillis;
    private final SequenceTracker sequence = new SequenceTracker();
    private final CounterArray counters = new CounterArray(COUNTERS);
    private final FlowLengths lengths = new FlowLengths();
    private volatile Endpoint endpoint;
    private volatile int announcedRate = 1;
    private volatile TemplateMemory memory = NO_MEMORY;
    private final RecentDatagrams recent = new RecentDatagrams();
    private long fingerprint; // Of the datagram under way.
    private boolean isJudged; // Whether it is known if that one came before.
    private boolean isDuplicate;
    private long gapAtMillis = NEVER; // When the first datagram behind the last gap arrived.

    private final EndpointShare endpointShare;
    private final AddressShare addressShare;
    private volatile boolean isEstablished;
    private volatile boolean isListed;
    private long datagramsWhenQueued;
    /** Where it stands in the table, or -1. */
    int index = -1;

    /** Its neighbours among the newcomers of its endpoint. */
    @Nullable
    TrackedExporter older;

    @Nullable
    TrackedExporter younger;

    boolean isQueued;

    TrackedExporter(Exporter exporter, Endpoint endpoint, TemplateSpace space, long sinceMillis) {
        this(exporter, endpoint, space, new EndpointShare(), new AddressShare(), sinceMillis);
    }

    TrackedExporter(
            Exporter exporter,
            Endpoint endpoint,
            TemplateSpace space,
            EndpointShare endpointShare,
            AddressShare addressShare,
            long sinceMillis) {
        this.exporter = exporter;
        this.space = space;
        this.endpointShare = endpointShare;
        this.addressShare = addressShare;
        this.endpoint = endpoint;
        this.sinceMillis = sinceMillis;
    }

    /** Returns whether this is who sent such a datagram, and takes notice of a new snapshot of its endpoint. */
    @SuppressWarnings("ReferenceEquality") // The same snapshot is the common case; its strings are not compared then.
    boolean is(Endpoint receivedBy, long addressHigh, long addressLow, int port, int version, long domain) {
        if (exporter.addressLow() != addressLow
                || exporter.addressHigh() != addressHigh
                || exporter.domain() != domain
                || exporter.version() != version
                || exporter.port() != port) {
            return false;
        }
        if (endpoint == receivedBy) {
            return true;
        }
        if (!exporter.endpoint().equals(receivedBy.name()) || !exporter.realm().equals(receivedBy.realm())) {
            return false;
        }
        endpoint = receivedBy;
        if (memory != NO_MEMORY) {
            memory.agesTemplates(!receivedBy.transport().isConnected());
        }
        return true;
    }

    @Override
    public Exporter exporter() {
        return exporter;
    }

    @Override
    public boolean sequence(long number, int units, long uptimeMillis, long exportMillis) {
        return sequence(number, units, units, 0, uptimeMillis, exportMillis);
    }

    @Override
    public boolean sequence(long number, int units, int records, int templates, long uptimeMillis, long exportMillis) {
        if (comesAgain(!sequence.isNext(number, records, templates))) {
            return false;
        }
        boolean hasGap = sequence.follow(number, units, records, templates, uptimeMillis, exportMillis);
        if (hasGap) {
            gapAtMillis = lastSeenMillis();
        }
        counters.add(LAST_SEQUENCE, number - counters.value(LAST_SEQUENCE));
        if (uptimeMillis != FlowBatch.NO_UPTIME) {
            counters.add(BOOT, exportMillis - uptimeMillis - counters.value(BOOT));
        }
        return hasGap;
    }

    @Override
    public boolean isDuplicate() {
        return isDuplicate;
    }

    /** Tells whether the datagram under way is one of the last ones once more; looks only if it may be. */
    private boolean comesAgain(boolean mayBe) {
        isJudged = true;
        if (fingerprint == RecentDatagrams.NONE) {
            return false;
        }
        isDuplicate = mayBe && recent.contains(fingerprint);
        if (isDuplicate) {
            counters.increment(DUPLICATES);
        } else {
            recent.add(fingerprint);
        }
        return isDuplicate;
    }

    @Override
    public void announcedSamplingRate(int rate) {
        int announced = Math.max(1, rate);
        if (announced != announcedRate) {
            announcedRate = announced;
        }
    }

    @Override
    public ExporterMemory memory() {
        if (memory == NO_MEMORY) {
            TemplateMemory made = new TemplateMemory(space, exporter, addressShare);
            made.agesTemplates(!endpoint.transport().isConnected());
            memory = made;
            if (isEstablished) {
                memory.establish();
            }
        }
        return memory;
    }

    /** Returns whether it is in the table; a sender becomes known with its first datagram that is not damaged. */
    public boolean isKnown() {
        return index >= 0;
    }

    /** Returns whether it has sent flows for a while: it is not pushed out by others then. */
    boolean isEstablished() {
        return isEstablished;
    }

    /** Returns whether it stands in lists: it has proven itself, or came when few others did. */
    boolean isListed() {
        return isListed || isEstablished;
    }

    void list(boolean does) {
        isListed = does;
    }

    long sinceMillis() {
        return sinceMillis;
    }

    void establish() {
        isEstablished = true;
        if (memory != NO_MEMORY) {
            memory.establish();
        }
    }

    void enqueue() {
        isQueued = true;
        datagramsWhenQueued = counters.value(DATAGRAMS);
    }

    /** Returns whether flows of it came since it was queued among the newcomers. */
    boolean cameAgain() {
        return counters.value(DATAGRAMS) > datagramsWhenQueued && counters.value(ROWS) > 0;
    }

    boolean hasMemory(TemplateMemory one) {
        return memory == one;
    }

    EndpointShare endpointShare() {
        return endpointShare;
    }

    @SuppressWarnings("ReferenceEquality") // Each address has one share.
    boolean isOf(AddressShare share) {
        return addressShare == share;
    }

    AddressShare addressShare() {
        return addressShare;
    }

    /** Remembers what was kept of it on disk. */
    void restore(RememberedExporter kept) {
        memory();
        memory.restore(kept);
        establish();
    }

    /** Returns what is worth being kept of it on disk; for any thread. */
    RememberedExporter remembered() {
        long boot = counters.value(BOOT);
        return new RememberedExporter(
                exporter,
                (int) counters.value(LAST_SEQUENCE),
                boot == 0 ? FlowBatch.NO_UPTIME : boot,
                memory.learned());
    }

    /** Goes on where its numbers stood at a clean stop. */
    void resume(SequencePosition position) {
        sequence.resume(position);
    }

    /** Returns where its numbers stand; nothing for a connection, whose successor counts anew. Not while it is written. */
    Optional<SequencePosition> position() {
        return endpoint.transport().isConnected() ? Optional.empty() : sequence.position(exporter);
    }

    /** Gives back what it takes: the exporter is forgotten. */
    void forget() {
        memory.forget();
    }

    /** Takes a datagram, before its decoder sees it for the first time. */
    public void take(long receivedAtMillis) {
        counters.increment(DATAGRAMS);
        counters.add(LAST_SEEN, receivedAtMillis - lastSeenMillis());
        isDuplicate = false;
        isJudged = false;
        fingerprint = RecentDatagrams.NONE;
        if (!isEstablished && receivedAtMillis - sinceMillis >= PROBATION_MILLIS && counters.value(ROWS) > 0) {
            establish();
        }
    }

    /** Takes a datagram that may have come before, before its decoder sees it for the first time. */
    public void take(Datagram datagram) {
        take(datagram.receivedAtMillis());
        boolean isThorough = exporter.version() == V1 || sequence.duplicates() > 0;
        fingerprint = RecentDatagrams.fingerprint(datagram.octets(), datagram.offset(), datagram.length(), isThorough);
    }

    /** Counts the rows that a decoder claimed, and gives them what holds for all rows of the datagram: sampling and gap. */
    public void settle(FlowBatch flows, int fromRow) {
        int end = flows.size();
        counters.add(ROWS, end - fromRow);
        lengths.note(flows, fromRow, end, lastSeenMillis());
        if (memory != NO_MEMORY) {
            settleSampling(flows, fromRow, end);
        } else if (samplingRate() > 1) {
            int rate = samplingRate();
            for (int row = fromRow; row < end; row++) {
                flows.samplingRate(row, rate);
            }
        }
        BaseFields base = space.rules().baseFields();
        if (base.areBeyondTemplates()) {
            counters.add(INCOMPLETE, base.judge(flows, fromRow, end));
        }
        if (!isJudged) {
            comesAgain(true); // Of a version without sequence.
        }
        if (isDuplicate) {
            for (int row = fromRow; row < end; row++) {
                if (flows.verdict(row) == Verdict.COUNTED) {
                    flows.judge(row, Verdict.DUPLICATE);
                }
            }
        }
        if (Math.abs(lastSeenMillis() - gapAtMillis) <= GAP_MILLIS) {
            for (int row = fromRow; row < end; row++) {
                flows.addQuality(row, Quality.GAP);
            }
        }
    }

    /** Leaves rates that the decoder gave to rows, unless the endpoint says otherwise; where none is known, asks the endpoint. */
    private void settleSampling(FlowBatch flows, int fromRow, int end) {
        Endpoint by = endpoint;
        int given = Math.max(1, by.samplingRate());
        switch (by.samplingMode()) {
            case APPLY -> {
                if (given > 1) {
                    fallBack(flows, fromRow, end, given);
                }
            }
            case IGNORE -> set(flows, fromRow, end, 1);
            case FORCE -> set(flows, fromRow, end, given);
        }
    }

    private static void fallBack(FlowBatch flows, int fromRow, int end, int rate) {
        for (int row = fromRow; row < end; row++) {
            if ((flows.quality(row) & Quality.RATE_UNKNOWN) != 0) {
                flows.samplingRate(row, rate);
            }
        }
    }

    private static void set(FlowBatch flows, int fromRow, int end, int rate) {
        for (int row = fromRow; row < end; row++) {
            flows.samplingRate(row, rate);
        }
    }

    /** Counts a datagram that was refused as damaged. */
    public void damaged() {
        counters.increment(DAMAGED);
    }

    /** Returns the rate by which counters are to be multiplied: what was announced, as far as the endpoint listens to it. */
    public int samplingRate() {
        Endpoint by = endpoint;
        return switch (by.samplingMode()) {
            case APPLY -> memory == NO_MEMORY ? announcedRate : memory.lastRate();
            case IGNORE -> 1;
            case FORCE -> Math.max(1, by.samplingRate());
        };
    }

    /** Returns when its last datagram arrived, in milliseconds since 1970. */
    public long lastSeenMillis() {
        return sinceMillis + counters.value(LAST_SEEN);
    }

    /** Returns what is known of it now. */
    public ExporterStatus status() {
        return new ExporterStatus(
                exporter,
                Instant.ofEpochMilli(sinceMillis),
                Instant.ofEpochMilli(lastSeenMillis()),
                counters.value(DATAGRAMS),
                counters.value(ROWS),
                counters.value(DAMAGED),
                sequence.lost(),
                sequence.reordered(),
                counters.value(DUPLICATES),
                sequence.restarts(),
                samplingRate(),
                samplingOrigin());
    }

    /** Returns what it should send differently; for any thread. */
    List<ExporterAdvice> advice() {
        TemplateMemory known = memory;
        return Adviser.of(
                exporter,
                new ExporterFacts(
                        counters.value(DATAGRAMS),
                        counters.value(ROWS),
                        counters.value(DAMAGED),
                        sequence.lost(),
                        counters.value(DUPLICATES),
                        sequence.duplicates(),
                        sequence.rule(),
                        counters.value(INCOMPLETE),
                        space.rules().baseFields(),
                        known.rowsOfUnknownRate(),
                        lengths.longestMillis(),
                        known.heldOctets(),
                        known.bootMillis(),
                        known.learned().templates(),
                        known.clash()));
    }

    /** Returns its templates by id; for any thread. */
    List<TemplateStatus> templates() {
        return memory.learned().templates().stream()
                .sorted(Comparator.comparingInt(Template::id))
                .map(each -> each.status(exporter))
                .toList();
    }

    /** Returns the interfaces it told the names of; for any thread. */
    List<InterfaceStatus> interfaces() {
        return memory.learned().interfaces().stream()
                .map(each -> each.status(exporter))
                .toList();
    }

    private String samplingOrigin() {
        return switch (endpoint.samplingMode()) {
            case APPLY -> memory == NO_MEMORY ? "header" : memory.lastOrigin();
            case IGNORE -> "ignored";
            case FORCE -> "forced";
        };
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "endpoint=%s, address=%s, version=%d, domain=%d",
                exporter.endpoint(),
                exporter.sender(),
                exporter.version(),
                exporter.domain());
    }
}
