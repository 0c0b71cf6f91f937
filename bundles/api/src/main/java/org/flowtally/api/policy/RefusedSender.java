// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

import java.time.Instant;

/**
 * A sender whose datagrams an endpoint refused.
 *
 * @param endpoint the endpoint's name
 * @param address the sender's address as text
 * @param version the version number in the last datagram refused, or -1 if it had none
 * @param datagrams datagrams refused
 * @param octets payload octets refused
 * @param firstSeen when the first was refused
 * @param lastSeen when the last was refused
 * @param reason why
 */
public record RefusedSender(
        String endpoint,
        String address,
        int version,
        long datagrams,
        long octets,
        Instant firstSeen,
        Instant lastSeen,
        Refusal reason) {}
