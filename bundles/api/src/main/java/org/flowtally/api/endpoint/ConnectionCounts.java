// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/**
 * The connections of an endpoint whose {@link Transport} has them; counted since the listener started.
 *
 * @param open connections open now
 * @param accepted connections accepted, those refused not included
 * @param notAllowed connections refused because {@code allowed.subnets} does not name their address
 * @param tooMany connections refused because there were too many, of all or of one address
 * @param malformed connections closed because what came was no IPFIX message: a wrong version, a length under 16
 * @param timedOut connections closed because nothing came for too long, or the rest of a message did not
 * @param notSecured connections closed because the TLS handshake failed
 */
public record ConnectionCounts(
        int open, long accepted, long notAllowed, long tooMany, long malformed, long timedOut, long notSecured) {
    /** The counts of an endpoint without connections. */
    public static final ConnectionCounts NONE = new ConnectionCounts(0, 0, 0, 0, 0, 0, 0);
}
