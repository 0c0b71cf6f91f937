// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.time.SystemClock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The exporters with their counters. */
@Service
@Command(
        scope = "flowtally",
        name = "exporters",
        description = "Shows every exporter: what it sent, what went missing, its sampling rate.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class ExportersCommand implements Action {
    @Reference
    private Session session;

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public ExportersCommand() {}

    ExportersCommand(Session session, BundleContext context, boolean json) {
        this.session = session;
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        List<ExporterStatus> exporters =
                new Services(context).require(ExporterDirectory.class, "decode", ExporterDirectory::exporters);
        Instant now = SystemClock.INSTANCE.instant();
        PrintStream out = session.getConsole();
        Listing listing = new Listing()
                .text("Exporter", "exporter")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Domain", "domain")
                .number("Datagrams", "datagrams")
                .number("Rows", "rows")
                .number("Lost", "lost")
                .number("Seen", json ? "lastSeen" : "age")
                .optionalNumber("Rate", "samplingRate")
                .optionalNumber("Damaged", "damaged")
                .optionalText("Rate from", "samplingOrigin")
                .optionalNumber("Restarts", "restarts")
                .optionalNumber("Reordered", "reordered")
                .optionalText("Realm", "realm")
                .optionalText("Since", "since");
        for (ExporterStatus status : sorted(exporters)) {
            Exporter exporter = status.exporter();
            listing.row(
                    exporter.address(),
                    exporter.endpoint(),
                    exporter.version(),
                    exporter.domain(),
                    status.datagrams(),
                    status.rows(),
                    status.lost(),
                    json ? status.lastSeen() : Texts.age(status.lastSeen(), now),
                    status.samplingRate(),
                    status.damaged(),
                    status.samplingOrigin(),
                    status.restarts(),
                    status.reordered(),
                    exporter.realm(),
                    json ? status.since() : Texts.time(status.since()));
        }
        if (json) {
            out.println(Json.of(listing.objects()));
        } else {
            listing.print(out, "no exporter has sent anything yet (flowtally:refused shows who is not allowed)");
        }
        return null;
    }

    private static List<ExporterStatus> sorted(List<ExporterStatus> exporters) {
        return exporters.stream()
                .sorted(Comparator.comparing(
                                (ExporterStatus status) -> status.exporter().endpoint())
                        .thenComparing(status -> status.exporter().addressHigh(), Long::compareUnsigned)
                        .thenComparing(status -> status.exporter().addressLow(), Long::compareUnsigned)
                        .thenComparing(status -> status.exporter().domain()))
                .toList();
    }
}
