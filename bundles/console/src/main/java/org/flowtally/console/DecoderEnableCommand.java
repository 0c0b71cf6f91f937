// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.flowtally.api.decode.DecoderControl;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The switch that turns the decoder of a version on again. */
@Service
@Command(scope = "flowtally", name = "decoder-enable", description = "Switches the decoder of a version on again.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class DecoderEnableCommand implements Action {
    @Reference
    private Session session;

    @Reference
    private BundleContext context;

    @Argument(name = "version", description = "v1, v5, v7, v8, v9, ipfix, or any number.", required = true)
    private String version;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public DecoderEnableCommand() {}

    DecoderEnableCommand(Session session, BundleContext context, String version, boolean json) {
        this.session = session;
        this.context = context;
        this.version = version;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        int number = ExportVersion.parse(version);
        boolean unused = new Services(context).require(DecoderControl.class, "decode", decoders -> {
            decoders.enable(number);
            return true;
        });
        DecodersCommand.print(session, context, json);
        return null;
    }
}
