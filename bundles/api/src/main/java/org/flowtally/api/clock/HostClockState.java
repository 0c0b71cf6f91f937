// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

/** What is known of this host's own clock. */
public enum HostClockState {
    /** No time server is configured, or none answers. */
    UNKNOWN,
    /** Right, within the tolerance. */
    SYNCHRONISED,
    /** Off by more than the tolerance: exporters cannot be judged by it. */
    DRIFTING
}
