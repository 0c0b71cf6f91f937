// SPDX-License-Identifier: Apache-2.0
package org.flowtally.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flowtally.api.usage.UsagePage;
import org.flowtally.lib.page.PageFile;

/**
 * Some waiting pages of one collector and the one transaction that applies them. Owned by the thread that applies pages.
 */
final class PageBatch {
    private final String collectorId;
    private final List<PageFile> files = new ArrayList<>();
    private final List<UsagePage> pages = new ArrayList<>();

    PageBatch(String collectorId) {
        this.collectorId = collectorId;
    }

    void add(PageFile file, UsagePage page) {
        files.add(file);
        pages.add(page);
    }

    String collectorId() {
        return collectorId;
    }

    /** Returns the files, in the order of the pages. */
    List<PageFile> files() {
        return files;
    }

    /**
     * Adds to the tables what does not stand there yet, all or nothing.
     *
     * @return how many pages were added
     * @throws ArithmeticException if the pages cannot be added up
     */
    int apply(Connection connection, LedgerTables tables, long nowMillis) throws SQLException {
        PageSum sum = sum(pages);
        tables.prepare(connection, sum); // Statements that change tables end a transaction, so they come before it.
        connection.setAutoCommit(false);
        try {
            List<UsagePage> missing = claimMissing(connection, nowMillis);
            tables.add(connection, collectorId, missing.size() == pages.size() ? sum : sum(missing), nowMillis);
            connection.commit();
            connection.setAutoCommit(true);
            return missing.size();
        } catch (SQLException | ArithmeticException failure) {
            rollBack(connection, failure);
            throw failure;
        }
    }

    private List<UsagePage> claimMissing(Connection connection, long nowMillis) throws SQLException {
        Map<Long, AppliedPages> runs = new HashMap<>();
        List<UsagePage> missing = new ArrayList<>(pages.size());
        long sealedAtMillis = 0;
        for (UsagePage page : pages) {
            AppliedPages applied = runs.get(page.id().runId());
            if (applied == null) {
                applied = AppliedPages.of(connection, page.id());
                runs.put(page.id().runId(), applied);
            }
            if (!applied.contains(page.id().sequence())) {
                applied.add(page.id().sequence());
                missing.add(page);
                sealedAtMillis = Math.max(sealedAtMillis, page.sealedAtMillis());
            }
        }
        for (AppliedPages applied : runs.values()) {
            applied.save(connection, sealedAtMillis, nowMillis);
        }
        return missing;
    }

    private static PageSum sum(List<UsagePage> pages) {
        PageSum sum = new PageSum();
        pages.forEach(sum::add);
        return sum;
    }

    private static void rollBack(Connection connection, Exception failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException broken) { // The server rolls back what a broken connection leaves.
            failure.addSuppressed(broken);
        }
    }
}
