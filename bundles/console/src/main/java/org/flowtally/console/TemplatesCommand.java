// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.time.SystemClock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The templates of all exporters. */
@Service
@Command(
        scope = "flowtally",
        name = "templates",
        description =
                "Shows the templates of v9 and IPFIX exporters, and what is counted of templates and waiting data.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class TemplatesCommand implements Action {
    @Reference
    private BundleContext context;

    @Option(name = "--exporter", valueToShowInHelp = "", description = "Shows the templates of this address only.")
    private String exporter = "";

    @Option(name = "--fields", description = "Shows the fields of each template, as name(number):octets.")
    private boolean fields;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public TemplatesCommand() {}

    TemplatesCommand(BundleContext context, String exporter, boolean fields, boolean json) {
        this.context = context;
        this.exporter = exporter;
        this.fields = fields;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        String address = exporter.isEmpty() ? "" : Texts.address("--exporter", exporter);
        Services services = new Services(context);
        List<TemplateStatus> templates =
                services.require(ExporterDirectory.class, "decode", ExporterDirectory::knownTemplates).stream()
                        .filter(each ->
                                address.isEmpty() || each.exporter().address().equals(address))
                        .sorted(Comparator.comparing(TemplateStatus::exporter, ExportersCommand.ORDER)
                                .thenComparingInt(TemplateStatus::id))
                        .toList();
        Map<String, Long> counters = services.require(ExporterDirectory.class, "decode", ExporterDirectory::templates);
        PrintStream out = System.out;
        Listing listing = listing(templates);
        if (json) {
            out.println(Json.of(Map.of("templates", listing.objects(), "counters", counters)));
            return null;
        }
        listing.print(out, (address.isEmpty() ? "no exporter" : address) + " has sent no template yet");
        if (fields) {
            templates.forEach(each -> Lines.print(
                    each.exporter().sender() + " " + each.exporter().domain() + " template " + each.id() + ": ",
                    String.join(", ", each.fields()),
                    out));
        }
        Listing counted = new Listing().text("Counted", "counter").number("Since start", "count");
        counters.forEach(counted::row);
        counted.print(out, "");
        return null;
    }

    private Listing listing(List<TemplateStatus> templates) {
        Instant now = SystemClock.INSTANCE.instant();
        Listing listing = new Listing()
                .text("Exporter", "exporter")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Domain", "domain")
                .number("Id", "id")
                .text("Kind", "kind")
                .number("Fields", "fields")
                .number("Records", "records")
                .number("Age", json ? "received" : "age")
                .text("From", "from");
        for (TemplateStatus each : templates) {
            listing.row(
                    each.exporter().sender(),
                    each.exporter().endpoint(),
                    each.exporter().version(),
                    each.exporter().domain(),
                    each.id(),
                    each.options() ? "options" : "flows",
                    json ? each.fields() : each.fields().size(),
                    each.records(),
                    json ? each.received() : Texts.age(each.received(), now),
                    each.restored() ? "disk" : "exporter");
        }
        return listing;
    }
}
