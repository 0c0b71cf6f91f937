// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of accounting: names, buckets and bounds of the ledger. */
@ObjectClassDefinition(
        id = AccountingSettings.PID,
        name = "Flowtally accounting",
        description = "The usage ledger: names, buckets and bounds.")
@interface AccountingConfig {
    /** The name of this collector. */
    @AttributeDefinition(
            name = "Collector id",
            description = "The name of this collector in every usage row; 1 to 64 letters, digits, dots, dashes and"
                    + " underscores. Two living collectors on one database must not share it.")
    String collector_id() default "collector-1";

    /** The length of a bucket. */
    @AttributeDefinition(
            name = "Bucket length",
            description =
                    "Seconds of a usage bucket, aligned to UTC midnight; 300 to 86400, must divide a day. The views"
                            + " call it an hour: another length is for trials.",
            min = "300",
            max = "86400")
    int bucket_seconds() default 3600;

    /** The longest flow that is believed. */
    @AttributeDefinition(
            name = "Longest flow",
            description =
                    "Hours that a flow may last; what claims to last longer is spread over so many hours before its"
                            + " end.",
            min = "24",
            max = "576")
    int flow_longest_hours() default 168;

    /** How large the ledger may become. */
    @AttributeDefinition(
            name = "Ledger entries",
            description =
                    "How many entries (subscriber and bucket) the ledger may hold while pages cannot be written, 64"
                            + " octets of memory each, and as many for unmatched addresses. Rows beyond are lost and counted as"
                            + " LEDGER_FULL.",
            min = "1000",
            max = "4000000")
    int ledger_max_entries() default 500_000;

    /** How many octets of pages may wait. */
    @AttributeDefinition(
            name = "Waiting pages",
            description = "MiB of disk that pages may take while the database is away; beyond it usage stays in memory,"
                    + " within the bound of the ledger.",
            min = "1",
            max = "1048576")
    int pages_max_mebibytes() default 4096;
}
