// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import org.flowtally.itests.contract.DecodedRow;

/**
 * What the rows of a file's own records add up to. It can be compared with the expected total unless a record counts by
 * another rule there: a running total, or a post counter beside a delta of 0.
 */
final class CaseTotal {
    private long octets;
    private long packets;
    private boolean isComparable = true;

    void add(JsonNode record, DecodedRow row) {
        octets += (long) row.fields().getOrDefault("octets", 0L);
        packets += (long) row.fields().getOrDefault("packets", 0L);
        boolean hasTotals = record.has("octets_total") || record.has("packets_total");
        boolean hasSpare = record.has("post_octets") && record.path("octets").asLong() == 0;
        isComparable &= !hasTotals && !hasSpare;
    }

    void leaveOut() {
        isComparable = false;
    }

    boolean isComparable() {
        return isComparable;
    }

    long octets() {
        return octets;
    }

    long packets() {
        return packets;
    }
}
