// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.DatagramAdmission;
import org.flowtally.api.usage.LedgerStatus;
import org.flowtally.api.usage.UsageLedger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** What became of every row, datagram and sender. */
@Service
@Command(
        scope = "flowtally",
        name = "verdicts",
        description = "Shows what became of every row and datagram: the verdicts add up to the rows decoded.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class VerdictsCommand implements Action {
    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    /** Made by the shell. */
    public VerdictsCommand() {}

    VerdictsCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    @Override
    public @Nullable Object execute() {
        Services services = new Services(context);
        LedgerStatus ledger = services.require(UsageLedger.class, "accounting", UsageLedger::status);
        long judged =
                ledger.verdicts().values().stream().mapToLong(Long::longValue).sum();
        long decoded = services.require(ExporterDirectory.class, "decode", ExporterDirectory::rowsDecoded);
        Map<DecodeResult, Long> datagrams =
                services.require(ExporterDirectory.class, "decode", ExporterDirectory::datagrams);
        Map<String, Long> senders = services.require(ExporterDirectory.class, "decode", ExporterDirectory::senders);
        long refused = services.require(DatagramAdmission.class, "policy", DatagramAdmission::refusedDatagrams);
        PrintStream out = System.out;
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("rows", ledger.verdicts());
            object.put("octets", unsigned(ledger.octets()));
            object.put("rowsJudged", judged);
            object.put("rowsDecoded", decoded);
            object.put("datagrams", datagrams);
            object.put("datagramsRefused", refused);
            object.put("senders", senders);
            out.println(Json.of(object));
            return null;
        }
        print(ledger, judged, decoded, out);
        out.println();
        print(datagrams, refused, out);
        out.println();
        print("Exporters", senders, out);
        return null;
    }

    private static void print(LedgerStatus ledger, long judged, long decoded, PrintStream out) {
        Listing rows =
                new Listing().text("Verdict", "verdict").number("Rows", "rows").number("Octets", "octets");
        Map<Verdict, BigInteger> octets = unsigned(ledger.octets());
        ledger.verdicts()
                .forEach((verdict, count) -> rows.row(verdict, count, octets.getOrDefault(verdict, BigInteger.ZERO)));
        rows.row("sum", judged, "");
        rows.row("rows decoded", decoded, "");
        rows.print(out, "no verdicts");
        if (decoded != judged) {
            out.println("on their way through the stages: " + (decoded - judged));
        }
    }

    private static void print(Map<DecodeResult, Long> datagrams, long refused, PrintStream out) {
        Listing results = new Listing().text("Datagrams", "result").number("Count", "count");
        datagrams.forEach(results::row);
        results.row("sender refused", refused);
        results.print(out, "no datagrams");
    }

    private static void print(String heading, Map<String, Long> counters, PrintStream out) {
        Listing listing = new Listing().text(heading, "counter").number("Count", "count");
        counters.forEach(listing::row);
        listing.print(out, "nothing counted of " + heading);
    }

    private static Map<Verdict, BigInteger> unsigned(Map<Verdict, Long> octets) {
        Map<Verdict, BigInteger> values = new LinkedHashMap<>();
        octets.forEach((verdict, count) -> values.put(verdict, Texts.unsigned(count)));
        return values;
    }
}
