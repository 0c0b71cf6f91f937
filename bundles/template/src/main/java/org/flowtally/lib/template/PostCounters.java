// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/**
 * What the counters behind an exporter (elements 23 and 24, OUT_BYTES and OUT_PKTS of v9) stand for. Standards leave it open
 * whether they repeat what was counted before, replace it, or count the answers, so exporters do each of these.
 */
public enum PostCounters {
    /** Counted where nothing else counts: the template has no other counter, or the record has zeros there. */
    SPARE,
    /** Counted instead of what came in: what the exporter dropped is not billed then. */
    INSTEAD,
    /** Counted as the opposite direction of the same flow, a row of its own, beside what came in. */
    REVERSE,
    /** Never counted. */
    IGNORE
}
