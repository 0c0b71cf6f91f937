// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.Refusal;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.report.LastGood;
import org.flowtally.lib.report.LastingCounters;
import org.flowtally.lib.report.QuietLog;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admission of datagrams by the sender's address: what an endpoint does not allow, and what is over a sender's budget, is
 * refused, counted and told.
 *
 * <p>A change of the configuration re-creates it; what it remembers lies in {@link RefusedMemory}, and what was compiled for it in
 * {@link AllowedSenders}.
 */
@Component(configurationPid = PolicySettings.PID)
@Designate(ocd = PolicyConfig.class)
public final class SenderAdmission implements DatagramAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(SenderAdmission.class);
    private static final int NO_VERSION = -1;

    // Places among the counters.
    static final int COUNTERS = 2;
    private static final int NOT_ALLOWED = 0;
    private static final int OVER_BUDGET = 1;

    private static final LastGood<PolicySettings> LAST_GOOD = new LastGood<>(LOG);

    private final AllowedSenders allowed;
    private final CounterArray refusedDatagrams;
    private final QuietLog quiet;
    private final RefusedSenders refusedSenders;
    private final RefusedSenders overBudgetSenders;
    private final SenderBudgets budgets;
    private final RefusalEvents events;

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public SenderAdmission(
            PolicyConfig config,
            Map<String, Object> given,
            @Reference AllowedSenders allowed,
            @Reference RefusedMemory memory) {
        this(
                LAST_GOOD.or(() -> PolicySettings.of(config, given)),
                allowed,
                memory,
                SystemClock.INSTANCE,
                LastingCounters.of("policy.refused", COUNTERS),
                EventLog.SHARED);
    }

    SenderAdmission(
            PolicySettings settings,
            AllowedSenders allowed,
            RefusedMemory memory,
            InstantSource clock,
            CounterArray refusedDatagrams,
            EventLog log) {
        this.allowed = allowed;
        this.refusedDatagrams = refusedDatagrams;
        quiet = new QuietLog(LOG, clock);
        refusedSenders = memory.notAllowed(settings.refusedSenders());
        overBudgetSenders = memory.overBudget(settings.refusedSenders());
        budgets = memory.budgets();
        events = new RefusalEvents(log);
    }

    @Override
    public void admit(DatagramBatch batch) {
        int lastRefused = -1;
        int notAllowed = 0;
        int overBudget = 0;
        for (int datagram = 0; datagram < batch.size(); datagram++) {
            Endpoint endpoint = batch.endpoint(datagram);
            long high = batch.sourceHigh(datagram);
            long low = batch.sourceLow(datagram);
            int perSecond = endpoint.mostDatagramsPerSecond();
            if (!allowed.has(endpoint, high, low)) {
                refuse(batch, datagram, refusedSenders, Refusal.NOT_ALLOWED);
                lastRefused = datagram;
                notAllowed++;
            } else if (perSecond > 0
                    && !budgets.spend(endpoint.name(), high, low, perSecond, batch.receivedAtMillis(datagram))) {
                refuse(batch, datagram, overBudgetSenders, Refusal.OVER_BUDGET);
                overBudget++;
            }
        }
        if (notAllowed > 0) {
            refusedDatagrams.add(NOT_ALLOWED, notAllowed);
            tell(batch, lastRefused);
        }
        if (overBudget > 0) {
            refusedDatagrams.add(OVER_BUDGET, overBudget);
        }
    }

    private void refuse(DatagramBatch batch, int datagram, RefusedSenders senders, Refusal reason) {
        batch.refuse(datagram);
        int length = batch.length(datagram);
        int version = length < 2 ? NO_VERSION : Octets.u16(batch.slab(), batch.offset(datagram));
        boolean isEventDue = senders.note(
                batch.endpoint(datagram).name(),
                batch.sourceHigh(datagram),
                batch.sourceLow(datagram),
                version,
                length,
                batch.receivedAtMillis(datagram));
        if (isEventDue) {
            events.tell(
                    reason,
                    batch.endpoint(datagram),
                    new Address(batch.sourceHigh(datagram), batch.sourceLow(datagram)),
                    version,
                    batch.receivedAtMillis(datagram));
        }
    }

    /** Names one sender of a batch: whoever floods us shall not make us write text for each datagram. */
    private void tell(DatagramBatch batch, int datagram) {
        String endpoint = batch.endpoint(datagram).name();
        Address sender = new Address(batch.sourceHigh(datagram), batch.sourceLow(datagram));
        quiet.warn(
                sender,
                "sender refused: endpoint={}, address={}, allow it with: flowtally:endpoint-allow {} {}",
                endpoint,
                sender,
                endpoint,
                sender);
    }

    @Override
    public List<RefusedSender> refused() {
        List<RefusedSender> senders = new ArrayList<>(refusedSenders.list(Refusal.NOT_ALLOWED));
        senders.addAll(overBudgetSenders.list(Refusal.OVER_BUDGET));
        senders.sort(Comparator.comparing(RefusedSender::lastSeen).reversed());
        return senders;
    }

    @Override
    public long refusedDatagrams() {
        return refusedDatagrams.value(NOT_ALLOWED) + refusedDatagrams.value(OVER_BUDGET);
    }

    @Override
    public long overBudgetDatagrams() {
        return refusedDatagrams.value(OVER_BUDGET);
    }
}
