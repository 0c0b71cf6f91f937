// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.usage;

import java.time.Instant;

/**
 * A question to the usage tables.
 *
 * @param accountId the account asked for; empty means all
 * @param from the first bucket, inclusive
 * @param to the end, exclusive
 * @param limit how many rows at most, the largest first
 */
public record UsageQuery(String accountId, Instant from, Instant to, int limit) {}
