// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The configuration of the clock guard. */
@ObjectClassDefinition(
        id = "org.flowtally.clockguard",
        name = "Flowtally clock guard",
        description = "Which flow times are believed, and whom this host asks for the time.")
@SuppressWarnings("MemberName") // An underscore stands for the dot of the key.
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
            description = "Hours. A flow that ended longer than this before its arrival is too old, see age.action.",
            min = "1",
            max = "876000")
    int age_max_hours() default 24;

    /** What becomes of flows that are too old. */
    @AttributeDefinition(
            name = "Flows too old",
            description =
                    "discard: verdict TOO_OLD. arrival: put at its arrival and marked. count: counted where it says.",
            options = {
                @Option(label = "discard", value = "discard"),
                @Option(label = "arrival", value = "arrival"),
                @Option(label = "count", value = "count")
            })
    String age_action() default "discard";

    /** How long a flow may have lasted. */
    @AttributeDefinition(
            name = "Longest duration",
            description =
                    "Hours. The start of a flow that lasted longer than this is not believed, see duration.action.",
            min = "1",
            max = "576")
    int duration_max_hours() default 192;

    /** What becomes of flows that last too long. */
    @AttributeDefinition(
            name = "Flows too long",
            description =
                    "end: the whole flow is put at its end and marked. cut: its start is moved to the longest duration"
                            + " before its end, and it is marked. discard: verdict IMPLAUSIBLE.",
            options = {
                @Option(label = "end", value = "end"),
                @Option(label = "cut", value = "cut"),
                @Option(label = "discard", value = "discard")
            })
    String duration_action() default "end";

    /** What becomes of flows that end before they start. */
    @AttributeDefinition(
            name = "Flows that end before they start",
            description =
                    "end: the whole flow is put at its end and marked. swap: start and end change places, and it is"
                            + " marked. discard: verdict IMPLAUSIBLE.",
            options = {
                @Option(label = "end", value = "end"),
                @Option(label = "swap", value = "swap"),
                @Option(label = "discard", value = "discard")
            })
    String reversed_action() default "end";

    /** What becomes of flows without times. */
    @AttributeDefinition(
            name = "Flows without times",
            description = "arrival: put at its arrival and marked. discard: verdict INCOMPLETE.",
            options = {@Option(label = "arrival", value = "arrival"), @Option(label = "discard", value = "discard")})
    String missing_action() default "arrival";

    /** How far off a good clock may be. */
    @AttributeDefinition(
            name = "Skew tolerance",
            description =
                    "Seconds. An exporter's clock is good if it is off by no more than this; correct and quarantine"
                            + " shift the times of others.",
            min = "1",
            max = "3600")
    int skew_tolerance_seconds() default 5;

    /** How long a clock is watched before it is judged. */
    @AttributeDefinition(
            name = "Learning",
            description = "Seconds. How long an exporter's clock is watched before it is judged.",
            min = "2",
            max = "3600")
    int learning_seconds() default 60;

    /** The policies of single exporters. */
    @AttributeDefinition(
            name = "Exporter policies",
            description = "Exporters with a clock policy of their own instead of their endpoint's, as ADDRESS=POLICY or"
                    + " PREFIX=POLICY with commas between; the longest prefix wins.")
    String[] exporter_policies() default {};

    /** How long flows are held back. */
    @AttributeDefinition(
            name = "Longest quarantine",
            description =
                    "Seconds. How long policy quarantine holds flows back at most; what is not known then is put at its"
                            + " arrival and marked.",
            min = "1",
            max = "3600")
    int quarantine_max_seconds() default 300;

    /** How many flows are held back. */
    @AttributeDefinition(
            name = "Largest quarantine",
            description =
                    "Rows. How many flows policy quarantine holds back at most, about 300 octets of memory each; others"
                            + " are decided at once.",
            min = "0",
            max = "10000000")
    int quarantine_max_rows() default 100_000;

    /** How often a clock is told of. */
    @AttributeDefinition(
            name = "Pause of events",
            description =
                    "Minutes. How long nothing is told of an exporter's clock after an event in netflow_event; the last"
                            + " change is told then.",
            min = "0",
            max = "10080")
    int event_pause_minutes() default 60;

    /** Whom this host asks for the time. */
    @AttributeDefinition(
            name = "NTP servers",
            description =
                    "The NTP servers that this host's own clock is compared with, as HOST or HOST:PORT with commas"
                            + " between. The clock is not set by them. Empty: its state is unknown.")
    String[] ntp_servers() default {};

    /** How often they are asked. */
    @AttributeDefinition(
            name = "NTP interval",
            description = "Seconds. How often the NTP servers are asked.",
            min = "1",
            max = "86400")
    int ntp_interval_seconds() default 64;

    /** How long an answer is waited for. */
    @AttributeDefinition(
            name = "NTP timeout",
            description = "Milliseconds. How long an answer is waited for.",
            min = "10",
            max = "10000")
    int ntp_timeout_millis() default 2_000;

    /** How far off this host may be. */
    @AttributeDefinition(
            name = "NTP tolerance",
            description =
                    "Milliseconds. If this host is off by more than this, exporters are not judged by its clock and"
                            + " flowtally:status warns.",
            min = "10",
            max = "60000")
    int ntp_tolerance_millis() default 1_000;
}
