// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.flowtally.api.endpoint.EndpointChange;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointEditor;
import org.flowtally.api.endpoint.EndpointStatus;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** A command that puts prefixes into a list of an endpoint, or takes them out. The shell finds arguments in superclasses too. */
@SuppressWarnings("NullAway.Init") // The shell sets the references.
abstract sealed class EndpointListCommand implements Action
        permits EndpointAllowCommand, EndpointDenyCommand, EndpointWhitelistAddCommand, EndpointWhitelistRemoveCommand {
    private final String list;

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

    /** Names the list by its configuration key. */
    EndpointListCommand(String list) {
        this.list = list;
    }

    EndpointListCommand(String list, BundleContext context, String endpoint, List<String> prefixes) {
        this(list);
        this.context = context;
        this.endpoint = endpoint;
        this.prefixes = prefixes;
    }

    /** Makes the change. */
    abstract EndpointChange change(EndpointEditor editor, String ofEndpoint, String ofList, List<String> given);

    @Override
    public final @Nullable Object execute() {
        new EndpointEdit(context).print(list, editor -> change(editor, endpoint, list, prefixes));
        if (list.equals(EndpointEditor.WHITELIST_SUBNETS) && isWhitelistOff()) {
            System.out.println(
                    "every flow counts all the same: flowtally:endpoint-set " + endpoint + " whitelist.mode true");
        }
        return null;
    }

    private boolean isWhitelistOff() {
        return new Services(context)
                .ask(EndpointDirectory.class, EndpointDirectory::endpoints).orElse(List.of()).stream()
                        .map(EndpointStatus::endpoint)
                        .anyMatch(each -> each.name().equals(endpoint) && !each.whitelistMode());
    }
}
