// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ManagementMBeansLevel;
import org.apache.camel.ManagementStatisticsLevel;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.spi.ManagementAgent;

/** The making of the one CamelContext: plain, and without what costs per exchange and serves nobody here. */
final class FlowtallyContext {
    private static final String NAME = "flowtally";
    private static final int ROUTE_STOP_SECONDS = 5;

    private FlowtallyContext() {}

    /** Makes a context that is not started and has no routes yet. */
    static DefaultCamelContext create(DataSource database) {
        // Not initialized by the constructor: the class loader comes before anything else.
        DefaultCamelContext context = new DefaultCamelContext(false);
        ClassLoader runtime = DefaultCamelContext.class.getClassLoader();
        context.setApplicationContextClassLoader(runtime);
        context.getClassResolver().addClassLoader(FlowtallyContext.class.getClassLoader());
        context.getCamelContextExtension().setName(NAME);
        context.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
        context.getRegistry().bind(NAME, DataSource.class, database);
        leanOut(context);
        context.build();
        leanOutManagement(context);
        return context;
    }

    private static void leanOut(CamelContext context) {
        context.setMessageHistory(false);
        context.setStreamCaching(false);
        context.setUseDataType(false);
        context.setAutowiredEnabled(false);
        context.setSourceLocationEnabled(false);
        context.setLogExhaustedMessageBody(false);
        context.setStartupSummaryLevel(StartupSummaryLevel.Oneline);
        context.getShutdownStrategy().setTimeout(ROUTE_STOP_SECONDS);
        context.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
    }

    private static void leanOutManagement(CamelContext context) {
        ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
        if (agent != null) {
            agent.setMBeansLevel(ManagementMBeansLevel.RoutesOnly);
            agent.setStatisticsLevel(ManagementStatisticsLevel.RoutesOnly);
            agent.setRegisterRoutesCreateByTemplate(true);
            agent.setLoadStatisticsEnabled(false);
        }
    }
}
