// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.util.List;

/**
 * The sealed usage of about a second: additions that hold whatever the order in which pages are applied.
 *
 * @param id the key under which it is applied at most once
 * @param sealedAtMillis when it was sealed, milliseconds since 1970
 * @param usage additions per subscriber and bucket
 * @param unmatched additions per unmatched home address and bucket
 * @param exporters additions per exporter and hour
 */
public record UsagePage(
        PageId id,
        long sealedAtMillis,
        List<UsageTotal> usage,
        List<UnmatchedTotal> unmatched,
        List<ExporterTotal> exporters) {}
