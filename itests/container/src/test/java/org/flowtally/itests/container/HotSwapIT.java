// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.inject.Inject;
import javax.sql.DataSource;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.status.PipelineStatus;
import org.flowtally.api.subscriber.AssignmentLoader;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.usage.StorageStatus;
import org.flowtally.api.usage.UsageLedger;
import org.flowtally.api.usage.UsageTables;
import org.flowtally.itests.database.Database;
import org.flowtally.itests.database.MariaDbServer;
import org.flowtally.itests.instance.KarafInstance;
import org.flowtally.itests.sender.Load;
import org.flowtally.itests.sender.Population;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;

/** Inside the container: every stage of the data path is stopped, updated and started under load. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotSwapIT {
    private static final int SUBSCRIBERS = 500;
    private static final int RECORDS = 20;
    private static final int DATAGRAMS_PER_SECOND = 2_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final List<long[]> expected = new ArrayList<>();
    private long rowsSent;
    private int engine;

    @Inject
    private BundleContext context;

    @Inject
    private ExporterDirectory exporters;

    @Inject
    private EndpointDirectory endpoints;

    @Inject
    private PipelineStatus pipeline;

    /** Starts the database beside the container and points the assembly at both. */
    @Configuration
    public Option[] configuration() {
        MariaDbServer server = MariaDbServer.launch("--innodb-flush-log-at-trx-commit=2");
        Database database = server.createDatabase();
        int port = KarafInstance.freeUdpPort();
        String storage = "etc/org.flowtally.storage.cfg";
        String endpoint = "etc/org.flowtally.endpoint-default.cfg";
        return new Option[] {
            karafDistributionConfiguration()
                    .frameworkUrl(new File(System.getProperty("assembly.archive"))
                            .toURI()
                            .toString())
                    .name("Flowtally")
                    .unpackDirectory(new File("target/exam"))
                    .useDeployFolder(false),
            configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
            systemProperty("org.ops4j.pax.url.mvn.localRepository").value(System.getProperty("local.repository")),
            systemProperty("test.port").value(Integer.toString(port)),
            editConfigurationFilePut(
                    "etc/org.ops4j.pax.url.mvn.cfg",
                    "org.ops4j.pax.url.mvn.localRepository",
                    System.getProperty("local.repository")),
            editConfigurationFilePut(storage, "url", database.jdbcUrl()),
            editConfigurationFilePut(storage, "user", database.user()),
            editConfigurationFilePut(
                    storage, "password.file", database.passwordFile().toString()),
            // Tests wait for the tables: fresher costs the database more, and nothing else.
            editConfigurationFilePut(storage, "apply.interval.millis", "300"),
            editConfigurationFilePut("etc/org.flowtally.pipeline.cfg", "assignments.reload.seconds", "5"),
            editConfigurationFilePut(endpoint, "bind.address", "127.0.0.1"),
            editConfigurationFilePut(endpoint, "port", Integer.toString(port)),
            editConfigurationFilePut(endpoint, "allowed.subnets", "127.0.0.0/8"),
            editConfigurationFilePut("etc/org.flowtally.subscriber.cfg", "home.networks", Population.HOME_NETWORK),
            bundle(new File(System.getProperty("sender.bundle")).toURI().toString()),
        };
    }

    @Test
    public void swapsEveryStageUnderLoadWithoutLossOrDouble() throws Exception {
        Population population = new Population(SUBSCRIBERS);
        await("readiness", () -> isReady());
        assign(population);
        String inode = socketInode();

        for (String stage : List.of(
                "decode-v5", "policy", "clock-guard", "subscriber", "accounting", "storage", "decode", "decode-v5")) {
            swapUnderLoad("org.flowtally." + stage, population);
        }

        assertEquals("the socket is another", inode, socketInode());
        assertEquals("lane failures", 0, pipeline.lane().batchesFailed());
    }

    private void swapUnderLoad(String symbolicName, Population population) throws Exception {
        Bundle target = bundleNamed(symbolicName);
        List<String> touched = Collections.synchronizedList(new ArrayList<>());
        SynchronousBundleListener listener = event -> {
            if (event.getBundle().getBundleId() != target.getBundleId()
                    && (event.getType() & (BundleEvent.STOPPED | BundleEvent.STARTED)) != 0) {
                touched.add(event.getBundle().getSymbolicName() + "/" + event.getType());
            }
        };
        context.addBundleListener(listener);
        Load.Shape shape = new Load.Shape(4, RECORDS, population, engine + 100L, ++engine);
        try (Load load = new Load(shape, Integer.getInteger("test.port"), Clock.systemUTC())) {
            CompletableFuture<Long> sending = CompletableFuture.supplyAsync(
                    () -> load.send(DATAGRAMS_PER_SECOND, 4, TimeUnit.SECONDS.toNanos(4)));
            pause(700);
            target.stop();
            pause(300);
            target.update();
            pause(300);
            target.start();
            sending.get(60, TimeUnit.SECONDS);

            expect(load, population);
            await("rows of " + symbolicName, () -> rowsApplied() >= rowsSent);
        } finally {
            context.removeBundleListener(listener);
        }
        assertEquals("others restarted with " + symbolicName, List.of(), touched);
        assertEquals("rows after " + symbolicName, rowsSent, rowsApplied());
        compare(population, symbolicName);
    }

    private void expect(Load load, Population population) {
        rowsSent += load.rows();
        List<Load.Moved> received = load.received();
        List<Load.Moved> sent = load.sent();
        for (int subscriber = 0; subscriber < population.size(); subscriber++) {
            if (expected.size() <= subscriber) {
                expected.add(new long[5]);
            }
            long[] sums = expected.get(subscriber);
            sums[0] += received.get(subscriber).octets();
            sums[1] += sent.get(subscriber).octets();
            sums[2] += received.get(subscriber).packets();
            sums[3] += sent.get(subscriber).packets();
            sums[4] += received.get(subscriber).flows() + sent.get(subscriber).flows();
        }
    }

    private void compare(Population population, String after) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT account_id, SUM(bytes_in), SUM(bytes_out),"
                        + " SUM(packets_in), SUM(packets_out), SUM(flows) FROM usage_hourly"
                        + " GROUP BY account_id ORDER BY account_id")) {
            for (int subscriber = 0; subscriber < population.size(); subscriber++) {
                assertTrue("usage rows after " + after, rows.next());
                assertEquals(population.accountId(subscriber), rows.getString(1));
                long[] sums = new long[5];
                for (int column = 0; column < sums.length; column++) {
                    sums[column] = rows.getLong(column + 2);
                }
                assertEquals(
                        population.accountId(subscriber) + " after " + after,
                        Arrays.toString(expected.get(subscriber)),
                        Arrays.toString(sums));
            }
        }
    }

    private boolean isReady() {
        return service(UsageTables.class, UsageTables::status).state() == StorageStatus.State.READY
                && endpoints.endpoints().stream().allMatch(endpoint -> endpoint.state() == EndpointStatus.State.OPEN)
                && !endpoints.endpoints().isEmpty()
                && service(AssignmentLoader.class, AssignmentLoader::status).source()
                        == AssignmentStatus.Source.DATABASE
                && service(UsageLedger.class, UsageLedger::status).runId() > 0
                && exporters.rowsDecoded() >= 0;
    }

    private void assign(Population population) throws Exception {
        StringBuilder insert = new StringBuilder(
                "INSERT INTO ip_assignment (realm, prefix, account_id, service_id, valid_from) VALUES ");
        for (int subscriber = 0; subscriber < population.size(); subscriber++) {
            insert.append(subscriber == 0 ? "" : ",")
                    .append("('','" + population.prefix(subscriber) + "','" + population.accountId(subscriber) + "','"
                            + population.serviceId(subscriber) + "','2020-01-01 00:00:00')");
        }
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(insert.toString());
        }
        await(
                "assignments",
                () -> service(AssignmentLoader.class, AssignmentLoader::status).assignments() == population.size());
    }

    private long rowsApplied() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COALESCE(SUM(`rows`), 0) FROM exporter_hourly")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The database's service is another one after storage was swapped, and there is none for a moment. */
    private Connection connection() throws SQLException {
        return service(DataSource.class, "(osgi.jndi.service.name=flowtally)", source -> {
            try {
                return source.getConnection();
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    private Bundle bundleNamed(String symbolicName) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    private <S, R> R service(Class<S> type, Function<S, R> question) {
        return service(type, null, question);
    }

    private <S, R> R service(Class<S> type, String filter, Function<S, R> question) {
        ServiceReference<S> reference =
                reference(type, filter).orElseThrow(() -> new IllegalStateException("no service " + type.getName()));
        try {
            return question.apply(context.getService(reference));
        } finally {
            context.ungetService(reference);
        }
    }

    private <S> Optional<ServiceReference<S>> reference(Class<S> type, String filter) {
        try {
            return context.getServiceReferences(type, filter).stream().max(Comparator.naturalOrder());
        } catch (InvalidSyntaxException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static String socketInode() throws IOException {
        String local = String.format(":%04X", Integer.getInteger("test.port"));
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/udp")));
        if (Files.exists(Path.of("/proc/net/udp6"))) {
            lines.addAll(Files.readAllLines(Path.of("/proc/net/udp6")));
        }
        return lines.stream()
                .map(line -> line.trim().split("\\s+", -1))
                .filter(columns -> columns[1].endsWith(local))
                .map(columns -> columns[9])
                .findFirst()
                .orElseThrow(() -> new AssertionError("no socket at port " + local));
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        RuntimeException last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (RuntimeException | SQLException failure) {
                last = new IllegalStateException(failure);
            }
            pause(100);
        }
        throw new AssertionError("not in time: " + what, last);
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
