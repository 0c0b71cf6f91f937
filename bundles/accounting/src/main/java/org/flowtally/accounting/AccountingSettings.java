// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.flowtally.lib.report.ConfigurationValues;

/**
 * The checked configuration of accounting.
 *
 * @param collectorId the name of this collector
 * @param bucketMillis the length of a bucket
 * @param longestMillis how long a flow may claim to last
 * @param maxEntries how many entries each table of the ledger may have
 * @param pagesMaxOctets how many octets of pages may wait on disk
 */
record AccountingSettings(
        String collectorId, long bucketMillis, long longestMillis, int maxEntries, long pagesMaxOctets) {
    static final String PID = "org.flowtally.accounting";

    private static final Pattern COLLECTOR_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int DAY_SECONDS = 86_400;
    private static final int MEBIBYTE_SHIFT = 20;

    static AccountingSettings of(AccountingConfig config, Map<String, ?> given) {
        ConfigurationValues values = new ConfigurationValues(PID, AccountingConfig.class, given);
        String collectorId = config.collector_id().strip();
        if (!COLLECTOR_ID.matcher(collectorId).matches()) {
            throw values.refused("collector.id", "1 to 64 letters, digits, dots, dashes and underscores");
        }
        int bucketSeconds = values.number("bucket.seconds", config::bucket_seconds, 300, DAY_SECONDS);
        if (DAY_SECONDS % bucketSeconds != 0) {
            throw values.refused("bucket.seconds", "300..86400, a divisor of 86400");
        }
        return new AccountingSettings(
                collectorId,
                TimeUnit.SECONDS.toMillis(bucketSeconds),
                TimeUnit.HOURS.toMillis(values.number("flow.longest.hours", config::flow_longest_hours, 24, 576)),
                values.number("ledger.max.entries", config::ledger_max_entries, 1000, 4_000_000),
                (long) values.number("pages.max.mebibytes", config::pages_max_mebibytes, 1, 1_048_576)
                        << MEBIBYTE_SHIFT);
    }
}
