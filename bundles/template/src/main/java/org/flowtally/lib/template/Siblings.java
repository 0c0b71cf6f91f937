// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;

/**
 * The observation domains of one exporter address, and what they told in options: routers send options of the whole system
 * under one source id and the data of line cards under others. What a domain was not told itself is looked up here, if all
 * domains that told it agree. One writer.
 */
final class Siblings {
    /** Stands for an exporter that is alone. */
    static final Siblings NONE = new Siblings(new Exporter("", "", 0, 0, 0, 0));

    /** How many domains of one address are considered; more of them is a forgery rather than a router. */
    static final int MOST = 256;

    private final Exporter address;
    private final List<TemplateMemory> members = new ArrayList<>(1);
    private SamplingTable agreed = new SamplingTable(() -> true); // Each told it, and paid for it.
    private long bootMillis = FlowBatch.NO_UPTIME;
    private boolean haveRates;

    /** Makes the domains of an address, which stands for domain 0 here. */
    Siblings(Exporter address) {
        this.address = address;
    }

    Exporter address() {
        return address;
    }

    /** Takes a domain in; tells whether there was room. */
    boolean join(TemplateMemory member) {
        return members.size() < MOST && members.add(member);
    }

    /** Lets go of a domain; tells whether it was the last one. */
    boolean leave(TemplateMemory member) {
        members.remove(member);
        if (!members.isEmpty()) {
            long[] entries = member.sampling().entries(); // Only what it told can be otherwise now.
            for (int at = 0; at < entries.length; at += 2) {
                told(entries[at]);
            }
            booted();
        }
        return members.isEmpty();
    }

    /** Takes notice that the members told something new of all kinds, or no longer. */
    void lookAgain() {
        agreed = new SamplingTable(() -> true);
        for (TemplateMemory member : members) {
            long[] entries = member.sampling().entries();
            for (int at = 0; at < entries.length; at += 2) {
                told(entries[at]);
            }
        }
        booted();
    }

    /** Takes notice that a member told a rate. */
    void told(long key) {
        int rate = SamplingFields.UNKNOWN;
        for (TemplateMemory member : members) {
            int each = member.sampling().rate(key);
            if (each != SamplingFields.UNKNOWN) {
                rate = rate == SamplingFields.UNKNOWN || rate == each ? each : SamplingFields.AMBIGUOUS;
            }
        }
        agreed.restore(key, rate);
        haveRates = agreed.hasInterfaces() || agreed.system() != SamplingFields.UNKNOWN;
    }

    /** Takes notice that a member told when the exporter booted. */
    void booted() {
        long boot = FlowBatch.NO_UPTIME;
        for (TemplateMemory member : members) {
            long each = member.ownBootMillis();
            boolean contradicts = boot != FlowBatch.NO_UPTIME && boot != each;
            if (each != FlowBatch.NO_UPTIME && contradicts) {
                bootMillis = FlowBatch.NO_UPTIME;
                return;
            }
            boot = each == FlowBatch.NO_UPTIME ? boot : each;
        }
        bootMillis = boot;
    }

    /** Returns when the exporter booted, if its domains agree; else {@link FlowBatch#NO_UPTIME}. */
    long bootMillis() {
        return bootMillis;
    }

    /** Returns whether other domains may have told rates of interfaces or of the whole system. */
    boolean haveRates() {
        return haveRates && members.size() > 1;
    }

    /** Returns what the domains agree on; {@link SamplingFields#AMBIGUOUS} where they do not. */
    SamplingTable agreed() {
        return agreed;
    }
}
