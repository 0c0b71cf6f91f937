// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flowtally.itests.contract.corpus.CorpusCase;
import org.flowtally.itests.contract.corpus.CorpusFile;

/**
 * What each address of a corpus case received and sent, by the records that the corpus expects and none of the product's code.
 * Counters are as sent.
 */
final class CorpusUsage {
    private static final String UNSET = "0.0.0.0";
    private static final List<String> OCTETS =
            List.of("octets", "octets_total", "initiator_octets", "post_octets", "layer2_octets");
    private static final List<String> PACKETS =
            List.of("packets", "packets_total", "initiator_packets", "post_packets");
    private static final List<String> REVERSE_OCTETS =
            List.of("reverse_octets", "reverse_octets_total", "responder_octets");
    private static final List<String> REVERSE_PACKETS =
            List.of("reverse_packets", "reverse_packets_total", "responder_packets");

    private final Map<String, Counters> byAddress = new TreeMap<>();
    private final Set<String> exporters = new TreeSet<>();
    private boolean hasEarlyData;

    /**
     * What an address moved.
     *
     * @param octetsIn octets to it
     * @param octetsOut octets from it
     * @param packetsIn packets to it
     * @param packetsOut packets from it
     */
    record Counters(long octetsIn, long octetsOut, long packetsIn, long packetsOut) {
        static final Counters NONE = new Counters(0, 0, 0, 0);

        Counters plus(Counters other) {
            return new Counters(
                    octetsIn + other.octetsIn,
                    octetsOut + other.octetsOut,
                    packetsIn + other.packetsIn,
                    packetsOut + other.packetsOut);
        }

        boolean isAtLeast(Counters other) {
            return octetsIn >= other.octetsIn
                    && octetsOut >= other.octetsOut
                    && packetsIn >= other.packetsIn
                    && packetsOut >= other.packetsOut;
        }
    }

    CorpusUsage(CorpusCase conversation) {
        for (CorpusFile file : conversation.files()) {
            JsonNode expected = file.expected();
            for (JsonNode packet : expected.get("packets")) {
                exporters.add(packet.get("exporter").asText());
                packet.path("sets").forEach(set -> hasEarlyData |= set.has("no_template"));
            }
            for (JsonNode record : expected.get("records")) {
                if ("flow".equals(record.get("kind").asText())) {
                    add(record);
                }
            }
        }
    }

    /** Returns what an address of the flows moved. */
    Counters of(String address) {
        return byAddress.getOrDefault(address, Counters.NONE);
    }

    /** Returns all addresses of the flows. */
    Set<String> addresses() {
        return byAddress.keySet();
    }

    /** Returns the exporters, in an order that stays. */
    List<String> exporters() {
        return List.copyOf(exporters);
    }

    /** Returns whether there is data that the corpus cannot decode where it stands, and we may once its template comes. */
    boolean hasEarlyData() {
        return hasEarlyData;
    }

    private void add(JsonNode record) {
        String source = address(record, "src");
        String destination = address(record, "dst");
        add(source, destination, first(record, OCTETS), first(record, PACKETS));
        add(destination, source, first(record, REVERSE_OCTETS), first(record, REVERSE_PACKETS));
    }

    private void add(String source, String destination, long octets, long packets) {
        if (!source.isEmpty() && !destination.isEmpty()) {
            byAddress.merge(source, new Counters(0, octets, 0, packets), Counters::plus);
            byAddress.merge(destination, new Counters(octets, 0, packets, 0), Counters::plus);
        }
    }

    private static long first(JsonNode record, List<String> keys) {
        return keys.stream()
                .mapToLong(key -> record.path(key).asLong())
                .filter(value -> value != 0)
                .findFirst()
                .orElse(0);
    }

    /** Returns the address of a side: of both families IPv4, which is the customer's, unless it is unset. */
    private static String address(JsonNode record, String side) {
        List<String> all = new ArrayList<>();
        if (record.has(side)) {
            all.add(record.get(side).asText());
        }
        record.path("repeated").path(side).forEach(other -> all.add(other.asText()));
        return all.stream()
                .min(Comparator.comparingInt(each -> each.equals(UNSET) ? 2 : each.indexOf(':') < 0 ? 0 : 1))
                .orElse("");
    }
}
