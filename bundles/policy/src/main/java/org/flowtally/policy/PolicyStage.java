// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowStage;
import org.flowtally.api.flow.StageName;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.report.LastGood;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow half of the policy, in this order: which rows of an exporter count, whose flows count, which exporter counts a flow
 * that several see, and the traffic class of both addresses.
 *
 * <p>A change of the configuration re-creates it; what it must not forget lies where it outlives even a swap of the bundle.
 */
@Component(
        enabled = false,
        configurationPid = PolicySettings.PID) // Enabled once the files of classes and exporters are read.
@StageName(stage_name = StageName.POLICY)
public final class PolicyStage implements FlowStage {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStage.class);
    private static final LastGood<PolicySettings> LAST_GOOD = new LastGood<>(LOG);
    // Exporters are bounded where they are decoded; an exporter that was forgotten there comes back as another object.
    private static final int MOST_KNOWN = 65_536;

    private final PolicyFiles files;
    private final EventLog events;
    private final AddressRules rules = new AddressRules();
    private final Duplicates duplicates;
    private final IdentityHashMap<Exporter, KnownExporter> known = new IdentityHashMap<>();
    private final Map<Router, DoubleReports> routers = new HashMap<>();

    /** What holds for an exporter as long as it, its endpoint and the files about it are the same. */
    private record KnownExporter(
            Counting ofEndpoint, CountedExporters files, CountedRows counted, DoubleReports reports, int preference) {}

    /** A device, whatever it sends and wherever to. */
    private record Router(String realm, long addressHigh, long addressLow, int port) {}

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public PolicyStage(PolicyConfig config, Map<String, Object> given, @Reference PolicyFiles files) {
        this(LAST_GOOD.or(() -> PolicySettings.ofStage(config, given)), files, EventLog.SHARED);
    }

    PolicyStage(PolicySettings settings, PolicyFiles files, EventLog events) {
        this.files = files;
        this.events = events;
        duplicates = Duplicates.of(settings, events);
    }

    @Override
    public void apply(FlowBatch batch) {
        CountedExporters exporters = files.countedExporters();
        boolean hasPreferred = false;
        for (int span = 0, spans = batch.spans(); span < spans; span++) {
            KnownExporter exporter = known(batch, span, exporters);
            int from = batch.firstRow(span);
            int directions = exporter.counted().judge(batch, from, batch.endRow(span));
            if (hasCounted(batch, from, batch.endRow(span))) {
                exporter.reports()
                        .note(
                                batch.exporter(span),
                                exporter.counted().counting(),
                                directions,
                                batch.receivedAtMillis(span));
            }
            batch.matchAddress(span, exporter.counted().matchAddress());
            hasPreferred |= exporter.preference() != Duplicates.NOT_IN_ORDER;
        }
        rules.apply(batch, files.addressTables());
        if (hasPreferred) {
            judgeDuplicates(batch, exporters);
        }
    }

    /** Goes through the exporters of a batch in the order of preference: of two reports in one batch the preferred one counts. */
    private void judgeDuplicates(FlowBatch batch, CountedExporters exporters) {
        for (int preference = 0; preference < duplicates.exporters(); preference++) {
            for (int span = 0, spans = batch.spans(); span < spans; span++) {
                if (known(batch, span, exporters).preference() == preference) {
                    duplicates.judge(batch, span, preference);
                }
            }
        }
    }

    private static boolean hasCounted(FlowBatch batch, int from, int to) {
        for (int row = from; row < to; row++) {
            if (batch.isCounted(row)) {
                return true;
            }
        }
        return false;
    }

    private KnownExporter known(FlowBatch batch, int span, CountedExporters exporters) {
        Exporter exporter = batch.exporter(span);
        KnownExporter found = known.get(exporter);
        return found != null
                        && found.files() == exporters
                        && found.ofEndpoint().equals(batch.endpoint(span).counting())
                ? found
                : learn(batch, span, exporters);
    }

    private KnownExporter learn(FlowBatch batch, int span, CountedExporters exporters) {
        if (known.size() >= MOST_KNOWN || routers.size() >= MOST_KNOWN) {
            known.clear();
            routers.clear();
        }
        Exporter exporter = batch.exporter(span);
        Router router = new Router(exporter.realm(), exporter.addressHigh(), exporter.addressLow(), exporter.port());
        KnownExporter learnt = new KnownExporter(
                batch.endpoint(span).counting(),
                exporters,
                new CountedRows(exporters.of(exporter, batch.endpoint(span)), exporter),
                routers.computeIfAbsent(router, absent -> new DoubleReports(events)),
                duplicates.preference(exporter));
        known.put(exporter, learnt);
        return learnt;
    }
}
