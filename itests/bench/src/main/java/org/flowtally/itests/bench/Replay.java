// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.flowtally.itests.instance.KarafInstance;
import org.flowtally.itests.sender.ExportVersion;
import org.flowtally.itests.sender.Population;

/**
 * The replay benchmark: the assembly in its own process with its database, flows over loopback from a third process, and
 * what a row costs from the socket to the applied page. Options, each as {@code --name value}, stand in the README.
 */
public final class Replay implements AutoCloseable {
    private static final Duration DRAIN_PATIENCE = Duration.ofMinutes(2);
    private static final Pattern HAND_OFF_LOST = Pattern.compile("\"handOffLost\":(\\d+)");
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private final Map<String, String> options;
    private final MariaDbServer server;
    private final Database database;
    private final KarafInstance karaf;
    private final Population population;
    private final ExportVersion version;
    private final int port = KarafInstance.freeUdpPort();
    private final Map<String, long[]> expected = new TreeMap<>();
    private long rowsSentInAll;

    private Replay(Map<String, String> options) throws IOException {
        this.options = options;
        population = new Population(Integer.parseInt(options.getOrDefault("subscribers", "10000")));
        version = ExportVersion.named(options.getOrDefault("version", "v5"));
        server = MariaDbServer.launch();
        database = server.createDatabase();
        Path folder = Files.createTempDirectory(TARGET, "replay-").resolve("karaf");
        karaf = KarafInstance.unpack(assembly(), folder);
        karaf.use(database);
        karaf.cfg("org.flowtally.endpoint-default.cfg")
                .set("bind.address", "127.0.0.1")
                .set("port", port)
                .set("allowed.subnets", "127.0.0.0/8");
        karaf.cfg("org.flowtally.subscriber.cfg").set("home.networks", Population.HOME_NETWORK);
    }

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int at = 0; at + 1 < arguments.length; at += 2) {
            options.put(arguments[at].replaceFirst("^--", ""), arguments[at + 1]);
        }
        try (Replay replay = new Replay(options)) {
            replay.start();
            replay.measure();
        }
    }

    @Override
    public void close() {
        karaf.close();
        server.close();
    }

    private void start() {
        karaf.start(options.getOrDefault("java", "-Xmx1g").split(" ", -1));
        await("schema", () -> tableExists("ip_assignment"));
        StringBuilder insert = new StringBuilder(
                "INSERT INTO ip_assignment (realm, prefix, account_id, service_id, valid_from) VALUES ");
        for (int subscriber = 0; subscriber < population.size(); subscriber++) {
            insert.append(subscriber == 0 ? "" : ",")
                    .append("('','%s','%s','%s','2020-01-01 00:00:00')"
                            .formatted(
                                    population.prefix(subscriber),
                                    population.accountId(subscriber),
                                    population.serviceId(subscriber)));
        }
        database.execute(insert.toString());
        await("shell", () -> karaf.shell("flowtally:status").contains("ready"));
        karaf.shell("flowtally:subscribers-reload");
        await("readiness", () -> karaf.shell("flowtally:status").matches("(?s).*ready: *yes.*"));
    }

    private void measure() {
        System.out.printf(
                "%s, %d subscribers, %s rows/s, warm-up %s s, measured %s s, java %s%n",
                version,
                population.size(),
                options.getOrDefault("rate", "1000000"),
                options.getOrDefault("warmup", "30"),
                options.getOrDefault("seconds", "60"),
                options.getOrDefault("java", "-Xmx1g"));
        Optional<Path> nfcapd = Nfcapd.program();
        int engine = 1;
        for (String mode : options.getOrDefault("modes", "even,bursts").split(",", -1)) {
            String burst = mode.equals("even") ? "1" : options.getOrDefault("bursts", "64");
            double flowtally = measureFlowtally(mode, burst, engine++);
            nfcapd.ifPresentOrElse(
                    program -> {
                        double yardstick = measureNfcapd(program, mode, burst);
                        System.out.printf("  ratio to nfcapd        %8.2f%n", flowtally / yardstick);
                    },
                    () -> System.out.println("  nfcapd is not on the PATH: no ratio"));
        }
        compareTables();
    }

    /** Sends one load to Flowtally and returns processor nanoseconds per row. */
    private double measureFlowtally(String mode, String burst, int engine) {
        ProcessCost cost = new ProcessCost(karaf.processId());
        ProcessCost databaseCost = new ProcessCost(server.processId());
        Path totals = TARGET.resolve("totals-" + mode);
        Map<String, String> load = load(port, burst);
        load.put("engine", Integer.toString(engine));
        load.put("totals", totals.toString());
        load.put("warmup", options.getOrDefault("warmup", "30"));
        load.put("seconds", options.getOrDefault("seconds", "60"));
        try (LoadRun run = new LoadRun(load);
                VirtualMachineFacts facts = new VirtualMachineFacts(karaf.processId())) {
            LoadRun.Sent warm = run.await("warmup");
            facts.mark();
            long drops = ProcessCost.kernelDrops(port);
            long user = cost.userNanos();
            long system = cost.systemNanos();
            long databaseCpu = databaseCost.cpuNanos();
            long senderCpu = new ProcessCost(run.processId()).cpuNanos();
            startProfile();

            LoadRun.Sent all = run.await("seconds");
            user = cost.userNanos() - user;
            system = cost.systemNanos() - system;
            databaseCpu = databaseCost.cpuNanos() - databaseCpu;
            senderCpu = new ProcessCost(run.processId()).cpuNanos() - senderCpu;
            long garbage = facts.allocatedOctets();
            String collections = facts.collections();
            drops = ProcessCost.kernelDrops(port) - drops;
            LoadRun.Sent sent = all.since(warm);
            String busiest = facts.busiestThreads(sent.rows());
            run.end();
            rowsSentInAll += all.rows();
            addExpected(totals);

            long start = System.nanoTime();
            long applied = awaitRows(rowsSentInAll);
            double drainSeconds = (System.nanoTime() - start) / 1e9;
            double nanosPerRow = (double) (user + system) / sent.rows();
            System.out.printf("%s (%s datagram(s) at once)%n", mode, burst);
            System.out.printf("  rows/s sent            %,12.0f%n", sent.rows() / (sent.elapsedNanos() / 1e9));
            System.out.printf(
                    "  CPU ns/row             %8.1f  (user %.1f, system %.1f)%n",
                    nanosPerRow, (double) user / sent.rows(), (double) system / sent.rows());
            System.out.printf("  database, apart        %8.1f ns/row%n", (double) databaseCpu / sent.rows());
            System.out.printf("  sender, apart          %8.1f ns/row%n", (double) senderCpu / sent.rows());
            System.out.printf(
                    "  garbage                %8.2f B/row  (%s)%n", (double) garbage / sent.rows(), collections);
            System.out.printf("  kernel drops           %8d datagrams in the measured time%n", drops);
            System.out.printf(
                    "  loss since the start   %8d rows of %d; kernel drops %d datagrams, hand-off full %s, by sequence %d rows%n",
                    rowsSentInAll - applied,
                    rowsSentInAll,
                    ProcessCost.kernelDrops(port),
                    handOffLoss(),
                    database.number("SELECT COALESCE(SUM(lost), 0) FROM exporter_hourly"));
            System.out.printf("  applied after          %8.1f s%n", drainSeconds);
            System.out.printf("  worst send overrun     %8.1f ms%n", sent.worstOverrunNanos() / 1e6);
            System.out.printf("  busiest threads%n%s%n", busiest);
            return nanosPerRow;
        }
    }

    /** Sends the same load to nfcapd and returns processor nanoseconds per flow. */
    private double measureNfcapd(Path program, String mode, String burst) {
        try (Nfcapd nfcapd = Nfcapd.start(program, TARGET)) {
            await("nfcapd", () -> isBound(nfcapd.port()));
            Map<String, String> load = load(nfcapd.port(), burst);
            load.put("warmup", "3");
            load.put("seconds", options.getOrDefault("nfcapd-seconds", "20"));
            try (LoadRun run = new LoadRun(load)) {
                LoadRun.Sent warm = run.await("warmup");
                long drops = ProcessCost.kernelDrops(nfcapd.port());
                long cpu = nfcapd.cost().cpuNanos();
                LoadRun.Sent sent = run.await("seconds").since(warm);
                cpu = nfcapd.cost().cpuNanos() - cpu;
                drops = ProcessCost.kernelDrops(nfcapd.port()) - drops;
                double perRow = (double) cpu / (sent.rows() - drops * version.usualRecords());
                System.out.printf(
                        "  nfcapd, %-6s         %8.1f ns/flow  (%d datagrams dropped)%n", mode, perRow, drops);
                return perRow;
            }
        }
    }

    private Map<String, String> load(int toPort, String burst) {
        Map<String, String> load = new HashMap<>();
        load.put("port", Integer.toString(toPort));
        load.put("burst", burst);
        load.put("version", version.name());
        load.put("domains", options.getOrDefault("domains", "1"));
        load.put("rate", options.getOrDefault("rate", "1000000"));
        load.put("subscribers", Integer.toString(population.size()));
        load.put("routers", options.getOrDefault("routers", "8"));
        return load;
    }

    /** Starts a flight recording of the measured time if {@code --jfr FILE} asks for it. */
    private void startProfile() {
        String file = options.get("jfr");
        if (file == null) {
            return;
        }
        try {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(karaf.processId()),
                            "JFR.start",
                            "settings=profile",
                            "duration=" + options.getOrDefault("seconds", "60") + "s",
                            "filename=" + Path.of(file).toAbsolutePath())
                    .inheritIO()
                    .start();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException("recording not started", failure);
        }
    }

    private void addExpected(Path totals) {
        try {
            for (String line : Files.readAllLines(totals)) {
                String[] columns = line.split("\\|", -1);
                long[] sums = expected.computeIfAbsent(columns[0], account -> new long[columns.length - 1]);
                for (int at = 0; at < sums.length; at++) {
                    sums[at] += Long.parseLong(columns[at + 1]);
                }
            }
            Files.delete(totals);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException("totals not read", failure);
        }
    }

    /** Compares what every subscriber moved, to the octet. */
    private void compareTables() {
        int wrong = 0;
        List<String> rows = database.rows("SELECT account_id, SUM(bytes_in), SUM(bytes_out), SUM(packets_in),"
                + " SUM(packets_out), SUM(flows) FROM usage_hourly GROUP BY account_id");
        for (String row : rows) {
            String[] columns = row.split("\\|", -1);
            long[] sums = expected.getOrDefault(columns[0], new long[columns.length - 1]);
            for (int at = 0; at < sums.length; at++) {
                if (sums[at] != Long.parseLong(columns[at + 1])) {
                    wrong++;
                    break;
                }
            }
        }
        System.out.printf(
                "usage of %d subscribers compared with what was sent: %d differ, %d missing%n",
                rows.size(), wrong, expected.size() - rows.size());
    }

    private long awaitRows(long wanted) {
        long[] last = {-1, System.nanoTime()};
        await("applied pages", () -> {
            long applied = database.number("SELECT COALESCE(SUM(`rows`), 0) FROM exporter_hourly");
            if (applied != last[0]) {
                last[0] = applied;
                last[1] = System.nanoTime();
            }
            // All there, or nothing new for ten seconds: the rest is lost.
            return applied >= wanted || System.nanoTime() - last[1] > 10_000_000_000L;
        });
        return last[0];
    }

    private String handOffLoss() {
        Matcher lost = HAND_OFF_LOST.matcher(karaf.shell("flowtally:endpoints --json"));
        return lost.find() ? lost.group(1) + " datagrams" : "unknown";
    }

    private boolean tableExists(String name) {
        return database.number("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"
                        + " AND table_name = '" + name + "'")
                > 0;
    }

    private static boolean isBound(int port) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/udp"))) {
            return lines.anyMatch(line -> line.contains(":%04X ".formatted(port)));
        } catch (IOException failure) {
            return false;
        }
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(DRAIN_PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(condition);
    }

    private static Path assembly() throws IOException {
        String root = System.getProperty("root.folder", "../..");
        try (Stream<Path> files = Files.list(Path.of(root, "karaf-assembly/target"))) {
            return files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no assembly: build karaf-assembly first"));
        }
    }
}
