// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.ExporterMemory;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.FlowBatch;

/**
 * What is remembered of one exporter that sends templates: the templates, the data that waits for one, and what it told in
 * options. It belongs to the exporter and not to a decoder. Written by the working thread.
 */
public final class TemplateMemory implements ExporterMemory {
    /** What a template costs beside its octets, roughly. */
    private static final int OCTETS_PER_TEMPLATE = 256;
    /** What a waiting set costs beside its octets, roughly. */
    private static final int OCTETS_PER_SET = 96;

    private final TemplateSpace space;
    private final TemplateTable templates = new TemplateTable();
    private final SamplingTable sampling = new SamplingTable();
    private final ArrayDeque<HeldSet> held = new ArrayDeque<>(0);
    private final ArrayDeque<HeldSet> ready = new ArrayDeque<>(0);
    private Template last = Template.NONE;
    private volatile int templateCount;
    private volatile int heldOctets;
    private int templateOctets;
    private volatile long bootMillis = FlowBatch.NO_UPTIME;
    private volatile int lastRate = 1;
    private volatile String lastOrigin = "";

    /** Makes an empty memory. */
    public TemplateMemory(TemplateSpace space) {
        this.space = space;
    }

    /** Returns what is remembered of an exporter. */
    static TemplateMemory of(ExporterState exporter) {
        return (TemplateMemory) exporter.memory();
    }

    TemplateSpace space() {
        return space;
    }

    SamplingTable sampling() {
        return sampling;
    }

    @Override
    public int templates() {
        return templateCount;
    }

    @Override
    public int heldOctets() {
        return heldOctets;
    }

    /** Returns the rate that the last rows were given; 1 means unsampled. */
    public int lastRate() {
        return lastRate;
    }

    /** Returns where that rate came from: {@code data}, {@code options}, or nothing if none was told. */
    public String lastOrigin() {
        return lastOrigin;
    }

    @SuppressWarnings("ReferenceEquality") // Origins are constants.
    void applied(int rate, String origin) {
        if (lastRate != rate) {
            lastRate = rate;
        }
        if (lastOrigin != origin) {
            lastOrigin = origin;
        }
    }

    /** Returns when the exporter booted, by an options record, or {@link FlowBatch#NO_UPTIME}. */
    long bootMillis() {
        return bootMillis;
    }

    void bootMillis(long millis) {
        if (bootMillis != millis) {
            bootMillis = millis;
            space.changed();
        }
    }

    /** Returns the template with an id, or {@link Template#NONE} if there is none or its lifetime is over. */
    Template find(int id, long nowMillis) {
        Template template = last.id() == id ? last : templates.find(id);
        if (template == Template.NONE) {
            return template;
        }
        if (nowMillis - template.refreshedMillis() > space.limits().lifetimeMillis()) {
            space.increment(TemplateCounter.EXPIRED);
            remove(template);
            return Template.NONE;
        }
        last = template;
        return template;
    }

    /** Takes notice of a template record that {@link Template#measure} found whole. */
    void learn(Dialect dialect, boolean isOptions, byte[] octets, int at, int lengthOctets, long nowMillis) {
        int id = Octets.u16(octets, at);
        Template known = templates.find(id);
        if (known.equalsRecord(isOptions, octets, at, lengthOctets)) {
            known.refresh(nowMillis);
            return;
        }
        boolean isNew = known == Template.NONE;
        TemplateLimits limits = space.limits();
        Template learned = Template.of(dialect, isOptions, octets, at, lengthOctets, nowMillis);
        if (learned.leastOctets() == 0
                || learned.fields() > limits.mostFields()
                || (isNew && templates.size() >= limits.mostTemplates())
                || !space.take(cost(learned))) {
            space.increment(TemplateCounter.REFUSED);
            if (!isNew) {
                remove(known); // It holds no longer, whatever the new one is.
            }
            return;
        }
        if (!isNew) {
            space.giveBack(cost(known));
            templateOctets -= cost(known);
        }
        templateOctets += cost(learned);
        templates.put(learned);
        templateCount = templates.size();
        last = learned;
        space.increment(TemplateCounter.LEARNED);
        space.changed();
        release(learned, nowMillis);
    }

    /** Takes a template back; the id of a template set means all of its kind. */
    void withdraw(int id, boolean isOptions, int setId) {
        if (id == setId) {
            for (Template each : templates.all()) {
                if (each.isOptions() == isOptions) {
                    space.increment(TemplateCounter.WITHDRAWN);
                    remove(each);
                }
            }
            return;
        }
        Template known = templates.find(id);
        if (known != Template.NONE) {
            space.increment(TemplateCounter.WITHDRAWN);
            remove(known);
        }
    }

    private void remove(Template gone) {
        templates.remove(gone);
        templateCount = templates.size();
        templateOctets -= cost(gone);
        space.giveBack(cost(gone));
        last = Template.NONE;
        space.changed();
    }

    private static int cost(Template template) {
        return OCTETS_PER_TEMPLATE + 8 * template.fields() + template.octets().length;
    }

    /** Lets a data set wait for its template, if there is room. */
    void hold(int id, byte[] octets, int at, int length, long nowMillis, long exportMillis, long uptimeMillis) {
        giveUp(nowMillis);
        int cost = OCTETS_PER_SET + length;
        if (heldOctets + cost > space.limits().heldOctets() || !space.take(cost)) {
            space.increment(TemplateCounter.NO_ROOM);
            return;
        }
        byte[] records = new byte[length];
        System.arraycopy(octets, at, records, 0, length);
        held.add(new HeldSet(id, records, nowMillis, exportMillis, uptimeMillis));
        keep(cost);
        space.increment(TemplateCounter.HELD);
    }

    /** Gives up what has waited too long. */
    private void giveUp(long nowMillis) {
        long longest = space.limits().heldMillis();
        for (HeldSet oldest = held.peek();
                oldest != null && nowMillis - oldest.receivedAtMillis() > longest;
                oldest = held.peek()) {
            held.remove();
            done(oldest);
            space.increment(TemplateCounter.GIVEN_UP);
        }
    }

    private void release(Template by, long nowMillis) {
        if (held.isEmpty()) {
            return;
        }
        giveUp(nowMillis);
        for (Iterator<HeldSet> waiting = held.iterator(); waiting.hasNext(); ) {
            HeldSet set = waiting.next();
            if (set.templateId() == by.id()) {
                waiting.remove();
                set.release(by);
                ready.add(set);
            }
        }
    }

    /** Returns a data set whose template has come, or {@link HeldSet#NONE}. */
    HeldSet nextReady() {
        HeldSet next = ready.peek();
        return next == null ? HeldSet.NONE : next;
    }

    /** Lets go of the data set that {@link #nextReady} returned. */
    void readyDone(TemplateCounter outcome) {
        done(ready.remove());
        space.increment(outcome);
    }

    private void done(HeldSet set) {
        int cost = OCTETS_PER_SET + set.records().length;
        keep(-cost);
        space.giveBack(cost);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void keep(int octets) {
        heldOctets += octets;
    }

    /** Gives all room back: the exporter is forgotten. */
    void forget() {
        space.giveBack((long) heldOctets + templateOctets);
        held.clear();
        ready.clear();
        heldOctets = 0;
        templateOctets = 0;
    }
}
