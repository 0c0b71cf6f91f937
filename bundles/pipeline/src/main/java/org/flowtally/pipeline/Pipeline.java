// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.flowtally.api.status.LaneStatus;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one CamelContext with its routes, the hand-off and the lane. */
final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    /** Far longer than any batch takes: after it a stage is a bug. */
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(30);

    private static final Duration LONGEST_RELOAD = Duration.ofSeconds(60);

    private final BatchBoundary boundary;
    private final Stages stages;
    private final SwitchedDataSource database = new SwitchedDataSource();
    private final HandOff handOff;
    private final Assignments assignments;
    private final DailyRun retentionTime;
    private final Housekeeping housekeeping;
    private final DefaultCamelContext context;
    private final Lane lane;
    private final InstantSource clock;
    private volatile PipelineSettings settings;

    Pipeline(PipelineSettings settings, InstantSource clock) throws Exception {
        this.settings = settings;
        this.clock = clock;
        boundary = new BatchBoundary(clock, LONGEST_BATCH);
        stages = new Stages(boundary, clock);
        handOff = new HandOff(settings.handOffOctets());
        assignments = new Assignments(clock, settings.reload(), settings.retry());
        retentionTime = new DailyRun(clock, settings.retentionTime());
        housekeeping = new Housekeeping(retentionTime);
        context = FlowtallyContext.create(database);
        lane = new Lane(handOff, boundary, context, clock);
    }

    HandOff handOff() {
        return handOff;
    }

    Stages stages() {
        return stages;
    }

    SwitchedDataSource database() {
        return database;
    }

    Assignments assignments() {
        return assignments;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    CamelContext context() {
        return context;
    }

    /** Starts the routes and the lane, or nothing. */
    void start() throws Exception {
        try {
            context.addRoutes(new FlowRoutes(handOff, stages));
            context.addRoutes(new HousekeepingRoutes(housekeeping, assignments, clock));
            context.start();
            lane.start();
        } finally {
            if (!lane.isRunning()) {
                context.stop(); // A half-built context keeps threads and beans of management.
            }
        }
        LOG.info("pipeline started: handOffOctets={}", settings.handOffOctets());
    }

    /** Works off what was received, then stops the routes. The sockets are closed before. */
    void stop() {
        lane.drain(settings.drain());
        context.stop();
        LOG.info("pipeline stopped: datagramsDone={}", lane.datagramsDone());
    }

    /** Takes another configuration; nothing restarts. */
    void change(PipelineSettings changed) {
        settings = changed;
        handOff.bound(changed.handOffOctets());
        assignments.periods(changed.reload(), changed.retry());
        retentionTime.time(changed.retentionTime());
    }

    LaneStatus status() {
        BatchBoundary.Waiting waiting = boundary.waiting();
        HandOff.Level level = handOff.level();
        return new LaneStatus(
                waiting.stages(),
                waiting.since(),
                level.waitingOctets(),
                level.boundOctets(),
                level.datagramsTaken(),
                level.datagramsLost(),
                lane.datagramsDone(),
                stages.failures() + lane.batchesFailed());
    }

    AssignmentStatus reloadAssignments() {
        return assignments.reload(LONGEST_RELOAD);
    }
}
