// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.lookup.Address;

/**
 * The ledger tables and the way a sum of pages is added to them: multi-row upserts in the order of the primary key, as text.
 * Owned by the thread that applies pages.
 */
final class LedgerTables {
    private static final int STATEMENT_LETTERS = 256 * 1024;

    private static final String USAGE = "ledger_usage_hourly";
    private static final String UNMATCHED = "ledger_unmatched_hourly";
    private static final String EXPORTER = "ledger_exporter_hourly";
    private static final String VERDICT = "ledger_exporter_verdict_hourly";
    private static final String EXPORTER_KEY = "bucket_start, collector_id, endpoint, realm, exporter, version, domain";
    private static final List<String> COUNTERS = List.of("bytes_in", "bytes_out", "packets_in", "packets_out", "flows");
    private static final List<String> EXPORTER_COUNTERS = List.of(
            "datagrams",
            "`rows`",
            "lost",
            "damaged",
            "octets",
            "octets_counted",
            "octets_discarded",
            "octets_unmatched");

    private static final Upsert USAGE_UPSERT =
            Upsert.of(USAGE, "bucket_start, collector_id, account_id, service_id, traffic_class", COUNTERS, true);
    private static final Upsert UNMATCHED_UPSERT =
            Upsert.of(UNMATCHED, "bucket_start, collector_id, realm, address", COUNTERS, true);
    private static final Upsert EXPORTER_UPSERT = Upsert.of(EXPORTER, EXPORTER_KEY, EXPORTER_COUNTERS, false);
    private static final Upsert VERDICT_UPSERT =
            Upsert.of(VERDICT, EXPORTER_KEY + ", verdict", List.of("`rows`", "octets"), false);

    private final DayPartitions partitions = new DayPartitions();
    private final StringBuilder sql = new StringBuilder(STATEMENT_LETTERS + 4096);
    private final Map<Long, String> bucketTexts = new HashMap<>();

    /** The fixed parts of a statement. */
    private record Upsert(String head, String tail) {
        static Upsert of(String table, String key, List<String> counters, boolean hasQuality) {
            StringBuilder tail = new StringBuilder(" ON DUPLICATE KEY UPDATE ");
            for (String counter : counters) {
                tail.append(counter)
                        .append(" = ")
                        .append(counter)
                        .append(" + VALUES(")
                        .append(counter)
                        .append("), ");
            }
            tail.append(hasQuality ? "quality = quality | VALUES(quality), " : "");
            tail.append("stamp_updated = VALUES(stamp_updated)");
            String head = "INSERT INTO " + table + " (" + key + ", " + String.join(", ", counters)
                    + (hasQuality ? ", quality" : "") + ", stamp_inserted, stamp_updated) VALUES ";
            return new Upsert(head, tail.toString());
        }
    }

    /** Writes the row of one entry up to its counters. */
    private interface KeyText<K> {
        void append(K key);
    }

    /** Forgets what it knows of the database. */
    void forget() {
        partitions.forget();
        bucketTexts.clear();
    }

    /** Makes partitions for the days of a sum and for the day after, so that midnight waits for nobody. */
    void prepare(Connection connection, PageSum sum) throws SQLException {
        prepare(connection, USAGE, sum.usageDays());
        prepare(connection, UNMATCHED, sum.unmatchedDays());
        prepare(connection, EXPORTER, sum.exporterDays());
        prepare(connection, VERDICT, sum.exporterDays());
    }

    /** Adds a sum, within the transaction that is open. */
    void add(Connection connection, String collectorId, PageSum sum, long nowMillis) throws SQLException {
        StringBuilder collector = new StringBuilder();
        SqlText.appendText(collector, collectorId);
        String now = ",'" + SqlText.dateTime(nowMillis) + "','" + SqlText.dateTime(nowMillis) + "')";
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            add(statement, USAGE_UPSERT, sum.usage(), now, key -> {
                appendHead(key.bucketStartMillis(), collector);
                appendText(key.accountId());
                appendText(key.serviceId());
                appendText(key.trafficClass());
            });
            add(statement, UNMATCHED_UPSERT, sum.unmatched(), now, key -> {
                appendHead(key.bucketStartMillis(), collector);
                appendText(key.realm());
                appendAddress(key.addressHigh(), key.addressLow());
            });
            add(statement, EXPORTER_UPSERT, sum.exporters(), now, key -> appendExporter(key, collector));
            add(statement, VERDICT_UPSERT, sum.verdicts(), now, key -> {
                appendExporter(key.exporter(), collector);
                appendText(key.verdict());
            });
        }
    }

    private void appendExporter(PageSum.ExporterKey key, StringBuilder collector) {
        Exporter exporter = key.exporter();
        appendHead(key.bucketStartMillis(), collector);
        appendText(exporter.endpoint());
        appendText(exporter.realm());
        appendText(exporter.sender());
        sql.append(',').append(exporter.version()).append(',');
        SqlText.appendUnsigned(sql, exporter.domain());
    }

    private void prepare(Connection connection, String table, NavigableSet<LocalDate> days) throws SQLException {
        if (!days.isEmpty()) {
            days.add(days.last().plusDays(1));
            partitions.ensure(connection, table, days);
        }
    }

    private <K> void add(
            Statement statement, Upsert upsert, List<Map.Entry<K, long[]>> entries, String stamps, KeyText<K> keyText)
            throws SQLException {
        sql.setLength(0);
        for (Map.Entry<K, long[]> entry : entries) {
            sql.append(sql.length() == 0 ? upsert.head() : ",");
            keyText.append(entry.getKey());
            for (long counter : entry.getValue()) {
                sql.append(',');
                SqlText.appendUnsigned(sql, counter);
            }
            sql.append(stamps);
            if (sql.length() >= STATEMENT_LETTERS) {
                execute(statement, upsert);
            }
        }
        if (sql.length() > 0) {
            execute(statement, upsert);
        }
    }

    private void execute(Statement statement, Upsert upsert) throws SQLException {
        statement.execute(sql.append(upsert.tail()).toString());
        sql.setLength(0);
    }

    private void appendHead(long bucketStartMillis, StringBuilder collector) {
        String bucket = bucketTexts.get(bucketStartMillis);
        if (bucket == null) {
            bucket = "('" + SqlText.dateTime(bucketStartMillis) + "',";
            bucketTexts.put(bucketStartMillis, bucket);
        }
        sql.append(bucket).append(collector);
    }

    private void appendText(String text) {
        sql.append(',');
        SqlText.appendText(sql, text);
    }

    private void appendAddress(long high, long low) {
        sql.append(",'");
        Address.appendTo(sql, high, low);
        sql.append('\'');
    }
}
