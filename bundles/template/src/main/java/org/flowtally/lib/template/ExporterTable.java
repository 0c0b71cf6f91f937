// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;

/**
 * Every exporter that is known, by endpoint, address, version and domain. A look-up allocates nothing; the number of
 * exporters is bounded, so that forged senders cannot fill the memory. When it is full, exporters that have been silent for
 * long make room. One writer; {@link #statuses()} and {@link #limits} may be called by any thread.
 */
public final class ExporterTable {
    /** What {@link #find} answers when the table is full and the sender is new. */
    public static final TrackedExporter NO_ROOM = new TrackedExporter(
            new Exporter("", "", 0, 0, 0, 0),
            new Endpoint("", "", 0, Set.of(), List.of(), false, List.of(), "", 0, SamplingMode.IGNORE, 1),
            new TemplateSpace(TemplateLimits.USUAL),
            0);

    private static final TrackedExporter VACANT = NO_ROOM;
    private static final int FIRST_SLOTS = 64;
    private static final long SWEEP_PAUSE_MILLIS = 10_000;

    private final long seed = ThreadLocalRandom.current().nextLong(); // Nobody outside can make addresses that collide.
    private final TemplateSpace space;
    private volatile int most;
    private volatile long idleMillis;

    /** What was kept on disk of exporters that were not heard since. */
    private final Map<Exporter, RememberedExporter> silent = new ConcurrentHashMap<>();

    private TrackedExporter[] slots = vacant(FIRST_SLOTS);
    private TrackedExporter last = VACANT;
    private long lastSweepMillis = -SWEEP_PAUSE_MILLIS;

    /** Filled from the front; published by the volatile write of {@link #size}, replaced as a whole when it grows or shrinks. */
    private volatile TrackedExporter[] exporters = new TrackedExporter[FIRST_SLOTS / 2];

    private volatile int size;

    /** Makes an empty table with its limits, see {@link #limits}, whose exporters remember templates in a space. */
    public ExporterTable(int most, long idleMillis, TemplateSpace space) {
        this.space = space;
        this.most = most;
        this.idleMillis = idleMillis;
    }

    /** Sets how many exporters are known at most, and after which silence one makes room for another. */
    public void limits(int mostExporters, long silenceMillis) {
        most = mostExporters;
        idleMillis = silenceMillis;
    }

    /** Returns the number of exporters known. */
    public int size() {
        return size;
    }

    /** Returns the exporter that sent such a datagram, which becomes known if there is room; otherwise {@link #NO_ROOM}. */
    public TrackedExporter find(
            Endpoint endpoint, long addressHigh, long addressLow, int version, long domain, long nowMillis) {
        if (last.is(endpoint, addressHigh, addressLow, version, domain)) {
            return last;
        }
        int slot = slotOf(endpoint.name(), addressHigh, addressLow, version, domain);
        while (slots[slot] != VACANT) {
            if (slots[slot].is(endpoint, addressHigh, addressLow, version, domain)) {
                last = slots[slot];
                return last;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        if (size >= most && !sweep(nowMillis)) {
            return NO_ROOM;
        }
        return admit(endpoint, addressHigh, addressLow, version, domain, nowMillis);
    }

    /** Takes what was kept on disk; each part serves when its exporter is heard again. Called before the first {@link #find}. */
    public void restore(List<RememberedExporter> kept) {
        for (RememberedExporter each : kept) {
            silent.put(each.exporter(), each);
        }
    }

    /** Returns what is worth being kept on disk, of exporters that were not heard since a restart too. For any thread. */
    public List<RememberedExporter> remembered() {
        List<RememberedExporter> remembered = new ArrayList<>(silent.values());
        for (TrackedExporter exporter : known()) {
            RememberedExporter each = exporter.remembered();
            if (!each.learned().isNothing()) {
                remembered.add(each);
            }
        }
        return remembered;
    }

    /** Returns what is known of every exporter. */
    public List<ExporterStatus> statuses() {
        return known().stream().map(TrackedExporter::status).toList();
    }

    /** Returns every template of every exporter. */
    public List<TemplateStatus> templates() {
        return known().stream().flatMap(each -> each.templates().stream()).toList();
    }

    /** Returns every interface that an exporter told the name of. */
    public List<InterfaceStatus> interfaces() {
        return known().stream().flatMap(each -> each.interfaces().stream()).toList();
    }

    /** Returns what exporters should send differently. */
    public List<ExporterAdvice> advice() {
        return known().stream().flatMap(each -> each.advice().stream()).toList();
    }

    private List<TrackedExporter> known() {
        int count = size; // Read before the array: it is at least as long.
        TrackedExporter[] all = exporters;
        List<TrackedExporter> known = new ArrayList<>(count);
        for (int index = 0; index < Math.min(count, all.length); index++) {
            if (all[index] != null) {
                known.add(all[index]);
            }
        }
        return known;
    }

    private TrackedExporter admit(
            Endpoint endpoint, long addressHigh, long addressLow, int version, long domain, long nowMillis) {
        Exporter exporter = new Exporter(endpoint.name(), endpoint.realm(), addressHigh, addressLow, version, domain);
        TrackedExporter admitted = new TrackedExporter(exporter, endpoint, space, nowMillis);
        RememberedExporter kept = silent.remove(exporter);
        if (kept != null) {
            admitted.restore(kept);
        }
        int known = size;
        if (known == exporters.length) {
            exporters = Arrays.copyOf(exporters, 2 * known);
            place(exporters, known, 2 * slots.length);
        }
        exporters[known] = admitted;
        place(admitted);
        size = known + 1;
        last = admitted;
        return admitted;
    }

    /** Lets go of exporters that have been silent for long; tells whether there is room then. Looks again after a pause only. */
    private boolean sweep(long nowMillis) {
        if (nowMillis - lastSweepMillis < SWEEP_PAUSE_MILLIS && nowMillis >= lastSweepMillis) {
            return false;
        }
        lastSweepMillis = nowMillis;
        TrackedExporter[] kept = new TrackedExporter[exporters.length];
        int count = 0;
        for (int index = 0; index < size; index++) {
            if (nowMillis - exporters[index].lastSeenMillis() < idleMillis) {
                kept[count++] = exporters[index];
            } else {
                exporters[index].forget();
            }
        }
        if (count < size) {
            last = VACANT;
            exporters = kept;
            size = count;
            place(kept, count, slots.length);
        }
        return count < most;
    }

    private void place(TrackedExporter[] all, int count, int slotCount) {
        slots = vacant(slotCount);
        for (int index = 0; index < count; index++) {
            place(all[index]);
        }
    }

    private void place(TrackedExporter tracked) {
        Exporter exporter = tracked.exporter();
        int slot = slotOf(
                exporter.endpoint(),
                exporter.addressHigh(),
                exporter.addressLow(),
                exporter.version(),
                exporter.domain());
        while (slots[slot] != VACANT) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = tracked;
    }

    private int slotOf(String endpoint, long addressHigh, long addressLow, int version, long domain) {
        long hash = mix(seed ^ addressHigh);
        hash = mix(hash ^ addressLow);
        hash = mix(hash ^ (domain << 16) ^ version ^ ((long) endpoint.hashCode() << 32));
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
