// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/** Which rows of an exporter count, so that a flow that a router reports twice is counted once. */
public enum CountingRule {
    /** Every row: right where each flow is metered at one place only. */
    ALL,
    /** No row: what the exporter sends is looked at, not counted. */
    NONE,
    /** Rows metered where the flow entered the router, and rows that do not say where. */
    INGRESS,
    /** Rows metered where the flow left the router. */
    EGRESS,
    /** Rows that enter or leave by one of the named interfaces: for routers that meter one direction everywhere. */
    INTERFACES,
    /**
     * Rows metered at one of the named interfaces: where they entered by it, or where they left by it after entering by none
     * of them; for routers that meter both directions.
     */
    INTERFACES_IN_OUT
}
