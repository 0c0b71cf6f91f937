// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointDirectory;

/** The names of endpoints, for the tabulator key. */
@Service
public final class EndpointNames extends ServiceCompleter {
    /** Made by the shell. */
    public EndpointNames() {}

    @Override
    List<String> words(Services services) {
        return services.ask(EndpointDirectory.class, EndpointDirectory::endpoints).orElse(List.of()).stream()
                .map(status -> status.endpoint().name())
                .toList();
    }
}
