// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.endpoint.ConnectionCounts;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointDirectory;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.endpoint.Transport;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The endpoints with their sockets and counters. */
@Service
@Command(
        scope = "flowtally",
        name = "endpoints",
        description = "Shows every endpoint: its socket, who may send, what came in and what was lost.")
@SuppressWarnings("NullAway.Init") // The shell sets the references.
public final class EndpointsCommand implements Action {
    private static final int MOST_SUBNETS = 20;

    @Reference
    private BundleContext context;

    @Option(name = "--json", description = "Prints JSON on one line instead of a table.")
    private boolean json;

    @Option(name = "--subnets", description = "Shows lists of subnets whole, however long they are.")
    private boolean wholeLists;

    /** Made by the shell. */
    public EndpointsCommand() {}

    EndpointsCommand(BundleContext context, boolean json) {
        this.context = context;
        this.json = json;
    }

    EndpointsCommand withWholeLists() {
        wholeLists = true;
        return this;
    }

    @Override
    public @Nullable Object execute() {
        Services services = new Services(context);
        List<EndpointStatus> endpoints =
                services.require(EndpointDirectory.class, "listener", EndpointDirectory::endpoints);
        List<RefusedConfiguration> refused =
                services.require(EndpointDirectory.class, "listener", EndpointDirectory::refused);
        PrintStream out = System.out;
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put(
                    "endpoints",
                    endpoints.stream()
                            .map(status -> EndpointObject.of(status, wholeLists))
                            .toList());
            object.put("refused", refused);
            out.println(Json.of(object));
            return null;
        }
        print(endpoints, out);
        for (RefusedConfiguration reason : refused) {
            printFact(out, "refused: " + reason);
        }
        return null;
    }

    private void print(List<EndpointStatus> endpoints, PrintStream out) {
        Listing listing = new Listing()
                .text("Endpoint", "endpoint")
                .text("Socket", "socket")
                .text("State", "state")
                .text("Versions", "versions")
                .number("Datagrams", "datagrams")
                .number("Octets", "octets")
                .number("Lost", "lost")
                .number("Kernel", "kernelDrops")
                .optionalText("Connections", "connections")
                .optionalNumber("Oversized", "oversized")
                .optionalNumber("Buffer", "receiveBuffer")
                .optionalText("Realm", "realm");
        for (EndpointStatus status : endpoints) {
            Endpoint endpoint = status.endpoint();
            listing.row(
                    endpoint.name(),
                    socket(endpoint),
                    status.state(),
                    endpoint.versions().stream().sorted().toList(),
                    status.datagrams(),
                    status.octets(),
                    status.handOffLost(),
                    status.kernelDrops() < 0 ? "?" : status.kernelDrops(),
                    endpoint.transport().isConnected() ? status.connections().open() : "",
                    status.oversized(),
                    status.receiveBufferGrantedOctets(),
                    endpoint.realm());
        }
        listing.print(out, "no endpoint is configured (etc/org.flowtally.endpoint-NAME.cfg)");
        for (EndpointStatus status : endpoints) {
            Endpoint endpoint = status.endpoint();
            printFact(out, endpoint.name() + ": allowed.subnets = " + joined(endpoint.allowedSubnets()));
            if (endpoint.whitelistMode()) {
                printFact(out, endpoint.name() + ": whitelist.subnets = " + joined(endpoint.whitelistSubnets()));
            }
            if (endpoint.transport().isConnected()) {
                printFact(out, endpoint.name() + ": " + connections(status.connections()));
            }
            if (!status.message().isEmpty()) {
                printFact(out, endpoint.name() + ": " + status.message());
            }
        }
    }

    private static void printFact(PrintStream out, String fact) {
        Lines.of(fact, Listing.WIDTH).forEach(out::println);
    }

    private static String socket(Endpoint endpoint) {
        String socket = Texts.socket(endpoint.bindAddress(), endpoint.port());
        return endpoint.transport() == Transport.UDP
                ? socket
                : socket + "/" + endpoint.transport().name().toLowerCase(Locale.ROOT);
    }

    private static String connections(ConnectionCounts counts) {
        return "connections: open=%d, accepted=%d, notAllowed=%d, tooMany=%d, malformed=%d, timedOut=%d, notSecured=%d"
                .formatted(
                        counts.open(),
                        counts.accepted(),
                        counts.notAllowed(),
                        counts.tooMany(),
                        counts.malformed(),
                        counts.timedOut(),
                        counts.notSecured());
    }

    private String joined(List<?> subnets) {
        if (subnets.isEmpty()) {
            return "(nobody)";
        }
        int most = wholeLists ? subnets.size() : MOST_SUBNETS;
        String shown = subnets.stream().limit(most).map(String::valueOf).collect(Collectors.joining(", "));
        return subnets.size() > most ? shown + ", … (" + subnets.size() + " in all, see --subnets)" : shown;
    }
}
