// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

/** What is known of an exporter's clock. */
public enum ClockState {
    /** Too little was heard to tell. */
    LEARNING,
    /** Right, within the tolerance. */
    GOOD,
    /** Off by more than the tolerance, steadily. */
    SKEWED,
    /** Never set since the exporter started: it counts from 1970, or from a midnight that its firmware knows. */
    UNSET,
    /** Stepped a moment ago; where it stands now is known, but not yet confirmed. */
    JUMPED
}
