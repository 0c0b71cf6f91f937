// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

import java.time.Instant;
import java.util.Optional;

/**
 * One row of the table {@code ip_assignment}, as text and instants; nothing is checked yet.
 *
 * @param realm the address space; empty by default
 * @param prefix the prefix in CIDR form
 * @param accountId the customer's account
 * @param serviceId the line or device; may be empty
 * @param validFrom from when the prefix is held, inclusive, UTC
 * @param validTo until when it is held, exclusive, UTC; empty means that it still is
 */
public record AssignmentRow(
        String realm,
        String prefix,
        String accountId,
        String serviceId,
        Instant validFrom,
        Optional<Instant> validTo) {}
