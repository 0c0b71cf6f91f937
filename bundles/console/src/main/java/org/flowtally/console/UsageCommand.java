// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.time.SystemClock;
import org.flowtally.api.usage.UsageQuery;
import org.flowtally.api.usage.UsageTables;
import org.flowtally.api.usage.UsageTotal;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The usage tables, as the database has them. */
@Service
@Command(
        scope = "flowtally",
        name = "usage",
        description = "Shows hourly usage from the database: in = towards the subscriber, out = from the subscriber.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class UsageCommand implements Action {
    private static final int MOST_ROWS = 100_000;

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    @Option(name = "--account", valueToShowInHelp = "", description = "Only this account; all accounts without it.")
    private String account = "";

    @Option(
            name = "--from",
            valueToShowInHelp = "",
            description = "The first hour, for example 2026-11-20T10:00Z or 2026-11-20 (UTC); 25 hours before the end"
                    + " without it.")
    private String from = "";

    @Option(
            name = "--to",
            valueToShowInHelp = "",
            description = "The end, exclusive, written like --from; an hour from now without it.")
    private String to = "";

    @Option(name = "--limit", description = "How many rows at most, the largest first; 1 to 100000.")
    private int limit = 50;

    /** Made by the shell. */
    public UsageCommand() {}

    UsageCommand(BundleContext context, boolean json, String account, String from, String to, int limit) {
        this.context = context;
        this.json = json;
        this.account = account;
        this.from = from;
        this.to = to;
        this.limit = limit;
    }

    @Override
    public @Nullable Object execute() {
        if (limit < 1 || limit > MOST_ROWS) {
            throw CommandRefused.option("--limit", limit, "1.." + MOST_ROWS);
        }
        Instant end =
                to.isEmpty() ? SystemClock.INSTANCE.instant().plus(Duration.ofHours(1)) : Texts.instant("--to", to);
        Instant start = from.isEmpty() ? end.minus(Duration.ofHours(25)) : Texts.instant("--from", from);
        if (!start.isBefore(end)) {
            throw CommandRefused.option("--from", start, "before " + end);
        }
        UsageQuery query = new UsageQuery(account, start, end, limit);
        List<UsageTotal> totals =
                new Services(context).require(UsageTables.class, "storage", tables -> tables.usage(query));
        PrintStream out = System.out;
        if (json) {
            out.println(Json.of(listing(totals).objects()));
        } else {
            listing(totals).print(out, "no usage from %s to %s".formatted(Texts.time(start), Texts.time(end)));
            if (totals.size() == limit) {
                out.println("the largest " + limit + " rows; more with --limit");
            }
        }
        return null;
    }

    private Listing listing(List<UsageTotal> totals) {
        Listing listing = new Listing()
                .text("Hour (UTC)", "bucketStart")
                .text("Account", "account")
                .text("Service", "service")
                .number("Bytes in", "bytesIn")
                .number("Bytes out", "bytesOut")
                .number("Flows", "flows")
                .optionalNumber("Packets in", "packetsIn")
                .optionalNumber("Packets out", "packetsOut")
                .optionalText("Class", "trafficClass")
                .optionalText("Quality", "quality");
        for (UsageTotal total : totals) {
            listing.row(
                    json ? Instant.ofEpochMilli(total.bucketStartMillis()) : Texts.bucket(total.bucketStartMillis()),
                    total.accountId(),
                    total.serviceId(),
                    Texts.unsigned(total.bytesIn()),
                    Texts.unsigned(total.bytesOut()),
                    Texts.unsigned(total.flows()),
                    Texts.unsigned(total.packetsIn()),
                    Texts.unsigned(total.packetsOut()),
                    total.trafficClass(),
                    Texts.quality(total.quality()));
        }
        return listing;
    }
}
