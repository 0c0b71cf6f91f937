// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.util.Map;
import org.flowtally.api.flow.Verdict;

/**
 * What the ledger says of itself. Verdicts are counted across runs, since Flowtally was started.
 *
 * @param collectorId the collector's id
 * @param runId the id of this run
 * @param pagesWritten pages sealed and written in this run
 * @param entries usage entries in memory, not yet in a page
 * @param entriesBound how many there may be
 * @param verdicts rows by verdict; they add up to the rows taken
 * @param octets octets by verdict, scaled by sampling; those of a row that exceeds 64 bits count as none
 * @param lastFailure why the last page could not be written; empty if it could
 */
public record LedgerStatus(
        String collectorId,
        long runId,
        long pagesWritten,
        long entries,
        long entriesBound,
        Map<Verdict, Long> verdicts,
        Map<Verdict, Long> octets,
        String lastFailure) {}
