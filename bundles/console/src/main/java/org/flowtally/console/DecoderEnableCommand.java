// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.decode.DecoderControl;
import org.osgi.framework.BundleContext;

/** The switch that turns the decoder of a version on again. */
@Service
@Command(scope = "flowtally", name = "decoder-enable", description = "Switches the decoder of a version on again.")
public final class DecoderEnableCommand extends DecoderSwitchCommand {
    /** Made by the shell. */
    public DecoderEnableCommand() {}

    DecoderEnableCommand(BundleContext context, String version, boolean json) {
        super(context, version, json);
    }

    @Override
    void turn(DecoderControl decoders, int ofVersion) {
        decoders.enable(ofVersion);
    }
}
