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
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.time.SystemClock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The exporters with their counters. */
@Service
@Command(
        scope = "flowtally",
        name = "exporters",
        description =
                "Shows every exporter: what it sent, what went missing, its sampling rate; or what it should change.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class ExportersCommand implements Action {
    /** The order in which exporters are shown. */
    static final Comparator<Exporter> ORDER = Comparator.comparing(Exporter::endpoint)
            .thenComparing(Exporter::addressHigh, Long::compareUnsigned)
            .thenComparing(Exporter::addressLow, Long::compareUnsigned)
            .thenComparing(Exporter::version)
            .thenComparing(Exporter::port)
            .thenComparing(Exporter::domain);

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    @Option(
            name = "--advise",
            description = "Tells what each exporter should send differently, judged from its packets alone.")
    private boolean advise;

    @Option(name = "--interfaces", description = "Shows the names of interfaces that exporters told in options.")
    private boolean interfaces;

    /** Made by the shell. */
    public ExportersCommand() {}

    ExportersCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    ExportersCommand advising() {
        advise = true;
        return this;
    }

    ExportersCommand ofInterfaces() {
        interfaces = true;
        return this;
    }

    @Override
    public @Nullable Object execute() {
        if (advise) {
            advise();
        } else if (interfaces) {
            listInterfaces();
        } else {
            listExporters();
        }
        return null;
    }

    private void advise() {
        Services services = new Services(context);
        int exporters = services.require(ExporterDirectory.class, "decode", ExporterDirectory::exporters)
                .size();
        List<ExporterAdvice> advice =
                services.require(ExporterDirectory.class, "decode", ExporterDirectory::advice).stream()
                        .sorted(Comparator.comparing(ExporterAdvice::exporter, ORDER)) // Stable: problems stay first.
                        .toList();
        if (!json) {
            AdvicePage.print(advice, exporters, System.out);
            return;
        }
        Listing listing = new Listing()
                .text("Exporter", "exporter")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Domain", "domain")
                .number("Template", "template")
                .text("Topic", "topic")
                .text("Problem", "problem")
                .text("Finding", "finding")
                .text("Remedy", "remedy");
        for (ExporterAdvice each : advice) {
            listing.row(
                    each.exporter().sender(),
                    each.exporter().endpoint(),
                    each.exporter().version(),
                    each.exporter().domain(),
                    each.template(),
                    each.topic(),
                    each.problem(),
                    each.finding(),
                    each.remedy());
        }
        System.out.println(Json.of(listing.objects()));
    }

    private void listInterfaces() {
        List<InterfaceStatus> known = new Services(context)
                .require(ExporterDirectory.class, "decode", ExporterDirectory::interfaces).stream()
                        .sorted(Comparator.comparing(InterfaceStatus::exporter, ORDER)
                                .thenComparingLong(InterfaceStatus::index))
                        .toList();
        PrintStream out = System.out;
        Listing listing = new Listing()
                .text("Exporter", "exporter")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Domain", "domain")
                .number("Interface", "interface")
                .text("Name", "name")
                .text("Description", "description");
        for (InterfaceStatus each : known) {
            listing.row(
                    each.exporter().sender(),
                    each.exporter().endpoint(),
                    each.exporter().version(),
                    each.exporter().domain(),
                    each.index(),
                    each.name(),
                    each.description());
        }
        if (json) {
            out.println(Json.of(listing.objects()));
        } else {
            listing.print(out, "no exporter has told names of its interfaces (option interface-table)");
        }
    }

    private void listExporters() {
        List<ExporterStatus> exporters =
                new Services(context).require(ExporterDirectory.class, "decode", ExporterDirectory::exporters);
        Instant now = SystemClock.INSTANCE.instant();
        PrintStream out = System.out;
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
                .optionalNumber("Duplicates", "duplicates")
                .optionalText("Realm", "realm")
                .optionalText("Since", "since");
        for (ExporterStatus status : sorted(exporters)) {
            Exporter exporter = status.exporter();
            listing.row(
                    exporter.sender(),
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
                    status.duplicates(),
                    exporter.realm(),
                    json ? status.since() : Texts.time(status.since()));
        }
        if (json) {
            out.println(Json.of(listing.objects()));
        } else {
            listing.print(out, "no exporter has sent anything yet (flowtally:refused shows who is not allowed)");
        }
    }

    private static List<ExporterStatus> sorted(List<ExporterStatus> exporters) {
        return exporters.stream()
                .sorted(Comparator.comparing(ExporterStatus::exporter, ORDER))
                .toList();
    }
}
