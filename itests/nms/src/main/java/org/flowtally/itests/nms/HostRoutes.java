// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.nms;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.core.osgi.OsgiDefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the datagrams of one UDP port, and logs each with the versions that serve it. */
public final class HostRoutes implements BundleActivator {
    private static final Logger LOG = LoggerFactory.getLogger(HostRoutes.class);

    private final AtomicLong datagrams = new AtomicLong();
    private @Nullable OsgiDefaultCamelContext camel;

    @Override
    public void start(BundleContext context) throws Exception {
        OsgiDefaultCamelContext started = new OsgiDefaultCamelContext(context);
        camel = started;
        started.start();
        started.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty:udp://127.0.0.1:" + context.getProperty("nms.port") + "?sync=false")
                        .process(exchange -> LOG.info(
                                "host received: datagrams={}, camel={}, netty={}",
                                datagrams.incrementAndGet(),
                                versionOf(CamelContext.class),
                                versionOf(ByteBuf.class)));
            }
        });
        LOG.info("host started");
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        LOG.info("host stopped");
        OsgiDefaultCamelContext stopped = camel;
        if (stopped != null) {
            stopped.close();
        }
    }

    private static Version versionOf(Class<?> type) {
        return FrameworkUtil.getBundle(type).getVersion();
    }
}
