// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTables;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.lib.page.PageSpool;
import org.flowtally.lib.report.DataFolder;
import org.flowtally.lib.report.EventLog;
import org.flowtally.lib.report.LastGood;
import org.flowtally.lib.report.LastingState;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage tables in MariaDB. Active from the start, whether the database answers or not. A change of the configuration
 * re-creates it; pages wait on disk in between, and what it counts goes on.
 */
@Component(service = UsageTables.class, immediate = true, configurationPid = StorageSettings.PID)
@Designate(ocd = StorageConfig.class)
public final class MariaDbStorage implements UsageTables {
    private static final Logger LOG = LoggerFactory.getLogger(MariaDbStorage.class);

    private static final LastGood<StorageSettings> LAST_GOOD = new LastGood<>(LOG);

    private final BundleContext bundleContext;
    private final StorageSession session;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable UsageLedger ledger;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable EndpointDirectory endpoints;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ExporterDirectory exporters;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ClockDirectory clocks;

    /** Starts with a configuration that is right, or with the last one that was. */
    @Activate
    public MariaDbStorage(BundleContext bundleContext, StorageConfig config, Map<String, ?> given) throws IOException {
        this.bundleContext = bundleContext;
        this.session = open(LAST_GOOD.or(() -> settings(config, given)));
    }

    /** Applies what waits, within the drain time, and lets go of the database. */
    @Deactivate
    void deactivate() {
        session.close();
    }

    @Override
    public List<UsageTotal> usage(UsageQuery query) {
        return session.usage(query);
    }

    @Override
    public StorageStatus status() {
        return session.status();
    }

    private StorageSettings settings(StorageConfig config, Map<String, ?> given) {
        String etc = bundleContext.getProperty("karaf.etc");
        return StorageSettings.of(config, given, Path.of(etc == null ? "etc" : etc));
    }

    @SuppressWarnings("unchecked") // Whoever asks by this name puts the same types in.
    private static Map<Exporter, long[]> toldOfExporters() {
        return (Map<Exporter, long[]>)
                LastingState.of("storage.toldOfExporters", ConcurrentHashMap.class, ConcurrentHashMap::new);
    }

    private StorageSession open(StorageSettings wanted) throws IOException {
        PageSpool spool = PageSpool.in(DataFolder.of(bundleContext::getProperty).resolve("pages"));
        StatusTables statusTables = new StatusTables(
                () -> Optional.ofNullable(ledger),
                () -> Optional.ofNullable(endpoints),
                () -> Optional.ofNullable(exporters),
                () -> Optional.ofNullable(clocks),
                LastingState.of("storage.startedAt", Instant.class, SystemClock.INSTANCE::instant),
                toldOfExporters(),
                EventLog.SHARED);
        LOG.info(
                "storage started: url={}, user={}, folder={}, pagesWaiting={}",
                wanted.url(),
                wanted.user(),
                spool.folder(),
                spool.pagesWaiting());
        return new StorageSession(wanted, spool, statusTables, SystemClock.INSTANCE, bundleContext);
    }
}
