// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.osgi.framework.BundleContext;

/** Takes exporters out of those that may send to an endpoint. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-deny",
        description =
                "Lets exporters send no longer: takes prefixes out of allowed.subnets in the file of an endpoint.")
public final class EndpointDenyCommand extends EndpointListCommand {
    /** Made by the shell. */
    public EndpointDenyCommand() {
        super(EndpointEditor.ALLOWED_SUBNETS);
    }

    EndpointDenyCommand(BundleContext context, String endpoint, List<String> prefixes) {
        super(EndpointEditor.ALLOWED_SUBNETS, context, endpoint, prefixes);
    }

    @Override
    EndpointChange change(EndpointEditor editor, String ofEndpoint, String ofList, List<String> given) {
        return editor.remove(ofEndpoint, ofList, given);
    }
}
