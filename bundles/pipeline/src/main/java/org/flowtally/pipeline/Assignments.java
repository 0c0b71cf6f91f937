// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.jspecify.annotations.Nullable;

/** The reload of the assignments: when it is due, and the two ends of the statement that the route runs. */
final class Assignments {
    private final InstantSource clock;
    private volatile @Nullable AssignmentLoader loader;
    private volatile Duration reload;
    private volatile Duration retry;
    private volatile String lastFailure = "";
    private Instant nextAt = Instant.MIN;
    private @Nullable AssignmentLoader loaded;
    private long demanded;
    private long serving;
    private long served;

    Assignments(InstantSource clock, Duration reload, Duration retry) {
        this.clock = clock;
        this.reload = reload;
        this.retry = retry;
    }

    /** Changes the periods, from the next reload on. */
    void periods(Duration newReload, Duration newRetry) {
        reload = newReload;
        retry = newRetry;
    }

    /** Takes note of who takes the assignments. While the table cannot be read it is told at once, and need not wait to find out. */
    void bind(AssignmentLoader bound) {
        loader = bound;
        String failure = lastFailure;
        if (!failure.isEmpty()) {
            bound.failed(failure);
        }
    }

    void unbind(AssignmentLoader unbound) {
        if (loader == unbound) {
            loader = null;
        }
    }

    /** Returns who takes the assignments, if anybody does now. */
    Optional<AssignmentLoader> loader() {
        return Optional.ofNullable(loader);
    }

    /** Tells whether the table is to be read now: the time has come, or somebody new takes the assignments. */
    synchronized boolean isDue() {
        AssignmentLoader current = loader;
        return current != null
                && (current != loaded || served < demanded || !clock.instant().isBefore(nextAt));
    }

    /** Asks for a reload that begins after this call and waits for its end. */
    synchronized AssignmentStatus reload(Duration limit) {
        AssignmentLoader current = loader().orElseThrow(Assignments::nobody);
        long mine = ++demanded;
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        try {
            while (served < mine) {
                long remainingMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (remainingMillis <= 0) {
                    throw new IllegalStateException("the reload has not ended in time: waited=" + limit);
                }
                wait(remainingMillis);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the wait for the reload was interrupted", interrupted);
        }
        return loader().orElse(current).status();
    }

    /** Puts the statement into the body. */
    void ask(Exchange exchange) {
        begin();
        exchange.getMessage().setBody(loader().map(AssignmentLoader::statement).orElseThrow(Assignments::nobody));
    }

    /** Hands the rows in the body to the loader. */
    @SuppressWarnings("unchecked") // outputType=StreamList
    void load(Exchange exchange) throws InvalidPayloadException {
        AssignmentLoader current = loader().orElseThrow(Assignments::nobody);
        current.load((Iterator<Map<String, Object>>) exchange.getMessage().getMandatoryBody());
        lastFailure = "";
        settled(current, reload);
    }

    /** Notes that the table could not be read. */
    void failed(Exchange exchange) {
        String reason = reason(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        lastFailure = reason;
        loader().ifPresent(current -> {
            current.failed(reason);
            settled(current, retry);
        });
    }

    private synchronized void begin() {
        serving = demanded;
    }

    private synchronized void settled(AssignmentLoader current, Duration pause) {
        loaded = current;
        served = serving;
        notifyAll();
        nextAt = clock.instant().plus(pause);
    }

    static IllegalStateException nobody() {
        return new IllegalStateException("nobody takes the assignments: the bundle subscriber is not active");
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown";
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String first = String.valueOf(failure.getMessage());
        return root == failure ? first : first + ": " + root.getMessage();
    }
}
