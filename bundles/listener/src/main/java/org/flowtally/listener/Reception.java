// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import org.flowtally.lib.report.Counter;

/**
 * What outlives the socket of an endpoint: the settings in force and the counters. The settings are read by the receiving
 * thread and written by whoever changes them; the counters are written by the receiving thread.
 */
final class Reception {
    private volatile EndpointSettings settings;
    private final Counter datagrams = new Counter();
    private final Counter octets = new Counter();
    private final Counter oversized = new Counter();
    private final Counter handOffLost = new Counter();
    private final Counter errors = new Counter();
    private final ConnectionCounters connections = new ConnectionCounters();

    Reception(EndpointSettings settings) {
        this.settings = settings;
    }

    EndpointSettings settings() {
        return settings;
    }

    /** Puts other settings in force, from the next datagrams on. */
    void settings(EndpointSettings changed) {
        settings = changed;
    }

    /** Counts datagrams read from the socket, the oversized included, and messages read from connections. */
    Counter datagrams() {
        return datagrams;
    }

    /** Counts the payload octets read. */
    Counter octets() {
        return octets;
    }

    /** Counts datagrams larger than the largest that is taken. */
    Counter oversized() {
        return oversized;
    }

    /** Counts datagrams that found the hand-off full. */
    Counter handOffLost() {
        return handOffLost;
    }

    /** Counts failures caught in the handler. */
    Counter errors() {
        return errors;
    }

    /** Counts connections, where the transport has them. */
    ConnectionCounters connections() {
        return connections;
    }
}
