// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.flowtally.lib.report.QuietLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The periodic work. Each timer has a thread of its own, so that a database that hangs stops nothing else. */
final class HousekeepingRoutes extends RouteBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(HousekeepingRoutes.class);

    private final Housekeeping housekeeping;
    private final Assignments assignments;
    private final QuietLog quiet;

    HousekeepingRoutes(Housekeeping housekeeping, Assignments assignments, InstantSource clock) {
        this.housekeeping = housekeeping;
        this.assignments = assignments;
        this.quiet = new QuietLog(LOG, clock);
    }

    @Override
    public void configure() {
        onException(Exception.class).handled(true).process(this::report);

        from("timer:ledger-flush?includeMetadata=false&period=1000")
                .routeId("ledger-flush")
                .process(run(housekeeping::flush));

        from("timer:assignments?includeMetadata=false&delay=0&period=100")
                .routeId("assignments")
                .filter(exchange -> assignments.isDue())
                .doTry()
                .process(assignments::ask)
                .to("jdbc:flowtally?outputType=StreamList&resetAutoCommit=false&statement.fetchSize=1000")
                .process(assignments::load)
                .doCatch(Exception.class)
                .process(assignments::failed)
                .end();

        from("timer:host-clock?includeMetadata=false&period=1000")
                .routeId("host-clock")
                .filter(exchange -> housekeeping.isHostClockDue())
                .process(run(housekeeping::askHostClock));

        from("timer:retention?includeMetadata=false&delay=60000&period=60000")
                .routeId("retention")
                .filter(exchange -> housekeeping.isRetentionDue())
                .process(run(housekeeping::retain));
    }

    private void report(Exchange exchange) {
        Object failure = String.valueOf(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT));
        String route = String.valueOf(exchange.getFromRouteId());
        quiet.error(route, "periodic work failed: route={}, failure={}", route, failure);
    }

    private static Processor run(Runnable work) {
        return exchange -> work.run();
    }
}
