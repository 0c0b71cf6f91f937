// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.report.LastingCounters;
import org.flowtally.lib.report.QuietLog;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admission of datagrams by the sender's address: what an endpoint does not allow is refused, counted and told.
 *
 * <p>The component stays in place when its configuration changes, so that counters go on.
 */
@Component(configurationPid = PolicySettings.PID)
@Designate(ocd = PolicyConfig.class)
public final class SenderAdmission implements DatagramAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(SenderAdmission.class);
    private static final int NO_VERSION = -1;

    private final EndpointSubnets allowed = new EndpointSubnets(Endpoint::allowedSubnets);
    private final CounterArray refusedDatagrams;
    private final QuietLog quiet;
    private volatile int room; // Taken up by the working thread, the only one that writes the senders.
    private volatile RefusedSenders refusedSenders;

    /** Starts with a configuration that must be right. */
    @Activate
    public SenderAdmission(PolicyConfig config, Map<String, Object> given) {
        this(PolicySettings.of(config, given), SystemClock.INSTANCE, LastingCounters.of("policy.refused", 1));
    }

    SenderAdmission(PolicySettings settings, InstantSource clock, CounterArray refusedDatagrams) {
        this.refusedDatagrams = refusedDatagrams;
        quiet = new QuietLog(LOG, clock);
        room = settings.refusedSenders();
        refusedSenders = new RefusedSenders(room);
    }

    @Modified
    void modified(PolicyConfig config, Map<String, Object> given) {
        try {
            room = PolicySettings.of(config, given).refusedSenders();
        } catch (ConfigurationRejected refused) {
            LOG.error("{}, the configuration in force stays", refused.getMessage());
        }
    }

    @Override
    public void admit(DatagramBatch batch) {
        if (refusedSenders.capacity() != room) {
            refusedSenders = refusedSenders.resized(room);
        }
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
