// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/** How messages reach an endpoint. */
public enum Transport {
    /** Datagrams, for every version. What finds no room is lost, and templates are sent again and again. */
    UDP,
    /** TCP connections, for IPFIX alone (RFC 7011 §10.4). Nothing is lost on the way; templates are sent once a connection. */
    TCP,
    /** TCP connections under TLS (RFC 7011 §11). */
    TLS;

    /** Returns whether messages come by connections, which lose nothing. */
    public boolean isConnected() {
        return this != UDP;
    }
}
