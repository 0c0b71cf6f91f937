// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.capture;

import org.flowtally.lib.lookup.Address;

/**
 * A UDP datagram as it was captured.
 *
 * @param source the address that it came from
 * @param sourcePort the port that it came from
 * @param destinationPort the port that it went to
 * @param payload what it carried
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record CapturedDatagram(Address source, int sourcePort, int destinationPort, byte[] payload) {}
