// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.endpoint;

/** What an endpoint does with the sampling interval that its exporters announce. */
public enum SamplingMode {
    /** Counters are scaled by the announced interval; an interval of 0 or 1 means unsampled. */
    APPLY,
    /** Announced intervals are ignored: counters are taken as sent. */
    IGNORE,
    /** Counters are scaled by the endpoint's own rate, whatever was announced. */
    FORCE
}
