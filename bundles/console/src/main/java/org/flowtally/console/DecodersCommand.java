// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterDirectory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The decoders of export versions. */
@Service
@Command(
        scope = "flowtally",
        name = "decoders",
        description = "Shows the decoder of each export version and whether it is there.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class DecodersCommand implements Action {
    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public DecodersCommand() {}

    DecodersCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        print(context, json);
        return null;
    }

    /** Shows the decoders; also what switching one off or on shows. */
    static void print(BundleContext context, boolean json) {
        List<DecoderStatus> decoders =
                new Services(context).require(ExporterDirectory.class, "decode", ExporterDirectory::decoders);
        PrintStream out = System.out;
        Listing listing = new Listing()
                .number("Version", "version")
                .text("State", "state")
                .number("Datagrams", "datagrams")
                .number("Rows", "rows")
                .number("Damaged", "damaged")
                .text("Bundle", "bundle");
        for (DecoderStatus status : decoders) {
            listing.row(
                    status.version(),
                    status.state(),
                    status.datagrams(),
                    status.records(),
                    status.errors(),
                    status.bundle());
        }
        if (json) {
            out.println(Json.of(listing.objects()));
        } else {
            listing.print(out, "no decoder is installed (feature:list | grep flowtally)");
        }
    }
}
