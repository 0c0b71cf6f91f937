// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointEditor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** Makes an endpoint. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-create",
        description =
                "Writes the file of a new endpoint, which opens its socket. Nobody may send to it who is not named.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class EndpointCreateCommand implements Action {
    private static final String PORT = "port";
    private static final String LIST_FILE = EndpointEditor.ALLOWED_SUBNETS + ".file";

    @Reference
    private BundleContext context;

    @Argument(name = "endpoint", description = "The name of the endpoint, new.", required = true)
    private String endpoint;

    @Argument(index = 1, name = "port", description = "The UDP or TCP port.", required = true)
    private String port;

    // After the name, because the shell takes options only before it, where nobody looks for them.
    @Argument(
            index = 2,
            name = "settings",
            description =
                    "Any other key as KEY=VALUE, such as transport=tcp or allowed.subnets=192.0.2.0/24,2001:db8::/32.",
            valueToShowInHelp = "",
            multiValued = true)
    private List<String> settings = List.of();

    /** Made by the shell. */
    public EndpointCreateCommand() {}

    EndpointCreateCommand(BundleContext context, String endpoint, String port, List<String> settings) {
        this.context = context;
        this.endpoint = endpoint;
        this.port = port;
        this.settings = settings;
    }

    @Override
    public @Nullable Object execute() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(PORT, port);
        values.put(EndpointEditor.ALLOWED_SUBNETS, "");
        for (String each : settings) {
            int separator = each.indexOf('=');
            if (separator < 1) {
                throw new CommandRefused("a setting is KEY=VALUE, this is: " + each);
            }
            String key = each.substring(0, separator).strip();
            if (key.equals(PORT)) {
                throw new CommandRefused("the port stands behind the name, and was given twice: " + port + ", " + each);
            }
            values.put(key, each.substring(separator + 1).strip());
        }
        new EndpointEdit(context).print(EndpointEditor.ALLOWED_SUBNETS, editor -> editor.create(endpoint, values));
        if (String.join("", values.get(EndpointEditor.ALLOWED_SUBNETS), values.getOrDefault(LIST_FILE, ""))
                .isEmpty()) {
            System.out.println("nobody may send yet: flowtally:endpoint-allow " + endpoint + " PREFIX");
        }
        return null;
    }
}
