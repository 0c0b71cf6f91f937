// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.subscriber.AssignmentReload;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The reload of the assignments, now. */
@Service
@Command(
        scope = "flowtally",
        name = "subscribers-reload",
        description = "Reads the table ip_assignment now, instead of at the next periodic reload.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class SubscribersReloadCommand implements Action {
    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public SubscribersReloadCommand() {}

    SubscribersReloadCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        AssignmentStatus status =
                new Services(context).require(AssignmentReload.class, "pipeline", AssignmentReload::reload);
        PrintStream out = System.out;
        if (json) {
            out.println(Json.of(status));
        } else {
            out.println(StatusPage.assignments(status));
            for (String problem : status.problems()) {
                Lines.of("skipped: " + problem, Listing.WIDTH).forEach(out::println);
            }
        }
        if (!status.lastFailure().isEmpty()) {
            throw new CommandRefused("not reloaded, the assignments in force stay: " + status.lastFailure());
        }
        return null;
    }
}
