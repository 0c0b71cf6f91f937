// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.flowtally.api.endpoint.EndpointEditor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** Takes exporters out of those that may send to an endpoint. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-deny",
        description =
                "Lets exporters send no longer: takes prefixes out of allowed.subnets in the file of an endpoint.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class EndpointDenyCommand implements Action {
    @Reference
    private Session session;

    @Reference
    private BundleContext context;

    @Argument(name = "endpoint", description = "The name of the endpoint.", required = true)
    @Completion(EndpointNames.class)
    private String endpoint;

    @Argument(
            index = 1,
            name = "prefixes",
            description = "One or more prefixes, such as 192.0.2.0/24; an address alone means itself.",
            required = true,
            multiValued = true)
    private List<String> prefixes;

    /** Made by the shell. */
    public EndpointDenyCommand() {}

    EndpointDenyCommand(Session session, BundleContext context, String endpoint, List<String> prefixes) {
        this.session = session;
        this.context = context;
        this.endpoint = endpoint;
        this.prefixes = prefixes;
    }

    @Override
    public @Nullable Object execute() {
        new EndpointEdit(session, context)
                .print(
                        EndpointEditor.ALLOWED_SUBNETS,
                        editor -> editor.remove(endpoint, EndpointEditor.ALLOWED_SUBNETS, prefixes));
        return null;
    }
}
