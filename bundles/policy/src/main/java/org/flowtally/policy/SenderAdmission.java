// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.CounterArray;
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
 * The admission of datagrams by the sender's address: what an endpoint does not allow is refused, counted and told.
 *
 * <p>A change of the configuration re-creates it; what it remembers lies in {@link RefusedMemory}.
 */
@Component(configurationPid = PolicySettings.PID)
@Designate(ocd = PolicyConfig.class)
public final class SenderAdmission implements DatagramAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(SenderAdmission.class);
    private static final int NO_VERSION = -1;

    private static final LastGood<PolicySettings> LAST_GOOD = new LastGood<>(LOG);

    private final EndpointSubnets allowed = new EndpointSubnets(Endpoint::allowedSubnets);
    private final CounterArray refusedDatagrams;
    private final QuietLog quiet;
    private final RefusedSenders refusedSenders;

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public SenderAdmission(PolicyConfig config, Map<String, Object> given, @Reference RefusedMemory memory) {
        this(
                LAST_GOOD.or(() -> PolicySettings.of(config, given)),
                memory,
                SystemClock.INSTANCE,
                LastingCounters.of("policy.refused", 1));
    }

    SenderAdmission(PolicySettings settings, RefusedMemory memory, InstantSource clock, CounterArray refusedDatagrams) {
        this.refusedDatagrams = refusedDatagrams;
        quiet = new QuietLog(LOG, clock);
        refusedSenders = memory.senders(settings.refusedSenders());
    }

    @Override
    public void admit(DatagramBatch batch) {
        int lastRefused = -1;
        int refused = 0;
        for (int datagram = 0; datagram < batch.size(); datagram++) {
            if (!allowed.of(batch.endpoint(datagram)).contains(batch.sourceHigh(datagram), batch.sourceLow(datagram))) {
                batch.refuse(datagram);
                note(batch, datagram);
                lastRefused = datagram;
                refused++;
            }
        }
        if (refused > 0) {
            refusedDatagrams.add(0, refused);
            tell(batch, lastRefused);
        }
    }

    private void note(DatagramBatch batch, int datagram) {
        int length = batch.length(datagram);
        int version = length < 2 ? NO_VERSION : Octets.u16(batch.slab(), batch.offset(datagram));
        refusedSenders.note(
                batch.endpoint(datagram).name(),
                batch.sourceHigh(datagram),
                batch.sourceLow(datagram),
                version,
                length,
                batch.receivedAtMillis(datagram));
    }

    /** Names one sender of a batch: whoever floods us shall not make us write text for each datagram. */
    private void tell(DatagramBatch batch, int datagram) {
        String endpoint = batch.endpoint(datagram).name();
        Address sender = new Address(batch.sourceHigh(datagram), batch.sourceLow(datagram));
        quiet.warn(
                sender,
                "sender refused: endpoint={}, address={}, allow it with allowed.subnets in org.flowtally.endpoint-{}.cfg",
                endpoint,
                sender,
                endpoint);
    }

    @Override
    public List<RefusedSender> refused() {
        return refusedSenders.list();
    }

    @Override
    public long refusedDatagrams() {
        return refusedDatagrams.value(0);
    }
}
