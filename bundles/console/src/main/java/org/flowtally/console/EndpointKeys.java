// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.flowtally.api.endpoint.EndpointEditor;
import org.osgi.framework.BundleContext;

/** The keys of the cfg files of endpoints, for the tabulator key. */
@Service
@SuppressWarnings("NullAway.Init") // The shell sets the reference.
public final class EndpointKeys implements Completer {
    @Reference
    private BundleContext context;

    /** Made by the shell. */
    public EndpointKeys() {}

    EndpointKeys(BundleContext context) {
        this.context = context;
    }

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(keys()).complete(session, line, candidates);
    }

    List<String> keys() {
        return new Services(context)
                .ask(EndpointEditor.class, EndpointEditor::keys)
                .orElse(List.of());
    }
}
