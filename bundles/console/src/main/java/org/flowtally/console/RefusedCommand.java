// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.time.SystemClock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The senders that no endpoint allows, and how to allow them. */
@Service
@Command(
        scope = "flowtally",
        name = "refused",
        description = "Shows senders that are not allowed, and the line that would allow each.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class RefusedCommand implements Action {
    private static final int MOST_HINTS = 5;

    @Reference
    private Session session;

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public RefusedCommand() {}

    RefusedCommand(Session session, BundleContext context, boolean json) {
        this.session = session;
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        Services services = new Services(context);
        List<RefusedSender> senders = services.require(DatagramAdmission.class, "policy", DatagramAdmission::refused);
        long total = services.require(DatagramAdmission.class, "policy", DatagramAdmission::refusedDatagrams);
        Map<String, String> allowed = allowedSubnets(services);
        Instant now = SystemClock.INSTANCE.instant();
        PrintStream out = session.getConsole();
        Listing listing = new Listing()
                .text("Sender", "sender")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Datagrams", "datagrams")
                .number("Octets", "octets")
                .number("Seen", json ? "lastSeen" : "age");
        if (json) {
            listing.text("First seen", "firstSeen").text("File", "file").text("Line", "line");
        }
        for (RefusedSender sender : senders) {
            List<Object> values = new ArrayList<>(List.of(
                    sender.address(), sender.endpoint(), sender.version(), sender.datagrams(), sender.octets()));
            values.add(json ? sender.lastSeen() : Texts.age(sender.lastSeen(), now));
            if (json) {
                values.addAll(List.of(sender.firstSeen(), file(sender), line(sender, allowed)));
            }
            listing.row(values.toArray());
        }
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("datagramsRefused", total);
            object.put("senders", listing.objects());
            out.println(Json.of(object));
            return null;
        }
        listing.print(out, "no sender was refused");
        printHints(senders, allowed, out);
        out.println("datagrams refused: " + total);
        return null;
    }

    private static void printHints(List<RefusedSender> senders, Map<String, String> allowed, PrintStream out) {
        for (RefusedSender sender : senders.subList(0, Math.min(MOST_HINTS, senders.size()))) {
            out.println("to allow " + sender.address() + ", in " + file(sender) + ":");
            out.println("  " + line(sender, allowed));
        }
    }

    private static Map<String, String> allowedSubnets(Services services) {
        Map<String, String> allowed = new LinkedHashMap<>();
        for (EndpointStatus status : services.ask(EndpointDirectory.class, EndpointDirectory::endpoints)
                .orElse(List.of())) {
            List<String> subnets = status.endpoint().allowedSubnets().stream()
                    .map(String::valueOf)
                    .toList();
            allowed.put(status.endpoint().name(), String.join(", ", subnets));
        }
        return allowed;
    }

    private static String file(RefusedSender sender) {
        return "etc/org.flowtally.endpoint-" + sender.endpoint() + ".cfg";
    }

    private static String line(RefusedSender sender, Map<String, String> allowed) {
        String before = allowed.getOrDefault(sender.endpoint(), "...");
        String prefix = sender.address() + (sender.address().indexOf(':') >= 0 ? "/128" : "/32");
        return "allowed.subnets = " + (before.isEmpty() ? "" : before + ", ") + prefix;
    }
}
