// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;

/** What the tabulator key offers of what a service knows. */
@SuppressWarnings("NullAway.Init") // The shell sets the reference.
abstract sealed class ServiceCompleter implements Completer permits DecoderVersions, EndpointKeys, EndpointNames {
    @Reference
    private BundleContext context;

    /** Made by the shell. */
    ServiceCompleter() {}

    /** Returns what may stand there; nothing while the service is away. */
    abstract List<String> words(Services services);

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(words(new Services(context))).complete(session, line, candidates);
    }
}
