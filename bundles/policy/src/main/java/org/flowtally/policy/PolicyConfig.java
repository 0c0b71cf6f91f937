// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of what concerns all endpoints; what is allowed and counted stands with each of them. */
@ObjectClassDefinition(
        id = "org.flowtally.policy",
        name = "Flowtally policy",
        description =
                "Which exporters are trusted and which of their flows count. Subnets and rules stand with each endpoint.")
@interface PolicyConfig {
    /** How many refused senders are remembered. */
    @AttributeDefinition(
            name = "Refused senders",
            description = "How many refused senders are remembered, each with its counters; beyond it the one that was"
                    + " quiet for longest is forgotten. Refused datagrams are counted in any case.",
            min = "1",
            max = "65536")
    int refused_senders() default 1024;

    /** The exporters that see the same flows. */
    @AttributeDefinition(
            name = "Exporter preference",
            description =
                    "Exporters that see the same flows, as addresses or prefixes in the order of preference, with commas"
                            + " between: of several that report a flow one counts it. Empty: each counts what it reports.")
    String[] exporter_preference() default {};

    /** For how long a flow stays with the exporter that counted it. */
    @AttributeDefinition(
            name = "Duplicate gap",
            description =
                    "For how long after the end of what was counted of a flow the others' reports of it are duplicates,"
                            + " in seconds: longer than the longest active timeout of these exporters and the error of their clocks.",
            min = "1",
            max = "86400")
    int duplicate_gap_seconds() default 120;

    /** How many flows are remembered. */
    @AttributeDefinition(
            name = "Duplicate flows",
            description =
                    "Of how many flows it is remembered who counts them, 24 octets each; beyond it the one that ended"
                            + " first is forgotten and may count twice.",
            min = "1024",
            max = "67108864")
    int duplicate_flows() default 262_144;
}
