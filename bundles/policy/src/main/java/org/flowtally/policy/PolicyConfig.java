// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the admission; what is allowed stands with each endpoint. */
@ObjectClassDefinition(
        id = "org.flowtally.policy",
        name = "Flowtally policy",
        description = "Which exporters are trusted. The subnets themselves stand with each endpoint.")
@interface PolicyConfig {
    /** How many refused senders are remembered. */
    @AttributeDefinition(
            name = "Refused senders",
            description = "How many refused senders are remembered, each with its counters; beyond it the one that was"
                    + " quiet for longest is forgotten. Refused datagrams are counted in any case.",
            min = "1",
            max = "65536")
    int refused_senders() default 1024;
}
