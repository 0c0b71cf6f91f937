// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.EventLog;

/** What the memories of all exporters share: the limits, the octets taken, the counters. Written by the working thread. */
@SuppressWarnings("EnumOrdinal") // Ordinals never leave the counters.
public final class TemplateSpace {
    private final CounterArray counters = new CounterArray(TemplateCounter.values().length);
    private final RunningTotals totalsOfNewcomers = new RunningTotals();
    private final RunningTotals totals = new RunningTotals(totalsOfNewcomers);
    private final EventLog events;
    private volatile TemplateLimits limits;
    private final Map<Exporter, Siblings> siblings = new HashMap<>();
    private volatile ReadingRules rules = ReadingRules.USUAL;
    private volatile long octets;
    private long octetsOfNewcomers;
    private Reclaimer reclaimer = spared -> false;
    private volatile long changes;

    /** The templates of the data sets of the datagram under way, in order. */
    private Template[] ofSets = new Template[16];

    /** Who can let newcomers go. */
    interface Reclaimer {
        /** Lets one newcomer go, with what it takes, but not the one whose memory this is; tells whether there was one. */
        boolean reclaim(TemplateMemory spared);
    }

    /** Makes an empty space. */
    public TemplateSpace(TemplateLimits limits) {
        this(limits, EventLog.SHARED);
    }

    /** Makes an empty space that tells its events there. */
    TemplateSpace(TemplateLimits limits, EventLog events) {
        this.limits = limits;
        this.events = events;
    }

    /** Returns where an operator is told. */
    EventLog events() {
        return events;
    }

    /** Returns the limits in force. */
    public TemplateLimits limits() {
        return limits;
    }

    /** Sets the limits; what is beyond them already stays. */
    public void limits(TemplateLimits inForce) {
        limits = inForce;
    }

    /** Returns how records are to be read. */
    public ReadingRules rules() {
        return rules;
    }

    /** Says how records are to be read, from the next message of each exporter on. */
    public void rules(ReadingRules inForce) {
        rules = inForce;
    }

    /** Returns the octets of templates and waiting data of all exporters. */
    public long octets() {
        return octets;
    }

    /** Returns a counter, for any thread. */
    public long count(TemplateCounter counter) {
        return counters.value(counter.ordinal());
    }

    /** Returns a number that grows whenever something changes that is worth being stored. */
    public long changes() {
        return changes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    void changed() {
        changes++;
    }

    void increment(TemplateCounter counter) {
        counters.increment(counter.ordinal());
    }

    void add(TemplateCounter counter, long amount) {
        counters.add(counter.ordinal(), amount);
    }

    /** Says who lets newcomers go where room is needed. */
    void reclaimer(Reclaimer by) {
        reclaimer = by;
    }

    /**
     * Takes room if there is some. Data that waits gets half of all only, and so do newcomers, so that forged data never
     * keeps templates out, and forged templates none of exporters that have proven themselves; for those newcomers make room.
     */
    boolean take(int amount, TemplateMemory by, boolean isToWait) {
        long most = isToWait ? limits.totalOctets() / 2 : limits.totalOctets();
        long mostOfNewcomers = limits.totalOctets() / 2;
        long kept = octets - octetsOfNewcomers + (by.isNewcomer() ? by.octets() : 0);
        if (kept + amount > most || (by.isNewcomer() && by.octets() + amount > mostOfNewcomers)) {
            return false; // Whoever else goes.
        }
        while (octets + amount > most || (by.isNewcomer() && octetsOfNewcomers + amount > mostOfNewcomers)) {
            if (!reclaimer.reclaim(by)) {
                return false;
            }
        }
        add(amount);
        octetsOfNewcomers += by.isNewcomer() ? amount : 0;
        return true;
    }

    void giveBack(long amount, TemplateMemory by) {
        add(-amount);
        octetsOfNewcomers -= by.isNewcomer() ? amount : 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void add(long more) {
        octets += more;
    }

    /** Returns the domains of an exporter's address, and port where that tells exporters apart. */
    Siblings siblings(Exporter exporter) {
        Exporter address = new Exporter(
                exporter.endpoint(),
                exporter.realm(),
                exporter.addressHigh(),
                exporter.addressLow(),
                exporter.version(),
                0,
                exporter.port());
        return siblings.computeIfAbsent(address, Siblings::new);
    }

    /** Lets a domain go. */
    void leave(Siblings left, TemplateMemory by) {
        if (left != Siblings.NONE && left.leave(by)) {
            siblings.remove(left.address());
        }
    }

    /** Takes notice that a newcomer with so many octets has proven itself. */
    void established(long amount) {
        octetsOfNewcomers -= amount;
    }

    /** Returns the running totals: newcomers have a table of their own, so that they displace none of anybody else. */
    RunningTotals totals(TemplateMemory of) {
        return of.isNewcomer() ? totalsOfNewcomers : totals;
    }

    Template ofSet(int set) {
        return ofSets[set];
    }

    void ofSet(int set, Template template) {
        if (set == ofSets.length) {
            ofSets = Arrays.copyOf(ofSets, 2 * set);
        }
        ofSets[set] = template;
    }
}
