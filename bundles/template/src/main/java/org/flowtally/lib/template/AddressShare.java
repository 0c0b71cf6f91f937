// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/** What the exporters of one address take together: whoever forges domains shares one lot. One writer. */
final class AddressShare {
    private int exporters;
    private long octets;

    int exporters() {
        return exporters;
    }

    void addExporters(int more) {
        exporters += more;
    }

    long octets() {
        return octets;
    }

    void addOctets(long more) {
        octets += more;
    }
}
