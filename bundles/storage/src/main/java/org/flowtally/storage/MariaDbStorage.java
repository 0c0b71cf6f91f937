// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTables;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.lib.page.PageSpool;
import org.flowtally.lib.report.DataFolder;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage tables in MariaDB. Active from the start, whether the database answers or not; a changed configuration that is
 * refused leaves the one before in force.
 */
@Component(service = UsageTables.class, immediate = true, configurationPid = StorageSettings.PID)
@Designate(ocd = StorageConfig.class)
public final class MariaDbStorage implements UsageTables {
    private static final Logger LOG = LoggerFactory.getLogger(MariaDbStorage.class);

    private final BundleContext bundleContext;
    private StorageSettings settings;
    private volatile StorageSession session;

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

    /** Starts with the configuration given; one that is refused does not start and says why. */
    @Activate
    public MariaDbStorage(BundleContext bundleContext, StorageConfig config, Map<String, ?> given) throws IOException {
        this.bundleContext = bundleContext;
        this.settings = settings(config, given);
        this.session = open(settings);
    }

    /** Takes a changed configuration; pages wait on disk in between. */
    @Modified
    void modified(StorageConfig config, Map<String, ?> given) throws IOException {
        StorageSettings changed;
        try {
            changed = settings(config, given);
        } catch (ConfigurationRejected refusal) {
            LOG.error("{}; the configuration before stays in force", refusal.getMessage());
            return;
        }
        if (!changed.equals(settings)) {
            session.close();
            settings = changed;
            session = open(changed);
        }
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

    private StorageSession open(StorageSettings wanted) throws IOException {
        PageSpool spool = PageSpool.in(DataFolder.of(bundleContext::getProperty).resolve("pages"));
        StatusTables statusTables = new StatusTables(
                () -> Optional.ofNullable(ledger),
                () -> Optional.ofNullable(endpoints),
                () -> Optional.ofNullable(exporters),
                SystemClock.INSTANCE.instant());
        LOG.info(
                "storage started: url={}, user={}, folder={}, pagesWaiting={}",
                wanted.url(),
                wanted.user(),
                spool.folder(),
                spool.pagesWaiting());
        return new StorageSession(wanted, spool, statusTables, SystemClock.INSTANCE, bundleContext);
    }
}
