// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

import org.flowtally.lib.lookup.Address;

/**
 * A source of flows: an address and observation domain that sends one version to one endpoint; where the endpoint tells
 * exporters apart by port, a port of that address. Equal facts mean the same
 * exporter, whichever bundle made the record.
 *
 * @param endpoint the name of the endpoint it sends to
 * @param realm the address space of that endpoint
 * @param addressHigh the upper half of its address (IPv4 as ::ffff:a.b.c.d)
 * @param addressLow the lower half of its address
 * @param version the export version: 1, 5, 7, 8, 9 or 10
 * @param domain observation domain, source id, or engine type * 256 + engine id
 * @param port the source port where it tells exporters apart, else 0
 */
public record Exporter(
        String endpoint, String realm, long addressHigh, long addressLow, int version, long domain, int port) {
    /** Makes an exporter that sends from any port of its address. */
    public Exporter(String endpoint, String realm, long addressHigh, long addressLow, int version, long domain) {
        this(endpoint, realm, addressHigh, addressLow, version, domain, 0);
    }

    /** Returns the address as text. */
    public String address() {
        return Address.text(addressHigh, addressLow);
    }

    /** Returns the address as text, followed by {@code #} and the port where that tells exporters apart. */
    public String sender() {
        return port == 0 ? address() : address() + '#' + port;
    }
}
