// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.lib.page.PageSpool;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** What lives under one configuration: the pool that others look things up with, and the thread that applies pages. */
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"javax.sql.DataSource\"",
        effective = "active")
final class StorageSession implements AutoCloseable {
    private static final String DATA_SOURCE_NAME = "flowtally";
    private static final long IDLE_MILLIS = 60_000;

    private final HikariDataSource pool;
    private final PageApplier applier;
    private final ServiceRegistration<DataSource> registration;

    StorageSession(
            StorageSettings settings,
            PageSpool spool,
            StatusTables statusTables,
            InstantSource clock,
            BundleContext bundleContext) {
        AccountedSource source = new AccountedSource(settings);
        pool = pool(settings, source);
        registration = bundleContext.registerService(
                DataSource.class, pool, FrameworkUtil.asDictionary(Map.of("osgi.jndi.service.name", DATA_SOURCE_NAME)));
        applier = new PageApplier(settings, source, spool, statusTables, clock, AppliedSoFar.lasting());
        applier.start();
    }

    List<UsageTotal> usage(UsageQuery query) {
        return UsageTableQuery.answer(pool, query);
    }

    StorageStatus status() {
        return applier.status();
    }

    @Override
    public void close() {
        registration.unregister();
        applier.stop();
        pool.close();
    }

    private static HikariDataSource pool(StorageSettings settings, AccountedSource source) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(DATA_SOURCE_NAME);
        config.setDataSource(source);
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(0); // Nobody knocks at a database that is away unless there is a question.
        config.setIdleTimeout(IDLE_MILLIS);
        config.setConnectionTimeout(settings.connectTimeout().toMillis());
        config.setInitializationFailTimeout(-1); // The service is there before the database is.
        return new HikariDataSource(config);
    }
}
