// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/** What becomes of the flow times of an exporter, given what is known of its clock. */
public enum ClockPolicy {
    /** Times are trusted; flows that end in the future beyond the tolerance are discarded. */
    DISCARD,
    /** Times are shifted by the exporter's measured clock error, once it is known. */
    CORRECT,
    /** The time of arrival takes the place of the export time: how long before its export a flow ran is trusted, no more. */
    ARRIVAL,
    /** Flows are held until the exporter's clock is known, and then corrected if they must be. */
    QUARANTINE
}
