// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.policy.ClassStatus;
import org.flowtally.api.policy.CountingStatus;
import org.flowtally.api.policy.PolicyDirectory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** Traffic classes, and what counts of single exporters. */
@Service
@Command(
        scope = "flowtally",
        name = "policy",
        description =
                "Shows the traffic classes, what counts of single exporters, and which of their files were refused.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class PolicyCommand implements Action {
    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public PolicyCommand() {}

    PolicyCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        Services services = new Services(context);
        List<ClassStatus> classes = services.require(PolicyDirectory.class, "policy", PolicyDirectory::classes);
        List<CountingStatus> exporters = services.require(PolicyDirectory.class, "policy", PolicyDirectory::exporters);
        List<String> refused = services.require(PolicyDirectory.class, "policy", PolicyDirectory::refused);
        PrintStream out = System.out;
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("classes", classes);
            object.put("exporters", exporters);
            object.put("refused", refused);
            out.println(Json.of(object));
            return null;
        }
        printClasses(classes, out);
        out.println();
        printExporters(exporters, out);
        for (String reason : refused) {
            Lines.of("refused: " + reason, Listing.WIDTH).forEach(out::println);
        }
        return null;
    }

    private static void printClasses(List<ClassStatus> classes, PrintStream out) {
        Listing listing = new Listing()
                .text("Class", "class")
                .number("Prefixes", "prefixes")
                .text("Now", "inForce")
                .text("Hours", "hours")
                .optionalText("Realms", "realms");
        for (ClassStatus status : classes) {
            listing.row(
                    status.name(),
                    status.prefixes(),
                    status.isInForce() ? "yes" : "no",
                    status.hours().isEmpty() ? "always" : status.hours(),
                    status.realms().isEmpty() ? "*" : String.join(", ", status.realms()));
        }
        listing.print(out, "no traffic class is configured (etc/org.flowtally.class-NAME.cfg)");
    }

    private static void printExporters(List<CountingStatus> exporters, PrintStream out) {
        Listing listing = new Listing()
                .text("Exporters", "exporters")
                .text("Rule", "rule")
                .text("Interfaces", "interfaces")
                .text("Version", "version")
                .text("Match", "match")
                .optionalText("Endpoint", "endpoint")
                .optionalText("File", "file");
        for (CountingStatus status : exporters) {
            Counting counting = status.counting();
            listing.row(
                    joined(status.addresses(), "nobody"),
                    word(counting.rule()),
                    joined(counting.interfaces(), ""),
                    version(counting),
                    word(counting.matchAddress()),
                    status.endpoint(),
                    status.file());
        }
        listing.print(out, "no exporter has rules of its own (etc/org.flowtally.exporter-NAME.cfg)");
    }

    private static String version(Counting counting) {
        if (counting.meteringVersion() == Counting.ANY) {
            return "any";
        }
        return counting.meteringVersion()
                + (counting.meteringMethod() == Counting.ANY ? "" : "." + counting.meteringMethod());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String joined(List<?> values, String ifEmpty) {
        return values.isEmpty()
                ? ifEmpty
                : String.join(", ", values.stream().map(String::valueOf).toList());
    }
}
