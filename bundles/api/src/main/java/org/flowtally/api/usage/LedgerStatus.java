// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.util.Map;
import org.flowtally.api.flow.Verdict;

/**
 * What the ledger says of itself. Counters run since the ledger's start.
 *
 * @param collectorId the collector's id
 * @param runId the id of this run
 * @param pagesWritten pages sealed and written
 * @param entries usage entries in memory, not yet in a page
 * @param entriesBound how many there may be
 * @param verdicts rows by verdict; they add up to the rows taken
 * @param lastFailure why the last page could not be written; empty if it could
 */
public record LedgerStatus(
        String collectorId,
        long runId,
        long pagesWritten,
        long entries,
        long entriesBound,
        Map<Verdict, Long> verdicts,
        String lastFailure) {}
