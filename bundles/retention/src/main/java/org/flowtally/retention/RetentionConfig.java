// SPDX-License-Identifier: Apache-2.0
package org.flowtally.retention;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of retention: how many days each kind of row is kept. */
@ObjectClassDefinition(
        id = RetentionSettings.PID,
        name = "Flowtally retention",
        description = "How many days each kind of row is kept.")
@interface RetentionConfig {
    /** How long hourly usage is kept. */
    @AttributeDefinition(
            name = "Usage",
            description = "Days that usage per subscriber and hour is kept; 1 to 36500. Keep it until no invoice can be"
                    + " contested any more.",
            min = "1",
            max = "36500")
    int usage_hourly_keep_days() default 190;

    /** How long unmatched usage is kept. */
    @AttributeDefinition(
            name = "Unmatched usage",
            description = "Days that usage of home addresses without a subscriber is kept; 1 to 36500.",
            min = "1",
            max = "36500")
    int unmatched_keep_days() default 30;

    /** How long exporter hours are kept. */
    @AttributeDefinition(
            name = "Exporter hours",
            description =
                    "Days that the hourly figures of exporters are kept, and exporters that fell silent; 1 to 36500.",
            min = "1",
            max = "36500")
    int exporter_hourly_keep_days() default 190;

    /** How long events are kept. */
    @AttributeDefinition(
            name = "Events",
            description = "Days that events are kept; 1 to 36500.",
            min = "1",
            max = "36500")
    int event_keep_days() default 90;
}
