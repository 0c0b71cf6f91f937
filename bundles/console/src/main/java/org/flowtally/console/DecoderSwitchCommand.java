// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.flowtally.api.decode.DecoderControl;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** A command that turns the decoder of a version off or on, and shows what became of it. */
@SuppressWarnings("NullAway.Init") // The shell sets the references.
abstract sealed class DecoderSwitchCommand implements Action permits DecoderDisableCommand, DecoderEnableCommand {
    @Reference
    private BundleContext context;

    @Argument(name = "version", description = "v1, v5, v7, v8, v9, ipfix, or any number.", required = true)
    @Completion(DecoderVersions.class)
    private String version;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    DecoderSwitchCommand() {}

    DecoderSwitchCommand(BundleContext context, String version, boolean json) {
        this.context = context;
        this.version = version;
        this.json = json;
    }

    /** Turns the switch. */
    abstract void turn(DecoderControl decoders, int ofVersion);

    @Override
    public final @Nullable Object execute() {
        int number = ExportVersion.parse(version);
        boolean unused = new Services(context).require(DecoderControl.class, "decode", decoders -> {
            turn(decoders, number);
            return true;
        });
        DecodersCommand.print(context, json);
        return null;
    }
}
