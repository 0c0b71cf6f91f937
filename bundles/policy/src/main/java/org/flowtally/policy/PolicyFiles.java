// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointPreparation;
import org.flowtally.api.policy.ClassStatus;
import org.flowtally.api.policy.CountingStatus;
import org.flowtally.api.policy.PolicyDirectory;
import org.flowtally.api.time.SystemClock;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the files of traffic classes and of single exporters say, file by file, and compiled for the lane together with the
 * whitelists of endpoints. The stage is offered once every file that there is has been read: a swap of this bundle counts no
 * row by half of them.
 */
@Component(
        service = {PolicyFiles.class, PolicyDirectory.class, EndpointPreparation.class},
        immediate = true)
public final class PolicyFiles implements PolicyDirectory, EndpointPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFiles.class);

    private final Runnable whenAllAreRead;
    private final Set<String> unread;
    private final Map<String, TrafficClass> classesByFile = new TreeMap<>();
    private final Map<String, TrafficClass> waitingByFile = new TreeMap<>();
    private final Map<String, CountedExporters.Rule> exportersByFile = new TreeMap<>();
    private final Map<String, String> refusalsByFile = new TreeMap<>();
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "class-lists");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Endpoint> unprepared = new TreeMap<>(); // Until every file was read.
    private ClassTable classes = ClassTable.EMPTY;
    private volatile AddressTables tables = new AddressTables(ClassTable.EMPTY, List.of());
    private volatile CountedExporters exporters = CountedExporters.NONE;

    /** Waits for the files that there are. */
    @Activate
    public PolicyFiles(@Reference ConfigurationAdmin configurations, ComponentContext component)
            throws IOException, InvalidSyntaxException {
        this(pids(configurations), () -> component.enableComponent(PolicyStage.class.getName()));
    }

    PolicyFiles(Set<String> unread, Runnable whenAllAreRead) {
        this.unread = new HashSet<>(unread);
        this.whenAllAreRead = whenAllAreRead;
        if (unread.isEmpty()) {
            whenAllAreRead.run();
        }
    }

    private static Set<String> pids(ConfigurationAdmin configurations) throws IOException, InvalidSyntaxException {
        Configuration[] there = configurations.listConfigurations(
                "(|(service.factoryPid=" + ClassSettings.PID + ")(service.factoryPid=" + ExporterSettings.PID + "))");
        Set<String> pids = new HashSet<>();
        if (there != null) { // Which is how the service says that there are none.
            Arrays.stream(there).map(Configuration::getPid).forEach(pids::add);
        }
        return pids;
    }

    /** Lets go of the thread that watches lists. */
    @Deactivate
    void close() {
        watcher.shutdownNow();
    }

    /** Does something again and again, beside the lane. */
    ScheduledFuture<?> every(long millis, Runnable task) {
        return watcher.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("IllegalCatch") // A task that fails once must not end for good.
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            LOG.error("a list could not be looked at, it is tried again", bug);
        }
    }

    /** Returns what the traffic classes in force and the whitelists say of addresses. */
    AddressTables addressTables() {
        return tables;
    }

    @Override
    public synchronized void prepare(Endpoint endpoint) {
        if (unread.isEmpty()) {
            tables.prepare(endpoint);
        } else {
            unprepared.put(endpoint.name(), endpoint);
        }
    }

    @Override
    public synchronized void forget(String endpoint) {
        unprepared.remove(endpoint);
        tables.forget(endpoint);
    }

    /** Returns what is said of single exporters. */
    CountedExporters countedExporters() {
        return exporters;
    }

    @Override
    public synchronized List<ClassStatus> classes() {
        long nowMillis = SystemClock.INSTANCE.millis();
        return classesByFile.values().stream()
                .sorted(Comparator.comparing(TrafficClass::name))
                .map(given -> new ClassStatus(
                        given.name(),
                        given.prefixes().size(),
                        given.realms().stream().sorted().toList(),
                        given.hours().map(ClassHours::toString).orElse(""),
                        given.isInForce(nowMillis)))
                .toList();
    }

    @Override
    public synchronized List<CountingStatus> exporters() {
        return exportersByFile.values().stream()
                .sorted(Comparator.comparing(CountedExporters.Rule::name))
                .map(rule -> new CountingStatus(rule.name(), rule.addresses(), rule.endpoint(), rule.counting()))
                .toList();
    }

    @Override
    public synchronized List<String> refused() {
        return List.copyOf(refusalsByFile.values());
    }

    /** Notes that what a file says was refused; what it said before stays, if it said anything. */
    synchronized void refuse(String pid, ConfigurationRejected refused) {
        waitingByFile.remove(pid);
        boolean saidBefore = classesByFile.containsKey(pid) || exportersByFile.containsKey(pid);
        String refusal = refused.getMessage()
                + (saidBefore ? ", what the file said before stays" : ", nothing of the file is in force");
        refusalsByFile.put(pid, refusal);
        LOG.warn(refusal);
        read(pid);
    }

    /** Takes a class from a file; while another file has a class of its name it is refused, and taken once the name is free. */
    synchronized void putOrWait(String pid, TrafficClass given, ConfigurationRejected ifTaken) {
        if (!isTaken(pid, given.name())) {
            put(pid, given);
            return;
        }
        waitingByFile.put(pid, given);
        takeWaiting();
        if (waitingByFile.containsKey(pid)) {
            refuse(pid, ifTaken);
            waitingByFile.put(pid, given);
        }
    }

    /** Takes a class from a file, in place of what the file said before. */
    synchronized void put(String pid, TrafficClass given) {
        putAll(Map.of(pid, given));
        read(pid);
        takeWaiting();
    }

    private void putAll(Map<String, TrafficClass> given) {
        Map<String, TrafficClass> before = Map.copyOf(classesByFile);
        waitingByFile.keySet().removeAll(given.keySet());
        refusalsByFile.keySet().removeAll(given.keySet());
        classesByFile.putAll(given);
        try {
            compile();
            given.values()
                    .forEach(taken -> LOG.info(
                            "traffic class taken: name={}, prefixes={}",
                            taken.name(),
                            taken.prefixes().size()));
        } catch (IllegalArgumentException tooMany) {
            classesByFile.clear();
            classesByFile.putAll(before);
            given.forEach((pid, refused) -> {
                String refusal = refused.name() + ": " + tooMany.getMessage() + ", the classes in force stay";
                refusalsByFile.put(pid, refusal);
                LOG.warn(refusal);
            });
        }
    }

    /** Takes the classes whose names have become free, or are once all of them are taken: of two files that swap names, say. */
    private void takeWaiting() {
        Map<String, TrafficClass> moving = movable();
        while (!moving.isEmpty()) {
            putAll(moving);
            moving = movable();
        }
    }

    /** Returns of the classes that wait as many as can be taken at once, by file. */
    private Map<String, TrafficClass> movable() {
        Map<String, TrafficClass> moving = new TreeMap<>(waitingByFile);
        Optional<String> stuck = stuckAmong(moving);
        while (stuck.isPresent()) {
            moving.remove(stuck.get());
            stuck = stuckAmong(moving);
        }
        return moving;
    }

    /** Returns a file that cannot have its name although others move: where two want one, the new file, else the last. */
    private Optional<String> stuckAmong(Map<String, TrafficClass> moving) {
        Map<String, TrafficClass> then = new TreeMap<>(classesByFile);
        then.putAll(moving);
        Map<String, Long> files =
                then.values().stream().collect(Collectors.groupingBy(TrafficClass::name, Collectors.counting()));
        return moving.entrySet().stream()
                .filter(wanted -> files.getOrDefault(wanted.getValue().name(), 0L) > 1)
                .map(Map.Entry::getKey)
                .max(Comparator.comparing((String pid) -> !classesByFile.containsKey(pid))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Takes what a file says of exporters, in place of what it said before. */
    synchronized void put(String pid, CountedExporters.Rule rule) {
        exportersByFile.put(pid, rule);
        refusalsByFile.remove(pid);
        exporters = new CountedExporters(exportersByFile.values());
        LOG.info("exporters taken: file={}, addresses={}, {}", rule.name(), rule.addresses(), rule.counting());
        exporters
                .conflict()
                .ifPresent(twice -> LOG.warn("exporters stand in two files, the first by name holds: {}", twice));
        read(pid);
    }

    /** Takes up that a file is gone. */
    synchronized void remove(String pid) {
        refusalsByFile.remove(pid);
        waitingByFile.remove(pid);
        TrafficClass gone = classesByFile.remove(pid);
        if (gone != null) {
            compile();
            LOG.info("traffic class gone: name={}", gone.name());
        }
        if (exportersByFile.remove(pid) != null) {
            exporters = new CountedExporters(exportersByFile.values());
        }
        read(pid);
        takeWaiting();
    }

    private void read(String pid) {
        if (unread.remove(pid) && unread.isEmpty()) {
            tables = new AddressTables(classes, unprepared.values());
            unprepared.clear();
            whenAllAreRead.run();
        }
    }

    /** Returns whether another file has a class of this name. */
    private boolean isTaken(String pid, String name) {
        return classesByFile.entrySet().stream()
                .anyMatch(entry ->
                        !entry.getKey().equals(pid) && entry.getValue().name().equals(name));
    }

    private void compile() {
        ClassTable compiled = ClassTable.of(classesByFile.values());
        List<String> conflicts = compiled.conflicts();
        if (!conflicts.isEmpty() && !conflicts.equals(classes.conflicts())) {
            LOG.warn(
                    "prefixes stand in several traffic classes, the first class by name has them: {}, and {} more",
                    conflicts.get(0),
                    conflicts.size() - 1);
        }
        classes = compiled;
        if (unread.isEmpty()) {
            tables = new AddressTables(classes, tables.endpoints());
        }
    }
}
