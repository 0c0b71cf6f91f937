// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the clock guard. */
@ObjectClassDefinition(
        id = "org.flowtally.clockguard",
        name = "Flowtally clock guard",
        description = "Which flow times are believed.")
@interface ClockGuardConfig {
    /** How far in the future a flow may end. */
    @AttributeDefinition(
            name = "Future tolerance",
            description =
                    "Seconds. A flow that ends later than this after its arrival is discarded as IN_FUTURE: the clock"
                            + " of its exporter is ahead.",
            min = "0",
            max = "86400")
    int future_tolerance_seconds() default 30;

    /** How long ago a flow may have ended. */
    @AttributeDefinition(
            name = "Greatest age",
            description = "Hours. A flow that ended longer than this before its arrival is discarded as TOO_OLD.",
            min = "1",
            max = "876000")
    int age_max_hours() default 24;

    /** How long a flow may have lasted. */
    @AttributeDefinition(
            name = "Longest duration",
            description =
                    "Hours. The start of a flow that lasted longer than this is not believed: the whole flow is put at"
                            + " its end.",
            min = "1",
            max = "576")
    int duration_max_hours() default 192;
}
