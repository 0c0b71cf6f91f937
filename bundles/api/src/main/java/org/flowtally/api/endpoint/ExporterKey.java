// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/** What an endpoint tells exporters apart by, beside version and observation domain. */
public enum ExporterKey {
    /** The source address: an exporter that sends from another port after a restart is still the same. */
    ADDRESS,
    /** Source address and port: several exporters behind one address are several. */
    ADDRESS_AND_PORT
}
