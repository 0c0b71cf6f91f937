// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.decode.DecoderControl;
import org.osgi.framework.BundleContext;

/** The switch that turns the decoder of a version off. */
@Service
@Command(
        scope = "flowtally",
        name = "decoder-disable",
        description = "Switches the decoder of a version off, over restarts too; its datagrams are counted.")
public final class DecoderDisableCommand extends DecoderSwitchCommand {
    /** Made by the shell. */
    public DecoderDisableCommand() {}

    DecoderDisableCommand(BundleContext context, String version, boolean json) {
        super(context, version, json);
    }

    @Override
    void turn(DecoderControl decoders, int ofVersion) {
        decoders.disable(ofVersion);
    }
}
