// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

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
import org.apache.camel.CamelContext;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.time.SystemClock;
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

    private final InstantSource clock = SystemClock.INSTANCE;
    private final KernelDrops kernel = new KernelDrops();
    private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flowtally-listener");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Entry> entries = new TreeMap<>();
    private @Nullable CamelContext context;

    /** Makes a table without endpoints; their configurations come one by one. */
    @Activate
    public EndpointTable() {}

    /** Takes a configuration, or refuses it and keeps the one before. */
    synchronized void configure(String pid, EndpointSettings settings) {
        Entry entry = entries.computeIfAbsent(pid, absent -> new Entry());
        entry.wanted = settings;
        settle(entry);
        settleTheRefused();
    }

    /** Notes that a configuration could not be read; the one before stays in force. */
    synchronized void refuse(String pid, ConfigurationRejected reason) {
        Entry entry = entries.computeIfAbsent(pid, absent -> new Entry());
        entry.wanted = null;
        entry.refuse(reason);
    }

    /** Forgets a configuration and closes its socket. */
    synchronized void remove(String pid) {
        Entry entry = entries.remove(pid);
        if (entry != null) {
            entry.end();
            settleTheRefused();
        }
    }

    private void settle(Entry entry) {
        EndpointSettings wanted = entry.wanted;
        if (wanted == null) {
            return;
        }
        Optional<ConfigurationRejected> conflict = conflict(entry, wanted);
        if (conflict.isPresent()) {
            entry.refuse(conflict.get());
            return;
        }
        entry.wanted = null;
        entry.refusal = "";
        entry.take(wanted);
    }

    /** What was refused because of another endpoint may be possible now. */
    private void settleTheRefused() {
        entries.values().stream().filter(entry -> !entry.refusal.isEmpty()).forEach(this::settle);
    }

    private Optional<ConfigurationRejected> conflict(Entry entry, EndpointSettings wanted) {
        for (Entry other : entries.values()) {
            EndpointSocket socket = other.socket;
            if (other != entry && socket != null) {
                Endpoint taken = socket.settings().endpoint();
                String file = socket.settings().file();
                if (taken.name().equals(wanted.endpoint().name())) {
                    return Optional.of(new ConfigurationRejected(
                            wanted.file(),
                            "name",
                            taken.name(),
                            "a name not used by another endpoint, this one is used by " + file));
                }
                if (taken.port() == wanted.endpoint().port() && overlap(taken, wanted.endpoint())) {
                    return Optional.of(new ConfigurationRejected(
                            wanted.file(),
                            "port",
                            taken.port(),
                            "a port not used by another endpoint, this one is used by %s at %s"
                                    .formatted(taken.name(), taken.bindAddress())));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean overlap(Endpoint one, Endpoint other) {
        return one.bindAddress().equals(other.bindAddress())
                || isWildcard(one.bindAddress())
                || isWildcard(other.bindAddress());
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
    public synchronized List<String> refused() {
        return entries.values().stream()
                .map(entry -> entry.refusal)
                .filter(refusal -> !refusal.isEmpty())
                .toList();
    }

    private synchronized void retry(Entry entry, EndpointSocket socket) {
        if (entry.socket == socket && socket.isFailed()) {
            entry.open();
        }
    }

    /** One configuration with the endpoint that it, or an earlier version of it, made. */
    private final class Entry {
        private @Nullable EndpointSettings wanted;
        private @Nullable EndpointSocket socket;
        private String refusal = "";
        private int backoffSeconds = 1;

        void refuse(ConfigurationRejected reason) {
            String text = reason.component() + ": " + reason.getMessage();
            if (!text.equals(refusal)) {
                String outcome =
                        socket == null ? "the endpoint does not start" : "the last good configuration stays in force";
                LOG.error("{}, {}", reason.getMessage(), outcome);
            }
            refusal = text;
        }

        void take(EndpointSettings settings) {
            EndpointSocket current = socket;
            if (current == null || !current.isNamed(settings.endpoint().name())) {
                end();
                EndpointSocket made = new EndpointSocket(settings, clock, kernel, this::lost);
                socket = made;
                open();
            } else if (current.settings().hasSameSocket(settings)) {
                current.settings(settings);
                LOG.info(
                        "endpoint changed, its socket stays open: endpoint={}",
                        settings.endpoint().name());
            } else {
                current.close();
                current.settings(settings);
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
            if (socket != null) {
                socket.end();
                socket = null;
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
