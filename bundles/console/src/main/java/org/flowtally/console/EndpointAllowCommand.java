// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.osgi.framework.BundleContext;

/** Lets exporters send to an endpoint. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-allow",
        description = "Lets exporters send: adds prefixes to allowed.subnets in the file of an endpoint.")
public final class EndpointAllowCommand extends EndpointListCommand {
    /** Made by the shell. */
    public EndpointAllowCommand() {
        super(EndpointEditor.ALLOWED_SUBNETS);
    }

    EndpointAllowCommand(BundleContext context, String endpoint, List<String> prefixes) {
        super(EndpointEditor.ALLOWED_SUBNETS, context, endpoint, prefixes);
    }

    @Override
    EndpointChange change(EndpointEditor editor, String ofEndpoint, String ofList, List<String> given) {
        return editor.add(ofEndpoint, ofList, given);
    }
}
