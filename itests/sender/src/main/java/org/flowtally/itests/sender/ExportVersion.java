// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.util.Locale;

/** What a router exports. */
public enum ExportVersion {
    /** NetFlow v5: records of 48 octets; the sequence counts records. */
    V5(30),
    /** NetFlow v9: {@link TemplateLayout#ROUTER}; the sequence counts datagrams, those with templates too. */
    V9(30),
    /** IPFIX: {@link TemplateLayout#FIREWALL}; the sequence counts data records, those of options too. */
    IPFIX(26);

    private final int usualRecords;

    ExportVersion(int usualRecords) {
        this.usualRecords = usualRecords;
    }

    /** Returns how many records go into a datagram that still fits an Ethernet frame. */
    public int usualRecords() {
        return usualRecords;
    }

    /** Returns the version of a name in any case: v5, v9 or ipfix. */
    public static ExportVersion named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
