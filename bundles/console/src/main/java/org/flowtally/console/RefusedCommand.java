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
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.policy.Refusal;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.time.SystemClock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The senders that no endpoint allows, and how to allow them. */
@Service
@Command(
        scope = "flowtally",
        name = "refused",
        description =
                "Shows senders that are not allowed, with the command that would allow each, or over their budget.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class RefusedCommand implements Action {
    private static final int MOST_HINTS = 5;

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public RefusedCommand() {}

    RefusedCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        Services services = new Services(context);
        List<RefusedSender> senders = services.require(DatagramAdmission.class, "policy", DatagramAdmission::refused);
        long total = services.require(DatagramAdmission.class, "policy", DatagramAdmission::refusedDatagrams);
        long overBudget = services.require(DatagramAdmission.class, "policy", DatagramAdmission::overBudgetDatagrams);
        Instant now = SystemClock.INSTANCE.instant();
        PrintStream out = System.out;
        Listing listing = new Listing()
                .text("Sender", "sender")
                .text("Endpoint", "endpoint")
                .number("V", "version")
                .number("Datagrams", "datagrams")
                .number("Octets", "octets")
                .number("Seen", json ? "lastSeen" : "age")
                .text("Reason", "reason");
        if (json) {
            listing.text("First seen", "firstSeen").text("Command", "command");
        }
        for (RefusedSender sender : senders) {
            List<Object> values = new ArrayList<>(List.of(
                    sender.address(), sender.endpoint(), sender.version(), sender.datagrams(), sender.octets()));
            values.add(json ? sender.lastSeen() : Texts.age(sender.lastSeen(), now));
            values.add(sender.reason());
            if (json) {
                values.addAll(List.of(sender.firstSeen(), command(sender)));
            }
            listing.row(values.toArray());
        }
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("datagramsRefused", total);
            object.put("datagramsOverBudget", overBudget);
            object.put("senders", listing.objects());
            out.println(Json.of(object));
            return null;
        }
        listing.print(out, "no sender was refused");
        printHints(senders, out);
        out.println("datagrams refused: " + total + ", of them over budget: " + overBudget);
        return null;
    }

    private static void printHints(List<RefusedSender> senders, PrintStream out) {
        senders.stream()
                .filter(sender -> sender.reason() == Refusal.NOT_ALLOWED)
                .limit(MOST_HINTS)
                .forEach(sender -> out.println("to allow " + sender.address() + ": " + command(sender)));
    }

    private static String command(RefusedSender sender) {
        return sender.reason() == Refusal.NOT_ALLOWED
                ? "flowtally:endpoint-allow " + sender.endpoint() + " " + sender.address()
                : "flowtally:endpoint-set " + sender.endpoint() + " exporter.datagrams.per.second NUMBER";
    }
}
