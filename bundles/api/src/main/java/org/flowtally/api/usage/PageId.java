// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

/**
 * The key under which a page is applied at most once.
 *
 * @param collectorId the collector
 * @param runId one run of its ledger: milliseconds since 1970 at its start in the upper 44 bits, chance in the lower 20
 * @param sequence the page's number in that run, from 1
 */
public record PageId(String collectorId, long runId, long sequence) {}
