// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** Removes an endpoint. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-remove",
        description = "Deletes the file of an endpoint, which closes its socket.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class EndpointRemoveCommand implements Action {
    @Reference
    private BundleContext context;

    @Argument(name = "endpoint", description = "The name of the endpoint.", required = true)
    @Completion(EndpointNames.class)
    private String endpoint;

    /** Made by the shell. */
    public EndpointRemoveCommand() {}

    EndpointRemoveCommand(BundleContext context, String endpoint) {
        this.context = context;
        this.endpoint = endpoint;
    }

    @Override
    public @Nullable Object execute() {
        new EndpointEdit(context).printRemoval(endpoint);
        return null;
    }
}
