// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A load in a process of its own, so that its cost is told apart from the collector's. The rate grows in the first half of
 * the warm-up. It prints a line at the end of the warm-up and one at the end, each with what was sent so far, and can leave the expected totals in a file.
 *
 * <p>Options, each as {@code --name value}: {@code port}, {@code rate} (rows per second), {@code burst} (datagrams at once),
 * {@code warmup} and {@code seconds}, {@code subscribers}, {@code routers}, {@code records} (per datagram), {@code seed}, {@code engine} (id),
 * {@code version} (v5, v9 or ipfix), {@code domains} (of each router), {@code templates} (datagrams before they are repeated),
 * {@code totals} (file).
 */
public final class LoadProcess {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int RAMP_STEPS = 20;

    private LoadProcess() {}

    /** Sends as the options say. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int at = 0; at + 1 < arguments.length; at += 2) {
            options.put(arguments[at].replaceFirst("^--", ""), arguments[at + 1]);
        }
        ExportVersion version = ExportVersion.named(options.getOrDefault("version", "v5"));
        int records = Integer.parseInt(options.getOrDefault("records", Integer.toString(version.usualRecords())));
        Population population = new Population(Integer.parseInt(options.getOrDefault("subscribers", "10000")));
        Load.Shape shape = new Load.Shape(
                Integer.parseInt(options.getOrDefault("routers", "8")),
                records,
                population,
                Long.parseLong(options.getOrDefault("seed", "1")),
                Integer.parseInt(options.getOrDefault("engine", "1")),
                version,
                Integer.parseInt(options.getOrDefault("domains", "1")),
                Integer.parseInt(options.getOrDefault("templates", "20")));
        double datagramsPerSecond = Double.parseDouble(options.getOrDefault("rate", "1000000")) / records;
        int burst = Integer.parseInt(options.getOrDefault("burst", "1"));
        try (Load load = new Load(shape, Integer.parseInt(options.get("port")), Clock.systemUTC())) {
            for (String phase : List.of("warmup", "seconds")) {
                double seconds = Double.parseDouble(options.getOrDefault(phase, "0"));
                long start = System.nanoTime();
                long nanos = (long) (seconds * NANOS_PER_SECOND);
                if (phase.equals("warmup")) {
                    // A collector that has just started is not compiled yet: the rate grows as traffic does in the
                    // morning.
                    for (int step = 1; step < RAMP_STEPS; step++) {
                        load.send(datagramsPerSecond * step / RAMP_STEPS, burst, nanos / 2 / RAMP_STEPS);
                    }
                    nanos /= 2;
                }
                long worst = load.send(datagramsPerSecond, burst, nanos);
                System.out.printf(
                        Locale.ROOT,
                        "%s datagrams=%d rows=%d octets=%d elapsedNanos=%d worstOverrunNanos=%d%n",
                        phase,
                        load.datagrams(),
                        load.rows(),
                        load.octets(),
                        System.nanoTime() - start,
                        worst);
                System.out.flush();
            }
            if (options.containsKey("totals")) {
                writeTotals(load, population, Path.of(options.get("totals")));
            }
        }
    }

    /** Writes one line per subscriber as a query of the usage would answer: account, octets in, out, packets in, out, flows. */
    private static void writeTotals(Load load, Population population, Path file) throws IOException {
        List<Load.Moved> received = load.received();
        List<Load.Moved> sent = load.sent();
        StringBuilder text = new StringBuilder();
        for (int subscriber = 0; subscriber < population.size(); subscriber++) {
            Load.Moved in = received.get(subscriber);
            Load.Moved out = sent.get(subscriber);
            if (in.flows() + out.flows() > 0) {
                text.append("%s|%d|%d|%d|%d|%d%n"
                        .formatted(
                                population.accountId(subscriber),
                                in.octets(),
                                out.octets(),
                                in.packets(),
                                out.packets(),
                                in.flows() + out.flows()));
            }
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }
}
