// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

/** What is counted of the table of exporters. */
public enum ExporterCounter {
    /** Senders that became known with their first datagram that was not damaged. */
    ADMITTED,
    /** Newcomers that made room for others, or for the templates of others, before they had proven themselves. */
    EVICTED,
    /** Exporters that made room because they had been silent for long. */
    IDLE,
    /** Datagrams refused because the table is full of exporters that have proven themselves. */
    REFUSED,
    /** Datagrams refused because their endpoint has its share of exporters. */
    REFUSED_BY_ENDPOINT,
    /** Datagrams refused because their address has its share of observation domains. */
    REFUSED_BY_ADDRESS
}
