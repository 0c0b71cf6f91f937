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

/** Sets one key of an endpoint. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-set",
        description =
                "Sets one key in the file of an endpoint; only transport, address, port and buffer touch its socket.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class EndpointSetCommand implements Action {
    @Reference
    private BundleContext context;

    @Argument(name = "endpoint", description = "The name of the endpoint.", required = true)
    @Completion(EndpointNames.class)
    private String endpoint;

    @Argument(index = 1, name = "key", description = "A key of the cfg file, such as port.", required = true)
    @Completion(EndpointKeys.class)
    private String key;

    @Argument(index = 2, name = "value", description = "Its value; '' for none.", required = true)
    private String value;

    /** Made by the shell. */
    public EndpointSetCommand() {}

    EndpointSetCommand(BundleContext context, String endpoint, String key, String value) {
        this.context = context;
        this.endpoint = endpoint;
        this.key = key;
        this.value = value;
    }

    @Override
    public @Nullable Object execute() {
        new EndpointEdit(context).print(key, editor -> editor.set(endpoint, key, value));
        return null;
    }
}
