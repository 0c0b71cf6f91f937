// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.osgi.framework.BundleContext;

/** Adds to the flow addresses that count in whitelist mode. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-whitelist-add",
        description = "Adds prefixes to whitelist.subnets in the file of an endpoint: flows from or to them count.")
public final class EndpointWhitelistAddCommand extends EndpointListCommand {
    /** Made by the shell. */
    public EndpointWhitelistAddCommand() {
        super(EndpointEditor.WHITELIST_SUBNETS);
    }

    EndpointWhitelistAddCommand(BundleContext context, String endpoint, List<String> prefixes) {
        super(EndpointEditor.WHITELIST_SUBNETS, context, endpoint, prefixes);
    }

    @Override
    EndpointChange change(EndpointEditor editor, String ofEndpoint, String ofList, List<String> given) {
        return editor.add(ofEndpoint, ofList, given);
    }
}
