// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the version switch. */
@ObjectClassDefinition(
        id = "org.flowtally.decode",
        name = "Flowtally decode",
        description =
                "How many exporters are remembered, and how long their datagrams wait while a decoder is replaced.")
@SuppressWarnings("MemberName") // An underscore stands for the dot of the key.
@interface DecodeConfig {
    /** How many exporters are remembered. */
    @AttributeDefinition(
            name = "Most exporters",
            description =
                    "How many exporters are known at most, counting each observation domain of an address. Datagrams"
                            + " of others are counted as TOO_MANY_EXPORTERS and not decoded.",
            min = "1",
            max = "1000000")
    int exporters_max() default 10_000;

    /** The silence after which an exporter makes room for a new one. */
    @AttributeDefinition(
            name = "Idle exporters",
            description =
                    "How long, in minutes, an exporter must have been silent before it is forgotten to make room for"
                            + " a new one. As long as there is room, none is forgotten.",
            min = "1",
            max = "525600")
    int exporters_idle_minutes() default 60;

    /** How long datagrams wait for a decoder. */
    @AttributeDefinition(
            name = "Wait for a decoder",
            description =
                    "How long, in seconds, the lane waits for a decoder whose bundle is stopped or being updated; its"
                            + " datagrams are counted as UNSUPPORTED after that. A decoder that is uninstalled is not waited for.",
            min = "0",
            max = "3600")
    int decoder_wait_seconds() default 60;
}
