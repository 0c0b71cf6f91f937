// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.CounterArray;
import org.jspecify.annotations.Nullable;

/**
 * Every exporter that is known, by endpoint, address, version and domain, and by port where its endpoint says so. A look-up
 * allocates nothing; the number of exporters is bounded, over all, for each endpoint and for each address, so that forged senders cannot fill the memory.
 *
 * <p>When it is full, newcomers make room for newcomers, the oldest first; an exporter that has sent flows for ten seconds
 * is no newcomer any more, and makes room only when it has been silent for long. One writer; {@link #statuses()}, {@link
 * #count} and {@link #limits} may be called by any thread.
 */
public final class ExporterTable {
    /** What {@link #find} answers when the table is full and the sender is new. */
    public static final TrackedExporter NO_ROOM = new TrackedExporter(
            new Exporter("", "", 0, 0, 0, 0),
            new Endpoint("", "", 0, Set.of(), List.of(), false, List.of(), "", 0, SamplingMode.IGNORE, 1),
            new TemplateSpace(TemplateLimits.USUAL),
            0);

    private static final TrackedExporter VACANT = NO_ROOM;
    private static final TemplateMemory NOBODY_SPARED = new TemplateMemory(new TemplateSpace(TemplateLimits.USUAL));
    private static final int ANY_PORT = 0;
    private static final int FIRST_SLOTS = 64;
    private static final long SWEEP_PAUSE_MILLIS = 10_000;
    private static final long ADDRESS_SWEEP_PAUSE_MILLIS = 1000;
    /** The silence after which an exporter makes room for another one of its address. */
    private static final long ADDRESS_IDLE_MILLIS = 900_000;

    /** How many newcomers are listed in an hour before they have proven themselves: who reads the list is bounded too. */
    private static final int MOST_LISTED = 2000;

    private static final long HOUR_MILLIS = 3_600_000;

    private final long seed = ThreadLocalRandom.current().nextLong(); // Nobody outside can make addresses that collide.
    private final TemplateSpace space;
    private final CounterArray counters = new CounterArray(ExporterCounter.values().length);
    private final Map<String, EndpointShare> endpoints = new HashMap<>();
    private final Map<AddressKey, AddressShare> addresses = new HashMap<>();
    private volatile ExporterLimits limits;

    /** What was kept on disk of exporters that were not heard since. */
    private final Map<Exporter, RememberedExporter> silent = new ConcurrentHashMap<>();

    /** Where the numbers of exporters stood that were not heard since a clean stop. */
    private final Map<Exporter, SequencePosition> positions = new HashMap<>();

    private TrackedExporter[] slots = vacant(FIRST_SLOTS);
    private TrackedExporter last = VACANT;
    private long listedHour = Long.MIN_VALUE;
    private int listedNewcomers;
    private long lastAddressSweepMillis = -ADDRESS_SWEEP_PAUSE_MILLIS;
    private long lastSweepMillis = -SWEEP_PAUSE_MILLIS;

    /** Filled from the front; published by the volatile write of {@link #size}, replaced as a whole when it grows. */
    private volatile TrackedExporter[] exporters = vacant(FIRST_SLOTS / 2);

    private volatile int size;

    /** An address at an endpoint; the seed is in the hash. */
    private record AddressKey(String endpoint, long high, long low, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Makes an empty table with a limit for all and the silence of {@link ExporterLimits#idleMillis()}. */
    public ExporterTable(int most, long idleMillis, TemplateSpace space) {
        this(new ExporterLimits(most, most, most, idleMillis), space);
    }

    /** Makes an empty table with its limits, whose exporters remember templates in a space. */
    public ExporterTable(ExporterLimits limits, TemplateSpace space) {
        this.space = space;
        this.limits = limits;
        space.reclaimer(this::reclaim);
    }

    /** Sets the limits; who is known already stays. */
    public void limits(ExporterLimits inForce) {
        limits = inForce;
    }

    /** Returns the number of exporters known. */
    public int size() {
        return size;
    }

    /** Returns a counter, for any thread. */
    @SuppressWarnings("EnumOrdinal") // Ordinals never leave the counters.
    public long count(ExporterCounter counter) {
        return counters.value(counter.ordinal());
    }

    @SuppressWarnings("EnumOrdinal")
    private void increment(ExporterCounter counter) {
        counters.increment(counter.ordinal());
    }

    /**
     * Returns the exporter that sent such a datagram. One that is not known is not in the table yet: {@link #admit} takes it
     * in, or {@link #discard} lets it go, before the next call. Where there would be no room for it, {@link #NO_ROOM} is
     * returned.
     */
    public TrackedExporter find(
            Endpoint endpoint, long addressHigh, long addressLow, int version, long domain, long nowMillis) {
        return find(endpoint, addressHigh, addressLow, ANY_PORT, version, domain, nowMillis);
    }

    /**
     * Returns the exporter that sent such a datagram, as {@link #find(Endpoint, long, long, int, long, long)}; the source port
     * matters only where the endpoint tells exporters apart by it.
     */
    public TrackedExporter find(
            Endpoint endpoint,
            long addressHigh,
            long addressLow,
            int sourcePort,
            int version,
            long domain,
            long nowMillis) {
        int port = endpoint.exporterKey() == ExporterKey.ADDRESS ? ANY_PORT : sourcePort;
        if (last.is(endpoint, addressHigh, addressLow, port, version, domain)) {
            return last;
        }
        int slot = slotOf(endpoint.name(), addressHigh, addressLow, port, version, domain);
        while (slots[slot] != VACANT) {
            if (slots[slot].is(endpoint, addressHigh, addressLow, port, version, domain)) {
                last = slots[slot];
                return last;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        Exporter exporter =
                new Exporter(endpoint.name(), endpoint.realm(), addressHigh, addressLow, version, domain, port);
        return newcomer(endpoint, exporter, nowMillis);
    }

    private TrackedExporter newcomer(Endpoint endpoint, Exporter exporter, long nowMillis) {
        EndpointShare ofEndpoint = endpoints.computeIfAbsent(exporter.endpoint(), name -> new EndpointShare());
        AddressShare ofAddress = addresses.getOrDefault(keyOf(exporter), new AddressShare());
        if (!isRoom(ofEndpoint, ofAddress, nowMillis)) {
            return NO_ROOM;
        }
        TrackedExporter newcomer = new TrackedExporter(exporter, endpoint, space, ofEndpoint, ofAddress, nowMillis);
        RememberedExporter kept = silent.get(exporter);
        if (kept != null) {
            newcomer.restore(kept);
        }
        SequencePosition position = positions.get(exporter);
        if (position != null) {
            newcomer.resume(position);
        }
        return newcomer;
    }

    private boolean isRoom(EndpointShare ofEndpoint, AddressShare ofAddress, long nowMillis) {
        ExporterLimits inForce = limits;
        if (ofAddress.exporters() >= inForce.mostOfAddress()
                && !(sweep(ofAddress, nowMillis) && ofAddress.exporters() < inForce.mostOfAddress())) {
            increment(ExporterCounter.REFUSED_BY_ADDRESS);
            return false;
        }
        if (size >= inForce.most() && victim(NOBODY_SPARED) == null && !(sweep(nowMillis) && size < inForce.most())) {
            increment(ExporterCounter.REFUSED);
            return false;
        }
        if (ofEndpoint.exporters() >= inForce.mostOfEndpoint()
                && ofEndpoint.victim(NOBODY_SPARED) == null
                && !(sweep(nowMillis) && ofEndpoint.exporters() < inForce.mostOfEndpoint())) {
            increment(ExporterCounter.REFUSED_BY_ENDPOINT);
            return false;
        }
        return true;
    }

    /** Takes the newcomer in that {@link #find} returned; others that have not proven themselves make room where needed. */
    public void admit(TrackedExporter newcomer) {
        ExporterLimits inForce = limits;
        EndpointShare ofEndpoint = newcomer.endpointShare();
        while (ofEndpoint.exporters() >= inForce.mostOfEndpoint() && evict(ofEndpoint.victim(NOBODY_SPARED))) {}
        while (size >= inForce.most() && evict(victim(NOBODY_SPARED))) {}
        Exporter exporter = newcomer.exporter();
        silent.remove(exporter);
        positions.remove(exporter);
        addresses.put(keyOf(exporter), newcomer.addressShare());
        newcomer.addressShare().addExporters(1);
        ofEndpoint.add(newcomer);
        int known = size;
        if (known == exporters.length) {
            TrackedExporter[] larger = Arrays.copyOf(exporters, 2 * known);
            Arrays.fill(larger, known, larger.length, VACANT);
            exporters = larger;
            slots = vacant(2 * slots.length);
            for (int index = 0; index < known; index++) {
                place(larger[index]);
            }
        }
        newcomer.list(isListedNow(newcomer.sinceMillis()));
        exporters[known] = newcomer;
        newcomer.index = known;
        place(newcomer);
        size = known + 1;
        last = newcomer;
        increment(ExporterCounter.ADMITTED);
    }

    private boolean isListedNow(long nowMillis) {
        long hour = Math.floorDiv(nowMillis, HOUR_MILLIS);
        if (hour != listedHour) {
            listedHour = hour;
            listedNewcomers = 0;
        }
        return listedNewcomers++ < MOST_LISTED;
    }

    /** Lets the newcomer go that {@link #find} returned, with what its memory has taken. */
    public void discard(TrackedExporter newcomer) {
        newcomer.forget();
    }

    /** Returns a newcomer of the endpoint that has most of them. */
    private @Nullable TrackedExporter victim(TemplateMemory spared) {
        EndpointShare most = null;
        for (EndpointShare each : endpoints.values()) {
            if (each.newcomers() > 0 && (most == null || each.newcomers() > most.newcomers())) {
                most = each;
            }
        }
        TrackedExporter found = most == null ? null : most.victim(spared);
        if (found != null || most == null) {
            return found;
        }
        for (EndpointShare each : endpoints.values()) {
            found = each.victim(spared);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean evict(@Nullable TrackedExporter victim) {
        if (victim == null) {
            return false;
        }
        remove(victim);
        increment(ExporterCounter.EVICTED);
        return true;
    }

    private boolean reclaim(TemplateMemory spared) {
        return evict(victim(spared));
    }

    /** Takes what was kept on disk; each part serves when its exporter is heard again. Called before the first {@link #find}. */
    public void restore(List<RememberedExporter> kept) {
        for (RememberedExporter each : kept.subList(0, Math.min(kept.size(), limits.most()))) {
            silent.put(each.exporter(), each);
        }
    }

    /** Takes where numbers stood at a clean stop. Called before the first {@link #find}. */
    public void resume(List<SequencePosition> kept) {
        for (SequencePosition each : kept.subList(0, Math.min(kept.size(), limits.most()))) {
            positions.put(each.exporter(), each);
        }
    }

    /**
     * Returns where the numbers of all exporters stand that are listed, and of those not heard since the last stop. Nothing
     * may be decoded meanwhile.
     */
    public List<SequencePosition> positions() {
        List<SequencePosition> standing = new ArrayList<>();
        listed().forEach(exporter -> exporter.position().ifPresent(standing::add));
        int room = Math.max(0, limits.most() - standing.size());
        positions.values().stream().limit(room).forEach(standing::add);
        return standing;
    }

    /** Returns what is worth being kept on disk, of exporters that were not heard since a restart too. For any thread. */
    public List<RememberedExporter> remembered() {
        List<RememberedExporter> remembered = new ArrayList<>();
        for (TrackedExporter exporter : listed()) {
            RememberedExporter each = exporter.remembered();
            if (!each.learned().isNothing()) {
                remembered.add(each);
            }
        }
        int room = Math.max(0, limits.most() - remembered.size());
        silent.values().stream().limit(room).forEach(remembered::add);
        return remembered;
    }

    /**
     * Returns what is known of every exporter that has proven itself, and of newcomers up to a number an hour: a flood of
     * forged senders shall not go on in what is made of the list. {@link #size()} counts them all.
     */
    public List<ExporterStatus> statuses() {
        return listed().stream().map(TrackedExporter::status).toList();
    }

    /** Returns every template of every exporter. */
    public List<TemplateStatus> templates() {
        return listed().stream().flatMap(each -> each.templates().stream()).toList();
    }

    /** Returns every interface that an exporter told the name of. */
    public List<InterfaceStatus> interfaces() {
        return listed().stream().flatMap(each -> each.interfaces().stream()).toList();
    }

    /** Returns what exporters should send differently. */
    public List<ExporterAdvice> advice() {
        return listed().stream().flatMap(each -> each.advice().stream()).toList();
    }

    private List<TrackedExporter> listed() {
        return known().stream().filter(TrackedExporter::isListed).toList();
    }

    private List<TrackedExporter> known() {
        int count = size; // Read before the array: it is at least as long.
        TrackedExporter[] all = exporters;
        List<TrackedExporter> known = new ArrayList<>(count);
        for (int index = 0; index < Math.min(count, all.length); index++) {
            if (all[index] != VACANT) {
                known.add(all[index]);
            }
        }
        return known;
    }

    /** Lets go of exporters that have been silent for long; tells whether it looked. Looks again after a pause only. */
    private boolean sweep(long nowMillis) {
        if (nowMillis - lastSweepMillis < SWEEP_PAUSE_MILLIS && nowMillis >= lastSweepMillis) {
            return false;
        }
        lastSweepMillis = nowMillis;
        long idleMillis = limits.idleMillis();
        for (int index = size - 1; index >= 0; index--) {
            if (nowMillis - exporters[index].lastSeenMillis() >= idleMillis) {
                remove(exporters[index]);
                increment(ExporterCounter.IDLE);
            }
        }
        return true;
    }

    /**
     * Lets go of exporters of one address: of newcomers that were not heard again, such as domains that somebody forges, and
     * of others after a shorter silence, such as ports that a restart left behind. Looks again after a moment only.
     */
    private boolean sweep(AddressShare ofAddress, long nowMillis) {
        if (nowMillis - lastAddressSweepMillis < ADDRESS_SWEEP_PAUSE_MILLIS && nowMillis >= lastAddressSweepMillis) {
            return false;
        }
        lastAddressSweepMillis = nowMillis;
        long idleMillis = Math.min(limits.idleMillis(), ADDRESS_IDLE_MILLIS);
        for (int index = size - 1; index >= 0; index--) {
            TrackedExporter exporter = exporters[index];
            long silenceMillis = nowMillis - exporter.lastSeenMillis();
            if (exporter.isOf(ofAddress)
                    && silenceMillis >= (exporter.isEstablished() ? idleMillis : TrackedExporter.PROBATION_MILLIS)) {
                remove(exporter);
                increment(exporter.isEstablished() ? ExporterCounter.IDLE : ExporterCounter.EVICTED);
            }
        }
        return true;
    }

    private void remove(TrackedExporter gone) {
        vacate(gone);
        int lastIndex = size - 1;
        TrackedExporter moved = exporters[lastIndex];
        exporters[gone.index] = moved;
        moved.index = gone.index;
        exporters[lastIndex] = VACANT;
        size = lastIndex;
        gone.index = -1;
        gone.endpointShare().remove(gone);
        gone.addressShare().addExporters(-1);
        if (gone.addressShare().exporters() == 0) {
            addresses.remove(keyOf(gone.exporter()));
        }
        gone.forget();
        last = VACANT;
    }

    /** Empties an exporter's slot; those behind it that would not be found then move up. */
    private void vacate(TrackedExporter gone) {
        int mask = slots.length - 1;
        int hole = slotOf(gone);
        while (slots[hole] != gone) {
            hole = (hole + 1) & mask;
        }
        for (int next = (hole + 1) & mask; slots[next] != VACANT; next = (next + 1) & mask) {
            if (((next - slotOf(slots[next])) & mask) >= ((next - hole) & mask)) {
                slots[hole] = slots[next];
                hole = next;
            }
        }
        slots[hole] = VACANT;
    }

    private void place(TrackedExporter tracked) {
        int slot = slotOf(tracked);
        while (slots[slot] != VACANT) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = tracked;
    }

    private AddressKey keyOf(Exporter exporter) {
        long hash = mix(mix(seed ^ exporter.addressHigh()) ^ exporter.addressLow());
        return new AddressKey(exporter.endpoint(), exporter.addressHigh(), exporter.addressLow(), (int) hash);
    }

    private int slotOf(TrackedExporter tracked) {
        Exporter exporter = tracked.exporter();
        return slotOf(
                exporter.endpoint(),
                exporter.addressHigh(),
                exporter.addressLow(),
                exporter.port(),
                exporter.version(),
                exporter.domain());
    }

    private int slotOf(String endpoint, long addressHigh, long addressLow, int port, int version, long domain) {
        long hash = mix(seed ^ addressHigh);
        hash = mix(hash ^ addressLow);
        hash = mix(hash ^ (domain << 16) ^ ((long) port << 4) ^ version ^ ((long) endpoint.hashCode() << 32));
        return (int) hash & (slots.length - 1);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static TrackedExporter[] vacant(int slotCount) {
        TrackedExporter[] made = new TrackedExporter[slotCount];
        Arrays.fill(made, VACANT);
        return made;
    }
}
