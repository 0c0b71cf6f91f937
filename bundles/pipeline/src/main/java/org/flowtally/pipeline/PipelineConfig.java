// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the pipeline; {@code etc/org.flowtally.pipeline.cfg}. */
@ObjectClassDefinition(
        name = "Flowtally pipeline",
        description = "The hand-off between receiving and working, and the periodic work.")
@SuppressWarnings("MemberName") // An underscore stands for the dot of the key.
@interface PipelineConfig {
    /** The bound of the hand-off. */
    @AttributeDefinition(
            name = "Hand-off",
            description = "Memory for datagrams between the sockets and the working thread, in octets.",
            min = "1048576",
            max = "2147483648")
    long hand_off_octets() default 67_108_864;

    /** The limit of the drain. */
    @AttributeDefinition(
            name = "Drain",
            description = "How long a stop may take to work off what was received, in seconds.",
            min = "0",
            max = "600")
    int drain_seconds() default 20;

    /** The period of the assignments' reload. */
    @AttributeDefinition(
            name = "Reload of assignments",
            description = "How often the table ip_assignment is read, in seconds.",
            min = "1",
            max = "86400")
    int assignments_reload_seconds() default 60;

    /** The pause after a failed reload. */
    @AttributeDefinition(
            name = "Retry of assignments",
            description = "How soon a reload that failed is tried again, in seconds.",
            min = "1",
            max = "86400")
    int assignments_retry_seconds() default 5;

    /** The time of day of the retention. */
    @AttributeDefinition(
            name = "Time of retention",
            description = "When old partitions are dropped each day, as HH:mm in UTC.")
    String retention_time() default "02:30";
}
