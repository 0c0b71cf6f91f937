// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.clock.ClockAction;
import org.flowtally.api.clock.ClockDirectory;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.clock.HostClock;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.time.SystemClock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The clocks: this host's, each exporter's, and what was done to flows because of them. */
@Service
@Command(
        scope = "flowtally",
        name = "clocks",
        description = "Shows how far off each exporter's clock is, since when, and what was done to its flows.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class ClocksCommand implements Action {
    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public ClocksCommand() {}

    ClocksCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        Services services = new Services(context);
        HostClock host = services.require(ClockDirectory.class, "clock-guard", ClockDirectory::host);
        List<ExporterSkew> skews =
                sorted(services.require(ClockDirectory.class, "clock-guard", ClockDirectory::exporters));
        PrintStream out = System.out;
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("host", host);
            object.put("exporters", skews.stream().map(ClocksCommand::object).toList());
            out.println(Json.of(object));
            return null;
        }
        Lines.of("this host: " + host(host), Listing.WIDTH).forEach(out::println);
        print(skews, out);
        return null;
    }

    /** Returns this host's clock in one line. */
    static String host(HostClock host) {
        StringBuilder text =
                new StringBuilder(host.state().name()).append(" since ").append(Texts.time(host.since()));
        if (host.lastAnswer().isPresent()) {
            text.append(", offset %+d ms, delay %d ms, stratum %d, by %s, servers answered=%d of %d, last %s"
                    .formatted(
                            host.offsetMillis(),
                            host.delayMillis(),
                            host.stratum(),
                            host.server(),
                            host.serversAnswered(),
                            host.serversAsked(),
                            Texts.time(host.lastAnswer().get())));
        }
        return host.message().isEmpty() ? text.toString() : text + " (" + host.message() + ")";
    }

    private static void print(List<ExporterSkew> skews, PrintStream out) {
        Instant now = SystemClock.INSTANCE.instant();
        Listing listing = new Listing()
                .text("Exporter", "exporter")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Domain", "domain")
                .text("State", "state")
                .number("For", "since")
                .number("Offset", "offset")
                .text("Policy", "policy")
                .optionalText("Likely cause", "cause")
                .optionalNumber("Steps", "jumps")
                .optionalNumber("Spread", "spread");
        for (ExporterSkew skew : skews) {
            Exporter exporter = skew.exporter();
            boolean isKnown = skew.state() != ClockState.LEARNING;
            listing.row(
                    exporter.address(),
                    exporter.endpoint(),
                    exporter.version(),
                    exporter.domain(),
                    skew.state(),
                    Texts.age(skew.since(), now),
                    isKnown ? Texts.seconds(skew.offsetMillis()) : "?",
                    policy(skew),
                    skew.cause(),
                    skew.jumps(),
                    isKnown ? Texts.seconds(skew.spreadMillis()).substring(1) : "?");
        }
        listing.print(out, "no exporter has sent anything yet");
        printActions(skews, out);
    }

    /** Prints what was done to flows, of exporters where something was. */
    private static void printActions(List<ExporterSkew> skews, PrintStream out) {
        Listing listing = new Listing()
                .text("Exporter", "exporter")
                .text("Endpoint", "endpoint")
                .number("Domain", "domain")
                .text("Done", "done")
                .number("Flows", "flows")
                .number("Octets", "octets");
        boolean isEmpty = true;
        for (ExporterSkew skew : skews) {
            for (ClockAction action : ClockAction.values()) {
                long rows = skew.rows().getOrDefault(action, 0L);
                if (rows > 0) {
                    add(listing, skew, name(action), rows, skew.octets().getOrDefault(action, 0L));
                    isEmpty = false;
                }
            }
            if (skew.heldRows() > 0) {
                add(listing, skew, "held now", skew.heldRows(), skew.heldOctets());
                isEmpty = false;
            }
        }
        if (!isEmpty) {
            listing.print(out, "");
        }
    }

    private static void add(Listing listing, ExporterSkew skew, String done, long flows, long octets) {
        Exporter exporter = skew.exporter();
        listing.row(exporter.address(), exporter.endpoint(), exporter.domain(), done, flows, Texts.unsigned(octets));
    }

    private static String name(ClockAction action) {
        return switch (action) {
            case FUTURE -> "discarded, in the future";
            case OLD -> "discarded, too old";
            case CORRECTED -> "corrected";
            case ARRIVAL -> "put at arrival";
            case MENDED -> "times mended";
            case SENSELESS -> "discarded, no sensible times";
            case HELD -> "held back";
            case UNSURE -> "counted as told, clock is off";
            case LATE -> "counted as told, too old";
        };
    }

    private static Map<String, Object> object(ExporterSkew skew) {
        Exporter exporter = skew.exporter();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("exporter", exporter.address());
        object.put("endpoint", exporter.endpoint());
        object.put("realm", exporter.realm());
        object.put("version", exporter.version());
        object.put("domain", exporter.domain());
        object.put("state", skew.state());
        object.put("since", skew.since());
        object.put("offsetMillis", skew.offsetMillis());
        object.put("spreadMillis", skew.spreadMillis());
        object.put("resolutionMillis", skew.resolutionMillis());
        object.put("policy", policy(skew));
        object.put("cause", skew.cause());
        object.put("jumps", skew.jumps());
        object.put("lastSeen", skew.lastSeen());
        object.put("heldRows", skew.heldRows());
        object.put("heldOctets", Texts.unsigned(skew.heldOctets()));
        object.put("rows", byName(skew.rows()));
        object.put("octets", byName(skew.octets()));
        return object;
    }

    private static Map<String, Object> byName(Map<ClockAction, Long> counts) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (ClockAction action : ClockAction.values()) {
            named.put(action.name(), Texts.unsigned(counts.getOrDefault(action, 0L)));
        }
        return named;
    }

    private static String policy(ExporterSkew skew) {
        return skew.policy().name().toLowerCase(Locale.ROOT);
    }

    private static List<ExporterSkew> sorted(List<ExporterSkew> skews) {
        List<ExporterSkew> sorted = new ArrayList<>(skews);
        sorted.sort(Comparator.comparing((ExporterSkew skew) -> skew.exporter().endpoint())
                .thenComparing(skew -> skew.exporter().addressHigh(), Long::compareUnsigned)
                .thenComparing(skew -> skew.exporter().addressLow(), Long::compareUnsigned)
                .thenComparing(skew -> skew.exporter().domain()));
        return sorted;
    }
}
