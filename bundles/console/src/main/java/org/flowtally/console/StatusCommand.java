// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The one look that says whether usage is being counted. */
@Service
@Command(
        scope = "flowtally",
        name = "status",
        description = "Shows whether usage is counted into the tables, and what stands in the way if not.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class StatusCommand implements Action {
    private static final long PAUSE_MILLIS = 1000;

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    @Option(
            name = "--wait",
            valueToShowInHelp = "",
            description =
                    "Waits up to so many SECONDS until the collector is ready (schema migrated, assignments loaded,"
                            + " endpoints open, lane running), and fails if it does not become so; at once if a"
                            + " configuration is refused.")
    private int waitSeconds;

    /** Made by the shell. */
    public StatusCommand() {}

    StatusCommand(BundleContext context, boolean json, int waitSeconds) {
        this.context = context;
        this.json = json;
        this.waitSeconds = waitSeconds;
    }

    @Override
    public @Nullable Object execute() throws InterruptedException {
        if (waitSeconds < 0) {
            throw CommandRefused.option("--wait", waitSeconds, "0 or more");
        }
        Services services = new Services(context);
        Snapshot snapshot = Snapshot.of(services);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        while (!snapshot.isReady() && snapshot.firstRefusals().isEmpty() && System.nanoTime() < end) {
            pause();
            snapshot = Snapshot.of(services);
        }
        if (json) {
            System.out.println(Json.of(StatusPage.object(snapshot)));
        } else {
            StatusPage.print(snapshot, System.out);
        }
        if (waitSeconds > 0 && !snapshot.firstRefusals().isEmpty()) {
            throw new CommandRefused("not ready: " + String.join("; ", snapshot.firstRefusals()));
        }
        if (waitSeconds > 0 && !snapshot.isReady()) {
            throw new CommandRefused(
                    "not ready after %d s: %s".formatted(waitSeconds, String.join("; ", snapshot.obstacles())));
        }
        return null;
    }

    /** Ctrl-C in the shell interrupts it. */
    private static void pause() throws InterruptedException {
        Semaphore never = new Semaphore(0);
        if (never.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody releases this permit");
        }
    }
}
