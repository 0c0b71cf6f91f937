// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

import org.flowtally.lib.lookup.Address;

/**
 * A source of flows: an address and observation domain that sends one version to one endpoint. Equal facts mean the same
 * exporter, whichever bundle made the record.
 *
 * @param endpoint the name of the endpoint it sends to
 * @param realm the address space of that endpoint
 * @param addressHigh the upper half of its address (IPv4 as ::ffff:a.b.c.d)
 * @param addressLow the lower half of its address
 * @param version the export version: 1, 5, 7, 8, 9 or 10
 * @param domain observation domain, source id, or engine type * 256 + engine id
 */
public record Exporter(String endpoint, String realm, long addressHigh, long addressLow, int version, long domain) {
    /** Returns the address as text. */
    public String address() {
        return Address.text(addressHigh, addressLow);
    }
}
