// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointEditor;
import org.osgi.framework.BundleContext;

/** Takes out of the flow addresses that count in whitelist mode. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoint-whitelist-remove",
        description = "Takes prefixes out of whitelist.subnets in the file of an endpoint.")
public final class EndpointWhitelistRemoveCommand extends EndpointListCommand {
    /** Made by the shell. */
    public EndpointWhitelistRemoveCommand() {
        super(EndpointEditor.WHITELIST_SUBNETS);
    }

    EndpointWhitelistRemoveCommand(BundleContext context, String endpoint, List<String> prefixes) {
        super(EndpointEditor.WHITELIST_SUBNETS, context, endpoint, prefixes);
    }

    @Override
    EndpointChange change(EndpointEditor editor, String ofEndpoint, String ofList, List<String> given) {
        return editor.remove(ofEndpoint, ofList, given);
    }
}
