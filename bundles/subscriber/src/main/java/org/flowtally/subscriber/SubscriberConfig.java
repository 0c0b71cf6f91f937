// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the subscriber match. */
@ObjectClassDefinition(
        id = "org.flowtally.subscriber",
        name = "Flowtally subscriber",
        description = "Who held an address at the time of a flow, by the table ip_assignment.")
@interface SubscriberConfig {
    /** The operator's own prefixes. */
    @AttributeDefinition(
            name = "Home networks",
            description = "The operator's own prefixes, IPv4 and IPv6 in CIDR form, separated by commas. Only addresses"
                    + " inside enter usage_unmatched when nobody holds them. Add the public space of your customers.")
    String home_networks() default "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7";

    /** How long an assignment that ended is still looked at, in days. */
    @AttributeDefinition(
            name = "History",
            description =
                    "Days. Assignments that ended longer ago are not loaded: flows of that time match nobody. Keep it"
                            + " well above the age at which the clock guard discards flows.",
            min = "2",
            max = "36500")
    int history_days() default 400;
}
