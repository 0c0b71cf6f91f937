// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.CounterArray;

/** What the memories of all exporters share: the limits, the octets taken, the counters. Written by the working thread. */
@SuppressWarnings("EnumOrdinal") // Ordinals never leave the counters.
public final class TemplateSpace {
    private final CounterArray counters = new CounterArray(TemplateCounter.values().length);
    private final RunningTotals totals = new RunningTotals();
    private volatile TemplateLimits limits;
    private final Map<Exporter, Siblings> siblings = new HashMap<>();
    private volatile ReadingRules rules = ReadingRules.USUAL;
    private volatile long octets;
    private volatile long changes;

    /** The templates of the data sets of the datagram under way, in order. */
    private Template[] ofSets = new Template[16];

    /** Makes an empty space. */
    public TemplateSpace(TemplateLimits limits) {
        this.limits = limits;
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

    /** Takes room if there is some. */
    boolean take(int amount) {
        long taken = octets + amount;
        if (taken > limits.totalOctets()) {
            return false;
        }
        octets = taken;
        return true;
    }

    /** Takes room for data that waits: only up to half of all, so that forged data never keeps templates out. */
    boolean takeToWait(int amount) {
        return octets + amount <= limits.totalOctets() / 2 && take(amount);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    void giveBack(long amount) {
        octets -= amount;
    }

    /** Returns the domains of an exporter's address. */
    Siblings siblings(Exporter exporter) {
        Exporter address = new Exporter(
                exporter.endpoint(),
                exporter.realm(),
                exporter.addressHigh(),
                exporter.addressLow(),
                exporter.version(),
                0);
        return siblings.computeIfAbsent(address, first -> new Siblings());
    }

    /** Lets a domain go. */
    @SuppressWarnings("ReferenceEquality") // Each address has one.
    void leave(Siblings left, TemplateMemory by) {
        if (left != Siblings.NONE && left.leave(by)) {
            siblings.values().removeIf(each -> each == left);
        }
    }

    RunningTotals totals() {
        return totals;
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
