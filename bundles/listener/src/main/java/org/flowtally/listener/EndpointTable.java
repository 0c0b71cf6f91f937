// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointPreparation;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.time.SystemClock;
import org.flowtally.lib.report.FileStamp;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All endpoints: which configuration is in force, which is refused and why, and whether the sockets are open. Sockets are
 * routes of the pipeline's context; while it is away they are closed, and opened again when it returns.
 */
@Component(
        service = {EndpointDirectory.class, EndpointTable.class},
        immediate = true)
public final class EndpointTable implements EndpointDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointTable.class);
    private static final int LONGEST_BACKOFF_SECONDS = 30;
    private static final long LOOK_MILLIS = 1_000;

    private final InstantSource clock = SystemClock.INSTANCE;
    private final KernelDrops kernel = new KernelDrops();
    private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flowtally-listener");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Entry> entries = new TreeMap<>();
    private final List<EndpointPreparation> preparations = new ArrayList<>();
    private @Nullable CamelContext context;

    /** Makes a table without endpoints; their configurations come one by one. */
    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with the table.
    public EndpointTable() {
        retries.scheduleWithFixedDelay(this::lookAtFilesSafely, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("IllegalCatch") // A periodic task that throws is never run again.
    private void lookAtFilesSafely() {
        try {
            lookAtFiles();
        } catch (RuntimeException bug) {
            LOG.error("looking at the files of endpoints failed, a bug", bug);
        }
    }

    /** Takes a configuration, or refuses it and keeps the one before. */
    synchronized void configure(String pid, EndpointSettings settings) {
        Entry entry = entries.computeIfAbsent(pid, absent -> new Entry());
        entry.file = settings.file();
        entry.wanted = settings;
        settle(entry);
        settleTheRefused();
        notifyAll();
    }

    /** Notes that a configuration could not be read; the one before stays in force. */
    synchronized void refuse(String pid, String file, ConfigurationRejected reason) {
        Entry entry = entries.computeIfAbsent(pid, absent -> new Entry());
        entry.file = file;
        entry.wanted = null;
        entry.refuse(reason);
    }

    /** Forgets a configuration and closes its socket. */
    synchronized void remove(String pid) {
        Entry entry = entries.remove(pid);
        if (entry != null) {
            entry.end();
            settleTheRefused();
            notifyAll();
        }
    }

    private void settle(Entry entry) {
        EndpointSettings wanted = entry.wanted;
        if (wanted == null) {
            return;
        }
        try {
            Attachments attachments = entry.read(wanted);
            Candidate candidate = new Candidate(entry, wanted, wanted.with(attachments), attachments);
            Optional<ConfigurationRejected> conflict = conflict(candidate, List.of());
            if (conflict.isPresent()) {
                entry.refuse(conflict.get());
            } else {
                candidate.take();
            }
        } catch (ConfigurationRejected refused) {
            entry.refuse(refused);
        }
    }

    /** What was refused because of another endpoint, or of a file, may be possible now. */
    private void settleTheRefused() {
        entries.values().stream().filter(entry -> !entry.refusal.isEmpty()).forEach(this::settle);
        settleTogether();
    }

    /**
     * Looks for endpoints that stand in each other's way and would not if all moved at once: two that swap their ports, say.
     * Their sockets are closed before the first is opened.
     */
    private void settleTogether() {
        List<Candidate> moving = new ArrayList<>();
        for (Entry entry : entries.values()) {
            EndpointSettings wanted = entry.wanted;
            if (wanted != null) {
                try {
                    Attachments attachments = entry.read(wanted);
                    moving.add(new Candidate(entry, wanted, wanted.with(attachments), attachments));
                } catch (ConfigurationRejected refused) {
                    // It was told when it was looked at alone.
                }
            }
        }
        // One that cannot move stays in the way of others; endpoints that run go before new ones.
        Optional<Candidate> stuck = stuckAmong(moving);
        while (stuck.isPresent()) {
            moving.remove(stuck.get());
            stuck = stuckAmong(moving);
        }
        moving.forEach(candidate -> candidate.entry().close());
        moving.forEach(Candidate::take);
    }

    private Optional<Candidate> stuckAmong(List<Candidate> moving) {
        return moving.stream()
                .filter(candidate -> conflict(candidate, moving).isPresent())
                .min(Comparator.comparing(candidate -> candidate.entry().socket != null));
    }

    /** Reads again what has changed in the files that configurations name. */
    synchronized void lookAtFiles() {
        boolean isChanged = false;
        for (Entry entry : entries.values()) {
            if (entry.hasChangedFiles()) {
                isChanged = true;
                lookAgain(entry);
            }
        }
        if (isChanged) {
            settleTheRefused();
            notifyAll();
        }
    }

    private void lookAgain(Entry entry) {
        if (entry.wanted != null) {
            settle(entry);
            return;
        }
        String standing = entry.refusal; // Of a cfg file that could not be read: mending a list does not mend it.
        entry.wanted = entry.inForce;
        settle(entry);
        if (entry.refusal.isEmpty()) {
            entry.refusal = standing;
        }
    }

    /** Looks for an endpoint in the way of a candidate, where {@code moving} others will be somewhere else. */
    private Optional<ConfigurationRejected> conflict(Candidate candidate, List<Candidate> moving) {
        for (Entry other : entries.values()) {
            EndpointSettings there = settled(other, moving);
            if (other != candidate.entry() && there != null) {
                Endpoint wanted = candidate.settings().endpoint();
                Endpoint taken = there.endpoint();
                if (taken.name().equals(wanted.name())) {
                    return Optional.of(new ConfigurationRejected(
                            candidate.settings().file(),
                            "name",
                            taken.name(),
                            "a name not used by another endpoint, this one is used by " + there.file()));
                }
                if (taken.port() == wanted.port() && overlap(taken, wanted)) {
                    return Optional.of(new ConfigurationRejected(
                            candidate.settings().file(),
                            "port",
                            taken.port(),
                            "a port not used by another endpoint, this one is used by %s at %s"
                                    .formatted(taken.name(), taken.bindAddress())));
                }
            }
        }
        return Optional.empty();
    }

    private static @Nullable EndpointSettings settled(Entry entry, List<Candidate> moving) {
        for (Candidate candidate : moving) {
            if (candidate.entry() == entry) {
                return candidate.settings();
            }
        }
        EndpointSocket socket = entry.socket;
        return socket == null ? null : socket.settings();
    }

    private static boolean overlap(Endpoint one, Endpoint other) {
        return one.transport().isConnected() == other.transport().isConnected()
                && (one.bindAddress().equals(other.bindAddress())
                        || isWildcard(one.bindAddress())
                        || isWildcard(other.bindAddress()));
    }

    private static boolean isWildcard(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    /** Opens the sockets through the pipeline that has come. */
    @Reference(
            target = "(flowtally=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindContext(CamelContext arrived) {
        context = arrived;
        entries.values().forEach(Entry::open);
    }

    /** Closes the sockets before the pipeline goes. */
    synchronized void unbindContext(CamelContext leaving) {
        if (context == leaving) {
            context = null;
            entries.values().forEach(Entry::close);
        }
    }

    /** Tells who has come of the endpoints that there are. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void bindPreparation(EndpointPreparation arrived) {
        preparations.add(arrived);
        for (EndpointStatus status : endpoints()) {
            Endpoint endpoint = status.endpoint();
            tell(arrived, endpoint.name(), told -> told.prepare(endpoint));
        }
    }

    /** Tells who leaves no more. */
    synchronized void unbindPreparation(EndpointPreparation leaving) {
        preparations.remove(leaving);
    }

    private void tellAll(String endpoint, Consumer<EndpointPreparation> news) {
        preparations.forEach(told -> tell(told, endpoint, news));
    }

    /** Tells that nobody has a name any more; of two endpoints that swap their names the other has it by now. */
    private void forget(String endpoint) {
        boolean isTaken =
                entries.values().stream().anyMatch(entry -> entry.socket != null && entry.socket.isNamed(endpoint));
        if (!isTaken) {
            tellAll(endpoint, told -> told.forget(endpoint));
        }
    }

    /** Tells somebody of an endpoint; the endpoint works without, too. */
    @SuppressWarnings("IllegalCatch") // It is not our bug.
    private static void tell(EndpointPreparation told, String endpoint, Consumer<EndpointPreparation> news) {
        try {
            news.accept(told);
        } catch (RuntimeException bug) {
            LOG.error("endpoint could not be prepared for, a bug: endpoint={}", endpoint, bug);
        }
    }

    /** Closes all sockets. */
    @Deactivate
    public synchronized void stop() {
        retries.shutdownNow();
        entries.values().forEach(Entry::end);
        entries.clear();
    }

    @Override
    public synchronized List<EndpointStatus> endpoints() {
        List<EndpointStatus> endpoints = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.socket != null) {
                endpoints.add(entry.socket.status());
            }
        }
        endpoints.sort(Comparator.comparing(status -> status.endpoint().name()));
        return endpoints;
    }

    @Override
    public synchronized List<RefusedConfiguration> refused() {
        return entries.values().stream()
                .filter(entry -> !entry.refusal.isEmpty())
                .map(entry -> new RefusedConfiguration(entry.file, entry.refusal, entry.socket != null))
                .toList();
    }

    /** Returns the cfg file of an endpoint, without its folder; of several that want its name, the one that has it. */
    synchronized Optional<String> fileOf(String endpoint) {
        return entries.values().stream()
                .sorted(Comparator.comparing(entry -> entry.socket == null))
                .flatMap(entry -> entry.settings().stream())
                .filter(settings -> settings.endpoint().name().equals(endpoint))
                .map(EndpointSettings::file)
                .findFirst();
    }

    /** Tells whether a cfg file is known, whatever became of what it says. */
    synchronized boolean knows(String file) {
        return entries.values().stream().anyMatch(entry -> entry.isOf(file));
    }

    /** Returns the names of all endpoints, refused ones included. */
    synchronized List<String> names() {
        return entries.values().stream()
                .flatMap(entry -> entry.settings().stream())
                .map(settings -> settings.endpoint().name())
                .sorted()
                .toList();
    }

    /**
     * Tells whether a file could have these settings.
     *
     * @throws ConfigurationRejected if what they name is wrong, or another endpoint is in the way
     */
    synchronized void check(String file, EndpointSettings settings) {
        Entry entry = entries.values().stream()
                .filter(each -> each.isOf(file))
                .findFirst()
                .orElseGet(Entry::new);
        Attachments attachments = Attachments.of(settings, entry.attachments);
        Candidate candidate = new Candidate(entry, settings, settings.with(attachments), attachments);
        Optional<ConfigurationRejected> conflict = conflict(candidate, List.of());
        if (conflict.isPresent()) {
            throw conflict.get();
        }
    }

    /** Tells whether these are the settings in force of a file. */
    synchronized boolean isInForce(String file, EndpointSettings settings) {
        return entries.values().stream()
                .anyMatch(entry -> entry.isOf(file) && entry.wanted == null && settings.equals(entry.inForce));
    }

    /** Tells whether these are the settings that a file was last given with, in force or refused for what they name. */
    synchronized boolean isGiven(String file, EndpointSettings settings) {
        return entries.values().stream().anyMatch(entry -> entry.isOf(file) && entry.isGiven(settings));
    }

    /** Waits until something is so, for a limited time, and tells whether it is. */
    synchronized boolean awaits(BooleanSupplier wanted, Duration patience) {
        long endNanos = System.nanoTime() + patience.toNanos();
        try {
            while (!wanted.getAsBoolean()) {
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void retry(Entry entry, EndpointSocket socket) {
        if (entry.socket == socket && socket.isFailed()) {
            entry.open();
        }
    }

    /** A configuration that could be in force, with all that it names. */
    private record Candidate(Entry entry, EndpointSettings given, EndpointSettings settings, Attachments attachments) {
        void take() {
            entry.wanted = null;
            entry.inForce = given;
            entry.attachments = attachments;
            entry.refusal = "";
            entry.take(settings);
        }
    }

    /** One configuration with the endpoint that it, or an earlier version of it, made. */
    private final class Entry {
        private @Nullable EndpointSettings wanted; // Not in force, for the reason that the refusal tells.
        private @Nullable EndpointSettings inForce; // As the file says, without what lies in other files.
        private @Nullable EndpointSocket socket;
        private Attachments attachments = Attachments.NONE;
        private Map<Path, FileStamp> seen = Map.of(); // The files as they were when they were looked at last.
        private Map<Path, FileStamp> read = Map.of(); // The files as they were when they were read last.
        private String file = "";
        private String refusal = "";
        private int backoffSeconds = 1;

        /** Returns what is in force, else what would be if it were not refused. */
        Optional<EndpointSettings> settings() {
            return Optional.ofNullable(inForce != null ? inForce : wanted);
        }

        boolean isOf(String name) {
            return file.equals(name);
        }

        boolean isGiven(EndpointSettings settings) {
            return settings.equals(wanted == null ? inForce : wanted);
        }

        Attachments read(EndpointSettings settings) {
            read = Attachments.stamps(settings);
            seen = read;
            return Attachments.of(settings, attachments);
        }

        /** Tells whether files differ from what was read, and have not changed since the last look: nobody writes them now. */
        boolean hasChangedFiles() {
            EndpointSettings named = wanted == null ? inForce : wanted;
            if (named == null || named.files().isEmpty()) {
                return false;
            }
            Map<Path, FileStamp> now = Attachments.stamps(named);
            boolean isQuiet = now.equals(seen);
            seen = now;
            return isQuiet && !now.equals(read);
        }

        void refuse(ConfigurationRejected reason) {
            String text = String.valueOf(reason.getMessage());
            if (!text.equals(refusal)) {
                if (socket == null) {
                    LOG.error("{}, file={}, the endpoint does not start", text, file);
                } else {
                    LOG.warn("{}, file={}, the last good configuration stays in force", text, file);
                }
            }
            refusal = text;
        }

        private void take(EndpointSettings settings) {
            tellAll(settings.endpoint().name(), told -> told.prepare(settings.endpoint()));
            EndpointSocket current = socket;
            if (current == null || !current.isNamed(settings.endpoint().name())) {
                end();
                EndpointSocket made = new EndpointSocket(settings, attachments.security(), clock, kernel, this::lost);
                socket = made;
                open();
            } else if (current.settings().hasSameSocket(settings)) {
                current.settings(settings, attachments.security());
                LOG.info(
                        "endpoint changed, its socket stays open: endpoint={}",
                        settings.endpoint().name());
            } else {
                current.close();
                current.settings(settings, attachments.security());
                open();
            }
        }

        void open() {
            EndpointSocket current = socket;
            if (current == null || context == null) {
                return;
            }
            if (current.open(context)) {
                backoffSeconds = 1;
            } else {
                retryLater(current, backoffSeconds);
                backoffSeconds = Math.min(2 * backoffSeconds, LONGEST_BACKOFF_SECONDS);
            }
        }

        void close() {
            if (socket != null) {
                socket.close();
            }
        }

        void end() {
            EndpointSocket ending = socket;
            if (ending != null) {
                ending.end();
                socket = null;
                forget(ending.settings().endpoint().name());
            }
        }

        /** Called by the receiving thread, which must not wait for the lock: whoever holds it may wait for the thread. */
        private void lost(EndpointSocket closed) {
            retryLater(closed, 0);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // A retry tells its outcome by the state of the endpoint.
        private void retryLater(EndpointSocket failed, int seconds) {
            if (!retries.isShutdown()) {
                retries.schedule(() -> retry(this, failed), seconds, TimeUnit.SECONDS);
            }
        }
    }
}
