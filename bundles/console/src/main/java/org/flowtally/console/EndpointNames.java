// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.osgi.framework.BundleContext;

/** The names of endpoints, for the tabulator key. */
@Service
@SuppressWarnings("NullAway.Init") // The shell sets the reference.
public final class EndpointNames implements Completer {
    @Reference
    private BundleContext context;

    /** Made by the shell. */
    public EndpointNames() {}

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<EndpointStatus> endpoints = new Services(context)
                .ask(EndpointDirectory.class, EndpointDirectory::endpoints)
                .orElse(List.of());
        return new StringsCompleter(endpoints.stream()
                        .map(status -> status.endpoint().name())
                        .toList())
                .complete(session, line, candidates);
    }
}
