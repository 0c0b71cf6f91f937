// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateSpace;
import org.flowtally.lib.template.TrackedExporter;
import org.jspecify.annotations.Nullable;

/**
 * A decoder at work on a case of the corpus, and every difference between its rows and the records that are expected.
 * Rows of data that had waited for its template are not in the expected files; they are counted apart.
 */
public final class Conformance {
    private static final int ROWS = 8192;
    private static final int EXPORTERS = 100;
    private static final String REVERSE = "reverse_";

    /** Keys for which the flow batch has no column, and such as say where a record stands. */
    private static final Set<String> NO_COLUMN = Set.of(
            "packet",
            "record",
            "kind",
            "template",
            "repeated",
            "router_sc",
            "marked_tos",
            "extra_packets",
            "ip_version",
            "bgp_next_hop",
            "forwarding_status",
            "selector_id",
            "sampler_id",
            "sampling_algorithm",
            "sampling_interval",
            "ipv6_flow_label",
            "dot1q_customer_vlan",
            "flow_end_reason",
            "mpls_labels",
            "post_octets",
            "post_packets",
            "peer_src_as",
            "peer_dst_as",
            "application_id",
            "flow_id",
            "in_phys_if",
            "out_phys_if",
            "egress_acl",
            "ingress_acl",
            "firewall_ext_event");

    private static final Set<String> PLACE =
            Set.of("packet", "record", "kind", "template", "repeated", "sampling_interval");

    private final FlowDecoder decoder;
    private final FlowBatch flows = new FlowBatch(ROWS);
    private final Datagram datagram = new Datagram();
    private final ExporterTable exporters =
            new ExporterTable(EXPORTERS, Long.MAX_VALUE, new TemplateSpace(TemplateLimits.USUAL));
    private final List<String> differences = new ArrayList<>();
    private int records;
    private int rowsOfWaiting;
    private ToldHeader header = new ToldHeader(ExporterTable.NO_ROOM);
    private int headers;
    private CaseTotal total = new CaseTotal();

    /** Prepares a decoder that knows nothing yet. */
    public Conformance(FlowDecoder decoder) {
        this.decoder = decoder;
    }

    /** Feeds a case, file after file; compares only if the case is strict. */
    public void feed(CorpusCase fed) {
        for (CorpusFile file : fed.files()) {
            JsonNode packets = file.expected().get("packets");
            List<byte[]> payloads = file.payloads();
            if (payloads.size() != packets.size()) {
                differ(file, 0, "packets", packets.size(), payloads.size());
            }
            total = new CaseTotal();
            for (int at = 0; at < Math.min(payloads.size(), packets.size()); at++) {
                feed(file, at, payloads.get(at), packets.get(at), fed.strict());
            }
            if (fed.strict() && total.isComparable()) {
                JsonNode totals = file.expected().get("totals");
                compare(file, 0, "octets in all", totals.path("octets"), total.octets());
                compare(file, 0, "packets in all", totals.path("packets"), total.packets());
            }
        }
    }

    private void feed(CorpusFile file, int at, byte[] payload, JsonNode packet, boolean compares) {
        if (payload.length < 2 || Octets.u16(payload, 0) != decoder.version()) {
            total.leaveOut();
            return;
        }
        DecodeResult result =
                decode(payload, Address.parse(packet.get("exporter").asText()));
        if (!compares) {
            return;
        }
        if (result != DecodeResult.DECODED && result != DecodeResult.WAITING_FOR_TEMPLATE) {
            differ(file, at + 1, "result", DecodeResult.DECODED, result);
        }
        List<JsonNode> all = file.expectedRecords(at + 1);
        compareHeader(file, at + 1, packet, all.size());
        List<JsonNode> expected = all.stream()
                .filter(record -> !"options".equals(record.path("kind").asText()))
                .toList();
        int row = 0;
        int firstRecord = records;
        boolean isOfWaiting =
                expected.isEmpty() && packet.has("templates"); // A span without rows is replaced by the next.
        int own = flows.spans() == 0 || isOfWaiting ? 0 : flows.endRow(0);
        int beforeOther = recordsBeforeUndecodable(packet);
        int other = own - expected.size(); // Of a set whose template stands behind it in the same packet.
        for (JsonNode record : expected) {
            if (records - firstRecord == beforeOther && other > 0) {
                row += other;
                rowsOfWaiting += other;
            }
            records++;
            if (row >= own) {
                differ(file, at + 1, "record", record, "no row");
                continue;
            }
            DecodedRow decoded = DecodedRow.of(flows, 0, row++);
            compare(file, at + 1, record, decoded);
            total.add(record, decoded);
            if (hasReverse(record) && row >= own) {
                differ(file, at + 1, "reverse of record", record, "no row");
            } else if (hasReverse(record)) {
                compareReverse(file, at + 1, record, DecodedRow.of(flows, 0, row++));
            }
        }
        if (row < own) {
            differ(file, at + 1, "rows", row, own);
        }
        rowsOfWaiting += flows.size() - own;
    }

    /** Compares what the decoder told of the header; of IPFIX the records too, by which its sequence grows. */
    private void compareHeader(CorpusFile file, int number, JsonNode packet, int expected) {
        if (!packet.has("sequence") || decoder.version() == 1) {
            return;
        }
        headers++;
        long exportMillis = packet.get("export_secs").asLong() * 1000
                + packet.path("export_nsecs").asLong() / 1_000_000;
        compare(file, number, "sequence", packet.get("sequence"), header.sequence());
        if (header.exportMillis() != exportMillis) {
            differ(file, number, "export time", exportMillis, header.exportMillis());
        }
        if (packet.has("sys_uptime_ms")) {
            compare(file, number, "sys_uptime_ms", packet.get("sys_uptime_ms"), header.uptimeMillis());
        }
        if (decoder.version() == 10 && header.units() != ExporterState.UNKNOWN_UNITS && !hasUndecodable(packet)) {
            if (header.units() != expected) {
                differ(file, number, "records by which the sequence grows", expected, header.units());
            }
        }
    }

    private static boolean hasUndecodable(JsonNode packet) {
        return recordsBeforeUndecodable(packet) >= 0;
    }

    /** Returns how many records come before the first set that the expected file calls undecodable; -1 if there is none. */
    private static int recordsBeforeUndecodable(JsonNode packet) {
        int before = 0;
        for (JsonNode set : packet.path("sets")) {
            if (set.path("no_template").asBoolean()) {
                return before;
            }
            before += set.path("records").asInt();
        }
        return -1;
    }

    private DecodeResult decode(byte[] payload, Address sender) {
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        int offset = batch.append(
                Decoding.ENDPOINT, sender.high(), sender.low(), 40_000, Decoding.RECEIVED_AT_MILLIS, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
        datagram.view(batch, 0);
        flows.clear();
        long domain = decoder.domain(datagram);
        if (domain == FlowDecoder.NO_DOMAIN) {
            return DecodeResult.TRUNCATED;
        }
        TrackedExporter exporter = exporters.find(
                Decoding.ENDPOINT, sender.high(), sender.low(), decoder.version(), domain, Decoding.RECEIVED_AT_MILLIS);
        header = new ToldHeader(exporter);
        DecodeResult result = decoder.decode(datagram, header, flows);
        exporter.settle(flows, 0);
        if (!exporter.isKnown() && exporter != ExporterTable.NO_ROOM) {
            exporters.admit(exporter);
        }
        return result;
    }

    private static boolean hasReverse(JsonNode record) {
        for (String key : List.of("octets", "packets", "octets_total", "packets_total")) {
            if (record.path(REVERSE + key).asLong() != 0) {
                return true;
            }
        }
        return record.path("responder_octets").asLong() != 0
                || record.path("responder_packets").asLong() != 0;
    }

    private void compareReverse(CorpusFile file, int packet, JsonNode record, DecodedRow row) {
        for (String key : List.of("octets", "packets")) {
            for (String sent : List.of(REVERSE + key, REVERSE + key + "_total", "responder_" + key)) {
                if (record.has(sent)) {
                    compare(file, packet, sent, record.get(sent), row.fields().get(key));
                }
            }
        }
        compare(file, packet, "src", record.get("src"), row.fields().get("dst"));
        compare(file, packet, "dst", record.get("dst"), row.fields().get("src"));
    }

    private void compare(CorpusFile file, int packet, JsonNode record, DecodedRow row) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = record.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            String key = field.getKey();
            if (NO_COLUMN.contains(key) || key.startsWith(REVERSE) || key.startsWith("responder_")) {
                continue;
            }
            if (key.endsWith("_uptime_ms")
                    && !row.fields().containsKey(key)
                    && row.fields().containsKey("start_ms")) {
                continue; // The record has absolute times too, which go before.
            }
            compareColumn(file, packet, key, field.getValue(), record, row);
        }
        if (record.path("sampling_interval").asLong() > 1) {
            compare(file, packet, "sampling_interval", record.get("sampling_interval"), (long) row.samplingRate());
        }
    }

    private void compareColumn(
            CorpusFile file, int packet, String key, JsonNode value, JsonNode record, DecodedRow row) {
        Map<String, Object> columns = row.fields();
        switch (key) {
            case "octets_total", "packets_total", "initiator_octets", "initiator_packets" -> {
                String counter = key.contains("octets") ? "octets" : "packets";
                if (record.path(counter).asLong() == 0 && !key.startsWith("initiator")) {
                    compare(file, packet, key, value, columns.get(counter));
                } else if (!record.has(counter) && !record.has(counter + "_total")) {
                    compare(file, packet, key, value, columns.get(counter));
                }
            }
            case "octets", "packets" -> {
                JsonNode spare = record.path("post_" + key);
                if (value.asLong() != 0) {
                    compare(file, packet, key, value, columns.get(key));
                } else if (record.path(key + "_total").asLong() == 0) {
                    compare(file, packet, key, spare.asLong() == 0 ? value : spare, columns.get(key));
                }
            }
            case "dot1q_vlan" -> {
                if (!record.has("vlan")) {
                    compare(file, packet, key, value, columns.get("vlan"));
                }
            }
            case "icmp4_type", "icmp6_type" ->
                compare(file, packet, key, value, (long) columns.getOrDefault("icmp_type_code", -1L) >> 8);
            case "icmp4_code", "icmp6_code" ->
                compare(file, packet, key, value, (long) columns.getOrDefault("icmp_type_code", -1L) & 0xFF);
            case "observation_ms" -> {
                if (!record.has("start_ms") && !record.has("end_ms")) {
                    compare(file, packet, key, value, columns.get("end_ms"));
                }
            }
            case "src", "dst" -> {
                if (!isAmong(record.path("repeated").path(key), columns.get(key))) {
                    compare(file, packet, key, value, columns.get(key));
                }
            }
            default -> compare(file, packet, key, value, columns.get(key));
        }
    }

    /** A record with addresses of both families: the first stands under the key, and the other one is the flow's. */
    private static boolean isAmong(JsonNode repeated, @Nullable Object actual) {
        for (JsonNode each : repeated) {
            if (each.asText().equals(actual)) {
                return true;
            }
        }
        return false;
    }

    private void compare(CorpusFile file, int packet, String key, JsonNode expected, @Nullable Object actual) {
        Object wanted = expected.isTextual() ? expected.asText() : (Object) expected.asLong();
        if (!wanted.equals(actual)) {
            differ(file, packet, key, wanted, actual);
        }
    }

    private void differ(CorpusFile file, int packet, String what, Object expected, @Nullable Object actual) {
        differences.add(String.format(
                Locale.ROOT, "file=%s, packet=%d, %s: expected=%s, actual=%s", file, packet, what, expected, actual));
    }

    /** Returns the fields that flow batches have no column for, by the names that the corpus gives them. */
    public static SortedSet<String> fieldsWithoutColumn() {
        SortedSet<String> fields = new TreeSet<>(NO_COLUMN);
        fields.removeAll(PLACE);
        return fields;
    }

    /** Returns every difference found. */
    public List<String> differences() {
        return differences;
    }

    /** Returns how many flow records were compared. */
    public int records() {
        return records;
    }

    /** Returns how many headers were compared. */
    public int headers() {
        return headers;
    }

    /** Returns the rows of data that had waited for its template. */
    public int rowsOfWaiting() {
        return rowsOfWaiting;
    }
}
