// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/** By which of its addresses a flow belongs to a subscriber, where the exporter tells those behind a translation too. */
public enum MatchAddress {
    /** The addresses as the exporter saw them first. */
    ORIGINAL,
    /** The addresses behind the translation, where there are any. */
    POST_NAT,
    /** The original addresses, and those behind the translation where nobody is known to hold the original one. */
    EITHER
}
