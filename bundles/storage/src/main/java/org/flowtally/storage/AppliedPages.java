// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.flowtally.api.usage.PageId;

/**
 * The pages of one run that stand in the ledger tables, read and written within the transaction that applies more of them.
 * They are kept as ranges of page numbers: a run of a year is one row, and a page put aside leaves a hole that it may still
 * fill.
 */
final class AppliedPages {
    private final String collectorId;
    private final long runId;
    private final NavigableMap<Long, Long> stored = new TreeMap<>();
    private final NavigableMap<Long, Long> lastByFirst = new TreeMap<>();

    private AppliedPages(String collectorId, long runId) {
        this.collectorId = collectorId;
        this.runId = runId;
    }

    /** Reads what stands of the run to which a page belongs, and keeps others from changing it meanwhile. */
    static AppliedPages of(Connection connection, PageId page) throws SQLException {
        AppliedPages pages = new AppliedPages(page.collectorId(), page.runId());
        try (PreparedStatement select = connection.prepareStatement("SELECT first_sequence, last_sequence"
                + " FROM applied_page WHERE collector_id = ? AND run_id = ? FOR UPDATE")) {
            pages.setRun(select);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    pages.stored.put(result.getLong(1), result.getLong(2));
                }
            }
        }
        pages.lastByFirst.putAll(pages.stored);
        return pages;
    }

    boolean contains(long sequence) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(sequence);
        return range != null && sequence <= range.getValue();
    }

    /** Adds a page that is not contained yet; {@link #save} writes it. */
    void add(long sequence) {
        long first = sequence;
        long last = sequence;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(sequence);
        if (before != null && before.getValue() == sequence - 1) {
            first = before.getKey();
        }
        Long after = lastByFirst.remove(sequence + 1);
        if (after != null) {
            last = after;
        }
        lastByFirst.put(first, last);
    }

    /** Writes what was added. */
    void save(Connection connection, long sealedAtMillis, long nowMillis) throws SQLException {
        for (long first : stored.keySet()) {
            if (!lastByFirst.containsKey(first)) {
                delete(connection, first);
            }
        }
        for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
            Long lastBefore = stored.get(range.getKey());
            if (lastBefore == null || !lastBefore.equals(range.getValue())) {
                write(connection, range.getKey(), range.getValue(), lastBefore != null, sealedAtMillis, nowMillis);
            }
        }
    }

    private void write(
            Connection connection, long first, long last, boolean isThere, long sealedAtMillis, long nowMillis)
            throws SQLException {
        String sql = isThere
                ? "UPDATE applied_page SET last_sequence = ?, sealed_at = ?, applied_at = ?"
                        + " WHERE collector_id = ? AND run_id = ? AND first_sequence = ?"
                : "INSERT INTO applied_page (last_sequence, sealed_at, applied_at, collector_id, run_id, first_sequence)"
                        + " VALUES (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement write = connection.prepareStatement(sql)) {
            write.setLong(1, last);
            write.setString(2, SqlText.dateTimeMillis(sealedAtMillis));
            write.setString(3, SqlText.dateTimeMillis(nowMillis));
            write.setString(4, collectorId);
            write.setLong(5, runId);
            write.setLong(6, first);
            write.execute();
        }
    }

    private void delete(Connection connection, long first) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM applied_page WHERE collector_id = ? AND run_id = ? AND first_sequence = ?")) {
            setRun(delete);
            delete.setLong(3, first);
            delete.execute();
        }
    }

    private void setRun(PreparedStatement statement) throws SQLException {
        statement.setString(1, collectorId);
        statement.setLong(2, runId);
    }
}
