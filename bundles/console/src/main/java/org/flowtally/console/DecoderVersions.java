// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.flowtally.api.decode.ExporterDirectory;
import org.osgi.framework.BundleContext;

/** The export versions that have a decoder, or had one, for the tabulator key. */
@Service
@SuppressWarnings("NullAway.Init") // The shell sets the reference.
public final class DecoderVersions implements Completer {
    @Reference
    private BundleContext context;

    /** Made by the shell. */
    public DecoderVersions() {}

    DecoderVersions(BundleContext context) {
        this.context = context;
    }

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(versions()).complete(session, line, candidates);
    }

    List<String> versions() {
        return new Services(context)
                .ask(ExporterDirectory.class, ExporterDirectory::decoders).orElse(List.of()).stream()
                        .map(status -> ExportVersion.name(status.version()))
                        .toList();
    }
}
