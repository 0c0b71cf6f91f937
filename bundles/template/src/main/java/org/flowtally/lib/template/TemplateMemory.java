// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.ExporterMemory;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.template.RememberedExporter.Learned;

/**
 * What is remembered of one exporter that sends templates: the templates, the data that waits for one, and what it told in
 * options. It belongs to the exporter and not to a decoder. Written by the working thread.
 */
public final class TemplateMemory implements ExporterMemory {
    /** What a template costs beside its octets, roughly. */
    private static final int OCTETS_PER_TEMPLATE = 512;
    /** What a field costs, with the program that reads it. */
    private static final int OCTETS_PER_FIELD = 64;
    /** What a rate of a sampler or interface costs, with its copies for the disk and for other domains. */
    private static final int OCTETS_PER_RATE = 160;
    /** What a waiting set costs beside its octets, roughly. */
    private static final int OCTETS_PER_SET = 96;

    /** How far a boot time may wander: header times are whole seconds, and clocks are set. */
    private static final int BOOT_TOLERANCE_MILLIS = 10_000;

    /** How long an exporter whose ports take each other's templates away is told of once. */
    private static final long CLASH_QUIET_MILLIS = Duration.ofHours(1).toMillis();

    private static final RememberedExporter NOT_RESTORED =
            new RememberedExporter(new Exporter("", "", 0, 0, 0, 0), 0, FlowBatch.NO_UPTIME, Learned.NOTHING);

    private final TemplateSpace space;
    private final TemplateTable templates = new TemplateTable();
    private final SamplingTable sampling = new SamplingTable(() -> take(OCTETS_PER_RATE));
    private final InterfaceNames interfaces = new InterfaceNames(this::take);
    private final PortTemplates ports =
            new PortTemplates(each -> take(cost(each)), each -> giveBackTemplates(cost(each)), this::keep);
    private final AddressShare address;
    private boolean isNewcomer = true;
    private Siblings siblings = Siblings.NONE;
    private final ArrayDeque<HeldSet> held = new ArrayDeque<>(0);
    private final ArrayDeque<HeldSet> ready = new ArrayDeque<>(0);
    private Template last = Template.NONE;
    private int port = PortTemplates.UNKNOWN_PORT; // Of the message under way.
    private long quietUntilMillis = Long.MIN_VALUE;
    private volatile long rateUnknown;
    private volatile int templateCount;
    private volatile int heldOctets;
    private int templateOctets;
    private volatile long bootMillis = FlowBatch.NO_UPTIME;
    /** What may be kept on disk, renewed after each message that changed it. */
    private volatile Learned learned = Learned.NOTHING;

    private ReadingRules rules = ReadingRules.USUAL;
    private Reading reading = Reading.USUAL;
    private boolean agesTemplates = true;
    private boolean hasChanged;
    private boolean namesHaveChanged;
    private RememberedExporter restored = NOT_RESTORED;
    private volatile int lastRate = 1;
    private volatile String lastOrigin = "";

    /** Makes an empty memory. */
    public TemplateMemory(TemplateSpace space) {
        this(space, new AddressShare());
    }

    /** Makes an empty memory of one of the exporters of an address. */
    TemplateMemory(TemplateSpace space, AddressShare address) {
        this.space = space;
        this.address = address;
    }

    /** Makes an empty memory of an exporter that may have told something under other domains. */
    TemplateMemory(TemplateSpace space, Exporter exporter, AddressShare address) {
        this(space, address);
        Siblings found = space.siblings(exporter);
        siblings = found.join(this) ? found : Siblings.NONE;
    }

    /** Returns whether its exporter has not proven itself yet. */
    boolean isNewcomer() {
        return isNewcomer;
    }

    /** Takes notice that its exporter has proven itself. */
    void establish() {
        if (isNewcomer) {
            isNewcomer = false;
            space.established(octets());
        }
    }

    /** Returns the octets that all it remembers takes, roughly. */
    long octets() {
        return (long) heldOctets + templateOctets;
    }

    /** Takes room for what is kept, if this exporter, its address and all together may have it. */
    private boolean take(int amount) {
        boolean isTaken = take(amount, false);
        if (isTaken) {
            templateOctets += amount;
        }
        return isTaken;
    }

    private boolean take(int amount, boolean isToWait) {
        TemplateLimits limits = space.limits();
        if (octets() + amount > limits.exporterOctets()
                || address.octets() + amount > limits.addressOctets()
                || !space.take(amount, this, isToWait)) {
            return false;
        }
        address.addOctets(amount);
        return true;
    }

    private void giveBackTemplates(int amount) {
        templateOctets -= amount;
        giveBack(amount);
    }

    private void giveBack(long amount) {
        space.giveBack(amount, this);
        address.addOctets(-amount);
    }

    /** Returns what is remembered of an exporter. */
    static TemplateMemory of(ExporterState exporter) {
        return (TemplateMemory) exporter.memory();
    }

    TemplateSpace space() {
        return space;
    }

    /**
     * Says whether templates that are not sent again hold no longer after a while. Over connections they are sent once and
     * hold as long as the session does (RFC 7011 §8.1); those of sessions gone by make room where there is none.
     */
    void agesTemplates(boolean does) {
        agesTemplates = does;
    }

    SamplingTable sampling() {
        return sampling;
    }

    Siblings siblings() {
        return siblings;
    }

    /** Remembers the rate of a sampler, an interface or the whole system. */
    void tellRate(long key, int rate) {
        if (sampling.tell(key, rate)) {
            siblings.told(key);
            changed();
        }
    }

    /** Remembers the rate of what no sampler or interface is known for. */
    void tellCommonRate(int rate) {
        if (sampling.common(rate)) {
            changed();
        }
    }

    /** Remembers what was told of an interface. */
    void nameInterface(
            long index, byte[] octets, int nameAt, int nameOctets, int descriptionAt, int descriptionOctets) {
        if (interfaces.tell(index, octets, nameAt, nameOctets, descriptionAt, descriptionOctets)) {
            namesHaveChanged = true;
            changed();
        }
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

    /** Counts a row whose sampler nobody told about. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    void rateUnknown() {
        rateUnknown++;
    }

    /** Returns how many rows named a sampler that nobody told about. */
    long rowsOfUnknownRate() {
        return rateUnknown;
    }

    /** Takes notice of where a message comes from, and of what the rules in force say. Called at the beginning of each. */
    void follow(Exporter exporter, int sourcePort, long nowMillis) {
        if (ports.isClash()) {
            if (port != sourcePort) {
                last = Template.NONE;
            }
            ports.heard(sourcePort, nowMillis);
        }
        port = sourcePort;
        follow(exporter);
        if (ports.isClash() && nowMillis >= quietUntilMillis) {
            tell(exporter, nowMillis);
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same rules are the common case.
    private void follow(Exporter exporter) {
        ReadingRules inForce = space.rules();
        if (rules == inForce) {
            return;
        }
        rules = inForce;
        reading =
                new Reading(inForce.baseFields(), inForce.postCounters(exporter.addressHigh(), exporter.addressLow()));
        for (Template each : templates.all()) {
            each.readBy(reading);
        }
        for (Template each : ports.templates()) {
            each.readBy(reading);
        }
    }

    /** Notes that something is worth being kept. */
    void changed() {
        hasChanged = true;
    }

    /** Publishes what was learned, if anything was. Called at the end of each message. */
    void publish() {
        if (!hasChanged) {
            return;
        }
        hasChanged = false;
        List<Long> rates = new ArrayList<>();
        for (long each : sampling.entries()) {
            rates.add(each);
        }
        List<InterfaceName> names = namesHaveChanged ? interfaces.all() : learned.interfaces();
        namesHaveChanged = false;
        learned = new Learned(templates.all(), rates, sampling.common(), bootMillis, names);
        space.changed();
    }

    /** Returns what the exporter told so far; for any thread. */
    Learned learned() {
        return learned;
    }

    /** Remembers what was kept on disk; it serves once the exporter shows that it has not restarted since. */
    void restore(RememberedExporter kept) {
        restored = kept;
    }

    /** Takes what was kept on disk, at the first message, unless its exporter has restarted since. */
    @SuppressWarnings("ReferenceEquality") // Only one stands for none.
    void confirm(long sequence, long uptimeMillis, long exportMillis) {
        if (restored == NOT_RESTORED) {
            return;
        }
        RememberedExporter kept = restored;
        restored = NOT_RESTORED;
        if (!isSameRun(kept, sequence, uptimeMillis, exportMillis)) {
            space.increment(TemplateCounter.OUTDATED);
            return;
        }
        for (Template each : kept.learned().templates()) {
            if (templates.find(each.id()) == Template.NONE && take(cost(each))) {
                each.doubt();
                templates.put(each.readBy(reading));
                space.increment(TemplateCounter.RESTORED);
            }
        }
        templateCount = templates.size();
        List<Long> rates = kept.learned().rates();
        for (int at = 0; at + 1 < rates.size(); at += 2) {
            sampling.restore(rates.get(at), rates.get(at + 1).intValue());
        }
        sampling.common(kept.learned().commonRate());
        bootMillis = kept.learned().bootMillis();
        kept.learned().interfaces().forEach(interfaces::put);
        namesHaveChanged = true;
        siblings.lookAgain();
        changed();
    }

    /** The boot time says it where there is one; else numbers that went on, at most half of all numbers further. */
    private static boolean isSameRun(RememberedExporter kept, long sequence, long uptimeMillis, long exportMillis) {
        if (uptimeMillis == FlowBatch.NO_UPTIME) {
            return (int) sequence - kept.sequence() >= 0;
        }
        int moved = (int) (exportMillis - uptimeMillis - kept.headerBootMillis()); // Modulo a wrap of the uptime.
        return kept.headerBootMillis() != FlowBatch.NO_UPTIME && Math.abs(moved) <= BOOT_TOLERANCE_MILLIS;
    }

    /** Lets go of a template from disk that does not fit the records that claim to be its own. */
    void disprove(Template wrong) {
        space.increment(TemplateCounter.OUTDATED);
        remove(wrong);
    }

    /** Returns when the exporter booted, by an options record of any domain, or {@link FlowBatch#NO_UPTIME}. */
    long bootMillis() {
        return bootMillis == FlowBatch.NO_UPTIME ? siblings.bootMillis() : bootMillis;
    }

    /** Returns when the exporter booted, by an options record of this domain, or {@link FlowBatch#NO_UPTIME}. */
    long ownBootMillis() {
        return bootMillis;
    }

    void bootMillis(long millis) {
        if (bootMillis != millis) {
            bootMillis = millis;
            siblings.booted();
            changed();
        }
    }

    private void tell(Exporter exporter, long nowMillis) {
        quietUntilMillis = nowMillis + CLASH_QUIET_MILLIS;
        PortTemplates.Clash clash = ports.clash();
        String subject = "exporter=%s, endpoint=%s, version=%d, domain=%d"
                .formatted(exporter.sender(), exporter.endpoint(), exporter.version(), exporter.domain());
        String message =
                "template=%d, ports=%d %d: two exporters are taken for one and redefine each other's template; set"
                                .formatted(clash.template(), clash.port(), clash.otherPort())
                        + " exporter.key = address-port of the endpoint, or give each a domain (source id) of its own";
        space.events().tell(nowMillis, CLASH_QUIET_MILLIS, "template-clash", subject, message);
    }

    /** Returns the template with an id, or {@link Template#NONE} if there is none or its lifetime is over. */
    Template find(int id, long nowMillis) {
        Template template = last.id() == id ? last : lookUp(id);
        if (template == Template.NONE) {
            return template;
        }
        if (agesTemplates
                && nowMillis - template.refreshedMillis() > space.limits().lifetimeMillis()) {
            space.increment(TemplateCounter.EXPIRED);
            remove(template);
            return Template.NONE;
        }
        last = template;
        return template;
    }

    /** Returns the template of records in a list, which holds as long as that of the record around it; or none. */
    Template findNested(int id) {
        return lookUp(id);
    }

    /** Returns the template in force; while several exporters are taken for one, that of the port under way. */
    private Template lookUp(int id) {
        return ports.separates(id) ? ports.find(id, port) : templates.find(id);
    }

    /** Returns which ports take each other's templates away, or {@link PortTemplates.Clash#NONE}; for any thread. */
    PortTemplates.Clash clash() {
        return ports.clash();
    }

    /** Takes notice of a template record that {@link Template#measure} found whole. */
    void learn(Dialect dialect, boolean isOptions, byte[] octets, int at, int lengthOctets, long nowMillis) {
        int id = Octets.u16(octets, at);
        Template known = lookUp(id);
        if (known.equalsRecord(isOptions, octets, at, lengthOctets)) {
            known.refresh(nowMillis);
            ports.repeated(known, port, nowMillis);
            return;
        }
        Template replaced = templates.find(id);
        boolean isNew = replaced == Template.NONE;
        TemplateLimits limits = space.limits();
        if (isNew && !agesTemplates && templates.size() >= limits.mostTemplates()) {
            dropOldest();
        }
        Template learned = Template.of(dialect, isOptions, octets, at, lengthOctets, nowMillis);
        if (learned.leastOctets() == 0
                || learned.fields() > limits.mostFields()
                || (isNew && templates.size() >= limits.mostTemplates())
                || !take(cost(learned))) {
            space.increment(TemplateCounter.REFUSED);
            if (known != Template.NONE) {
                remove(known); // It holds no longer, whatever the new one is.
            }
            return;
        }
        learned.toldBy(port);
        if (!isNew) {
            giveBackTemplates(cost(replaced));
            ports.redefined(replaced, learned, port, nowMillis);
        }
        templates.put(learned.readBy(reading));
        templateCount = templates.size();
        last = learned;
        space.increment(TemplateCounter.LEARNED);
        changed();
        release(learned, nowMillis);
    }

    /** Takes a template back; the id of a template set means all of its kind. */
    void withdraw(int id, boolean isOptions, int setId) {
        if (id == setId) {
            for (Template each : templates.all()) {
                if (each.isOptions() == isOptions) {
                    withdraw(each.id());
                }
            }
        } else {
            withdraw(id);
        }
    }

    private void withdraw(int id) {
        Template known = lookUp(id);
        if (known != Template.NONE) {
            space.increment(TemplateCounter.WITHDRAWN);
            remove(known);
        }
    }

    private void dropOldest() {
        space.increment(TemplateCounter.EXPIRED);
        remove(Collections.min(templates.all(), Comparator.comparingLong(Template::refreshedMillis)));
    }

    @SuppressWarnings("ReferenceEquality") // A port may have one that is laid out alike.
    private void remove(Template gone) {
        if (templates.find(gone.id()) == gone) {
            templates.remove(gone);
            templateCount = templates.size();
            giveBackTemplates(cost(gone));
        }
        ports.forget(gone.id(), port);
        last = Template.NONE;
        changed();
    }

    /** Puts a template in force that only one port had. */
    @SuppressWarnings("ReferenceEquality") // One that is laid out alike is another one.
    private void keep(Template own) {
        Template there = templates.find(own.id());
        if (there == own) {
            return;
        }
        if (there != Template.NONE) {
            remove(there);
        }
        if (take(cost(own))) {
            templates.put(own);
            templateCount = templates.size();
            last = Template.NONE;
            changed();
        }
    }

    private static int cost(Template template) {
        return OCTETS_PER_TEMPLATE + OCTETS_PER_FIELD * template.fields() + template.octets().length;
    }

    /** Lets a data set wait for its template, if there is room. */
    void hold(int id, byte[] octets, int at, int length, long nowMillis, long exportMillis, long uptimeMillis) {
        giveUp(nowMillis);
        int cost = OCTETS_PER_SET + length;
        if (heldOctets + cost > space.limits().heldOctets() || !take(cost, true)) {
            space.increment(TemplateCounter.NO_ROOM);
            return;
        }
        byte[] records = new byte[length];
        System.arraycopy(octets, at, records, 0, length);
        held.add(new HeldSet(id, port, records, nowMillis, exportMillis, uptimeMillis));
        addHeld(cost);
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
            if (set.templateId() == by.id() && (set.port() == port || !ports.separates(by.id()))) {
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
        addHeld(-cost);
        giveBack(cost);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void addHeld(int octets) {
        heldOctets += octets;
    }

    /** Gives all room back: the exporter is forgotten. */
    void forget() {
        ports.clear();
        giveBack(octets());
        for (int waiting = held.size() + ready.size(); waiting > 0; waiting--) {
            space.increment(TemplateCounter.GIVEN_UP);
        }
        space.leave(siblings, this);
        siblings = Siblings.NONE;
        held.clear();
        ready.clear();
        heldOctets = 0;
        templateOctets = 0;
    }
}
