// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.Ipv4;

/**
 * What the usage tables must say, computed flow by flow from the promises of the design and with none of the product's code:
 * slow, simple, in exact integers of any size.
 */
final class ExpectedUsage {
    static final int SCALED = 1;
    static final int GAP = 8;

    private static final long HOUR_MILLIS = 3_600_000;
    private static final DateTimeFormatter SQL_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final List<Assignment> assignments = new ArrayList<>();
    private final List<String> homeNetworks = new ArrayList<>();
    private final Map<String, Sums> usage = new TreeMap<>();
    private final Map<String, Sums> unmatched = new TreeMap<>();
    private final Map<String, BigInteger[]> exporters = new TreeMap<>();
    private long counted;
    private long noSubscriber;

    /** A prefix held by a subscriber during [from, to). */
    record Assignment(String prefix, String accountId, String serviceId, long fromMillis, long toMillis) {
        boolean holds(int address, long millis) {
            return contains(prefix, address) && millis >= fromMillis && millis < toMillis;
        }

        /** Returns the statement that tells the database. */
        String insert() {
            return "INSERT INTO ip_assignment (realm, prefix, account_id, service_id, valid_from, valid_to)"
                    + " VALUES ('', '%s', '%s', '%s', '%s', %s)"
                            .formatted(
                                    prefix,
                                    accountId,
                                    serviceId,
                                    sqlTime(fromMillis),
                                    toMillis == Long.MAX_VALUE ? "NULL" : "'" + sqlTime(toMillis) + "'");
        }
    }

    private static final class Sums {
        private BigInteger bytesIn = BigInteger.ZERO;
        private BigInteger bytesOut = BigInteger.ZERO;
        private BigInteger packetsIn = BigInteger.ZERO;
        private BigInteger packetsOut = BigInteger.ZERO;
        private long flows;
        private int quality;

        private void add(boolean isIn, BigInteger octets, BigInteger packets, int addedFlows, int bits) {
            if (isIn) {
                bytesIn = bytesIn.add(octets);
                packetsIn = packetsIn.add(packets);
            } else {
                bytesOut = bytesOut.add(octets);
                packetsOut = packetsOut.add(packets);
            }
            flows += addedFlows;
            quality |= bits;
        }

        @Override
        public String toString() {
            return bytesIn + "|" + bytesOut + "|" + packetsIn + "|" + packetsOut + "|" + flows + "|" + quality;
        }
    }

    /** A stretch of a flow within one hour and with one holder of the address. */
    private record Part(Optional<Assignment> holder, long bucketMillis, BigInteger octets, BigInteger packets) {}

    void assign(Assignment assignment) {
        assignments.add(assignment);
    }

    void home(String prefix) {
        homeNetworks.add(prefix);
    }

    List<Assignment> assignments() {
        return assignments;
    }

    /**
     * Books a flow.
     *
     * @param exporter who reports it, as the table names it: {@code address|domain}
     * @param scale by how much its counters are multiplied
     * @param quality what is said of it
     */
    void take(String exporter, int scale, int quality, Flow flow) {
        BigInteger octets = BigInteger.valueOf(flow.octets()).multiply(BigInteger.valueOf(scale));
        BigInteger packets = BigInteger.valueOf(flow.packets()).multiply(BigInteger.valueOf(scale));
        int bits = scale > 1 ? quality | SCALED : quality;
        List<Part> out = parts(flow, flow.source(), octets, packets);
        List<Part> in = parts(flow, flow.destination(), octets, packets);
        boolean isOneParty = subscriber(out.get(0)).equals(subscriber(in.get(0)))
                && (out.get(0).holder().isPresent() || flow.source().equals(flow.destination()));
        credit(flow.source(), false, out, 1, bits);
        credit(flow.destination(), true, in, isOneParty ? 0 : 1, bits);

        boolean isCounted = out.stream().anyMatch(part -> part.holder().isPresent())
                || in.stream().anyMatch(part -> part.holder().isPresent());
        BigInteger[] sums = exporters.computeIfAbsent(
                exporter, key -> new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO});
        sums[0] = sums[0].add(BigInteger.ONE);
        sums[1] = sums[1].add(octets);
        sums[isCounted ? 2 : 3] = sums[isCounted ? 2 : 3].add(octets);
        if (isCounted) {
            counted++;
        } else {
            noSubscriber++;
        }
    }

    /** Returns rows as {@link #USAGE_QUERY} yields them. */
    List<String> usage() {
        return rows(usage);
    }

    /** Returns rows as {@link #UNMATCHED_QUERY} yields them. */
    List<String> unmatched() {
        return rows(unmatched);
    }

    /** Returns rows as {@link #EXPORTER_QUERY} yields them. */
    List<String> exporters() {
        return exporters.entrySet().stream()
                .map(entry -> entry.getKey() + "|" + entry.getValue()[0] + "|" + entry.getValue()[1] + "|"
                        + entry.getValue()[2] + "|" + entry.getValue()[3])
                .sorted()
                .toList();
    }

    /** Returns rows as {@link #DATA_USAGES_QUERY} yields them. */
    List<String> dataUsages() {
        Map<String, BigInteger[]> sums = new TreeMap<>();
        usage.forEach((key, value) -> {
            String[] columns = key.split("\\|", -1);
            BigInteger[] sum = sums.computeIfAbsent(
                    columns[0] + "|" + columns[2], any -> new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO});
            sum[0] = sum[0].add(value.bytesIn);
            sum[1] = sum[1].add(value.bytesOut);
        });
        return sums.entrySet().stream()
                .map(entry -> entry.getKey() + "|" + entry.getValue()[0] + "|" + entry.getValue()[1])
                .sorted()
                .toList();
    }

    long rows() {
        return counted + noSubscriber;
    }

    long counted() {
        return counted;
    }

    long noSubscriber() {
        return noSubscriber;
    }

    static final String USAGE_QUERY = "SELECT account_id, service_id, bucket_start, bytes_in, bytes_out, packets_in,"
            + " packets_out, flows, quality & 9 FROM usage_hourly";
    static final String UNMATCHED_QUERY = "SELECT realm, address, bucket_start, bytes_in, bytes_out, packets_in,"
            + " packets_out, flows, quality & 9 FROM usage_unmatched";
    static final String EXPORTER_QUERY = "SELECT exporter, domain, SUM(`rows`), SUM(octets), SUM(octets_counted),"
            + " SUM(octets_unmatched) FROM exporter_hourly GROUP BY exporter, domain";
    /** Exporters and hours whose verdicts do not add up to what they sent. */
    static final String MISFIT_QUERY =
            "SELECT exporter, bucket_start, sent, octets_sent, judged, octets_judged FROM (SELECT exporter, endpoint, realm,"
                    + " version, domain, bucket_start, `rows` AS sent, octets AS octets_sent FROM exporter_hourly) AS s"
                    + " LEFT JOIN (SELECT exporter, endpoint, realm, version, domain, bucket_start, SUM(`rows`) AS judged,"
                    + " SUM(octets) AS octets_judged FROM exporter_verdict_hourly GROUP BY exporter, endpoint, realm, version,"
                    + " domain, bucket_start) AS j USING (exporter, endpoint, realm, version, domain, bucket_start)"
                    + " WHERE sent <> COALESCE(judged, 0) OR octets_sent <> COALESCE(octets_judged, 0)";

    static final String DATA_USAGES_QUERY =
            "SELECT account_id, end_time - INTERVAL 1 HOUR, bytes_in, bytes_out FROM data_usages";

    static String sqlTime(long millis) {
        return SQL_TIME.format(Instant.ofEpochMilli(millis));
    }

    private void credit(String address, boolean isIn, List<Part> parts, int flows, int quality) {
        for (int number = 0; number < parts.size(); number++) {
            Part part = parts.get(number);
            int partFlows = number == 0 ? flows : 0;
            if (partFlows == 0 && part.octets().signum() == 0 && part.packets().signum() == 0 && number > 0) {
                continue;
            }
            String bucket = "|" + sqlTime(part.bucketMillis());
            if (part.holder().isPresent()) {
                usage.computeIfAbsent(subscriber(part) + bucket, key -> new Sums())
                        .add(isIn, part.octets(), part.packets(), partFlows, quality);
            } else if (isHome(Ipv4.parse(address))) {
                unmatched
                        .computeIfAbsent("|" + address + bucket, key -> new Sums())
                        .add(isIn, part.octets(), part.packets(), partFlows, quality);
            }
        }
    }

    private List<Part> parts(Flow flow, String address, BigInteger octets, BigInteger packets) {
        int bits = Ipv4.parse(address);
        TreeSet<Long> cuts = new TreeSet<>();
        long duration = flow.endMillis() - flow.startMillis();
        for (long hour = Math.floorDiv(flow.startMillis(), HOUR_MILLIS) + 1;
                hour * HOUR_MILLIS < flow.endMillis();
                hour++) {
            cuts.add(hour * HOUR_MILLIS);
        }
        for (Assignment assignment : assignments) {
            for (long cut : new long[] {assignment.fromMillis(), assignment.toMillis()}) {
                if (contains(assignment.prefix(), bits) && cut > flow.startMillis() && cut < flow.endMillis()) {
                    cuts.add(cut);
                }
            }
        }
        cuts.add(flow.endMillis());
        List<Part> parts = new ArrayList<>();
        BigInteger octetsBefore = BigInteger.ZERO;
        BigInteger packetsBefore = BigInteger.ZERO;
        long from = flow.startMillis();
        for (long to : cuts) {
            BigInteger octetsSoFar = share(octets, to - flow.startMillis(), duration);
            BigInteger packetsSoFar = share(packets, to - flow.startMillis(), duration);
            parts.add(new Part(
                    holder(bits, from),
                    Math.floorDiv(from, HOUR_MILLIS) * HOUR_MILLIS,
                    octetsSoFar.subtract(octetsBefore),
                    packetsSoFar.subtract(packetsBefore)));
            octetsBefore = octetsSoFar;
            packetsBefore = packetsSoFar;
            from = to;
        }
        return parts;
    }

    private static BigInteger share(BigInteger whole, long elapsed, long duration) {
        return duration == 0
                ? whole
                : whole.multiply(BigInteger.valueOf(elapsed)).divide(BigInteger.valueOf(duration));
    }

    /** Returns the longest prefix that held the address at that time. */
    private Optional<Assignment> holder(int address, long millis) {
        return assignments.stream()
                .filter(assignment -> assignment.holds(address, millis))
                .max((one, other) -> Integer.compare(length(one.prefix()), length(other.prefix())));
    }

    private boolean isHome(int address) {
        return homeNetworks.stream().anyMatch(prefix -> contains(prefix, address));
    }

    private static String subscriber(Part part) {
        return part.holder()
                .map(holder -> holder.accountId() + "|" + holder.serviceId())
                .orElse("");
    }

    private static List<String> rows(Map<String, Sums> sums) {
        return sums.entrySet().stream()
                .map(entry -> entry.getKey() + "|" + entry.getValue())
                .sorted()
                .toList();
    }

    private static boolean contains(String prefix, int address) {
        int length = length(prefix);
        int mask = length == 0 ? 0 : -1 << (32 - length);
        return ((Ipv4.parse(prefix.substring(0, prefix.indexOf('/'))) ^ address) & mask) == 0;
    }

    private static int length(String prefix) {
        return Integer.parseInt(prefix.substring(prefix.indexOf('/') + 1));
    }
}
