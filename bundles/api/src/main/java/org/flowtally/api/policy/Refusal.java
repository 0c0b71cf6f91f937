// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.policy;

/** Why datagrams of a sender were refused. */
public enum Refusal {
    /** The endpoint does not allow its address. */
    NOT_ALLOWED,
    /** It sent more than the endpoint grants one sender. */
    OVER_BUDGET
}
