// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
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
    @Reference
    private Session session;

    @Reference
    private BundleContext context;

    @Option(name = "--transport", description = "udp, tcp or tls; the last two for IPFIX alone.")
    private String transport = "udp";

    @Option(name = "--bind-address", description = "The local address, IPv4 or IPv6.")
    private String bindAddress = "0.0.0.0";

    @Option(
            name = "--allow",
            description = "A prefix of exporters that may send; as often as needed.",
            multiValued = true)
    private List<String> allowed = List.of();

    @Option(
            name = "--set",
            description = "Any other key as KEY=VALUE, such as realm=site-2; as often as needed.",
            multiValued = true)
    private List<String> others = List.of();

    @Argument(name = "endpoint", description = "The name of the endpoint, new.", required = true)
    private String endpoint;

    @Argument(index = 1, name = "port", description = "The UDP or TCP port.", required = true)
    private String port;

    /** Made by the shell. */
    public EndpointCreateCommand() {}

    EndpointCreateCommand(
            Session session,
            BundleContext context,
            String transport,
            List<String> allowed,
            List<String> others,
            String endpoint,
            String port) {
        this.session = session;
        this.context = context;
        this.transport = transport;
        this.allowed = allowed;
        this.others = others;
        this.endpoint = endpoint;
        this.port = port;
    }

    @Override
    public @Nullable Object execute() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("transport", transport);
        values.put("bind.address", bindAddress);
        values.put("port", port);
        values.put(EndpointEditor.ALLOWED_SUBNETS, String.join(", ", allowed));
        for (String each : others) {
            int separator = each.indexOf('=');
            if (separator < 1) {
                throw new IllegalArgumentException("--set takes KEY=VALUE, this is: " + each);
            }
            values.put(
                    each.substring(0, separator).strip(),
                    each.substring(separator + 1).strip());
        }
        new EndpointEdit(session, context)
                .print(EndpointEditor.ALLOWED_SUBNETS, editor -> editor.create(endpoint, values));
        if (values.get(EndpointEditor.ALLOWED_SUBNETS).isEmpty()) {
            session.getConsole().println("nobody may send yet: flowtally:endpoint-allow " + endpoint + " PREFIX");
        }
        return null;
    }
}
