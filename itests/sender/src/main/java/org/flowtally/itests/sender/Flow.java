// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

/**
 * What a router saw, in the words of a test: addresses as text, times since 1970.
 *
 * @param source the source address
 * @param destination the destination address
 * @param packets packets as sent, before sampling
 * @param octets octets as sent, before sampling
 * @param startMillis the first packet, milliseconds since 1970
 * @param endMillis the last packet, milliseconds since 1970
 */
public record Flow(String source, String destination, long packets, long octets, long startMillis, long endMillis) {}
