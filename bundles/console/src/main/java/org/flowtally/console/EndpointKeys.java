// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.EndpointEditor;

/** The keys of the cfg files of endpoints, for the tabulator key. */
@Service
public final class EndpointKeys extends ServiceCompleter {
    /** Made by the shell. */
    public EndpointKeys() {}

    @Override
    List<String> words(Services services) {
        return services.ask(EndpointEditor.class, EndpointEditor::keys).orElse(List.of());
    }
}
