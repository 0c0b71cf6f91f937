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

    /** How many of them one endpoint may have. */
    @AttributeDefinition(
            name = "Most exporters of an endpoint",
            description =
                    "How many exporters of one endpoint are known at most, so that one leaves room for the others.",
            min = "1",
            max = "1000000")
    int exporters_endpoint_max() default 8_000;

    /** How many of them one address may have. */
    @AttributeDefinition(
            name = "Most domains of an address",
            description = "How many observation domains of one address, over all versions, are known at most.",
            min = "1",
            max = "1000000")
    int exporters_address_max() default 256;

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

    /** The decoders that are switched off. */
    @AttributeDefinition(
            name = "Decoders switched off",
            description =
                    "The export versions that are not decoded, with commas between, 10 is IPFIX; their datagrams are"
                            + " counted as DECODER_DISABLED. Written by flowtally:decoder-disable and -enable.",
            required = false)
    String decoders_disabled() default "";

    /** How many templates of one exporter are remembered. */
    @AttributeDefinition(
            name = "Most templates",
            description = "How many templates are remembered of one exporter and observation domain, at most.",
            min = "1",
            max = "65280")
    int templates_max() default 512;

    /** How many fields a template may have. */
    @AttributeDefinition(
            name = "Most fields",
            description = "How many fields a template may have; one with more is refused and its data waits in vain.",
            min = "1",
            max = "1024")
    int template_fields_max() default 512;

    /** How long a template holds. */
    @AttributeDefinition(
            name = "Template lifetime",
            description = "How long, in minutes, a template holds after it was last received.",
            min = "1",
            max = "525600")
    int template_lifetime_minutes() default 1440;

    /** How much data of one exporter waits. */
    @AttributeDefinition(
            name = "Most waiting octets",
            description =
                    "How many octets of data of one exporter and observation domain wait for their template, at most.",
            min = "0",
            max = "1073741824")
    int held_octets_max() default 262_144;

    /** How long data waits. */
    @AttributeDefinition(
            name = "Longest wait",
            description = "How long, in seconds, data waits for its template before it is given up and counted.",
            min = "0",
            max = "86400")
    int held_seconds() default 1800;

    /** How much one exporter may take. */
    @AttributeDefinition(
            name = "Room for one",
            description =
                    "How many kibibytes templates, options and waiting data of one exporter and observation domain take,"
                            + " at most.",
            min = "1",
            max = "1048576")
    int templates_exporter_kibibytes() default 1024;

    /** How much all exporters of one address may take. */
    @AttributeDefinition(
            name = "Room for an address",
            description =
                    "How many mebibytes templates, options and waiting data of all exporters of one address take, at"
                            + " most.",
            min = "1",
            max = "65536")
    int templates_address_mebibytes() default 8;

    /** How much all exporters together may take. */
    @AttributeDefinition(
            name = "Room for all",
            description =
                    "How many mebibytes the templates of all exporters and the data that waits for one take together,"
                            + " at most.",
            min = "1",
            max = "65536")
    int templates_total_mebibytes() default 64;

    /** The fields that a flow needs. */
    @AttributeDefinition(
            name = "Base fields",
            description =
                    "The fields without which a row is INCOMPLETE and not counted, with commas between: source-address,"
                            + " destination-address, octets, packets, times, interfaces, protocol, ports (of TCP and UDP),"
                            + " icmp (of ICMP), tos, tcp-flags, direction, autonomous-systems, prefix-lengths, next-hop,"
                            + " mac-addresses, vlans, vrfs. octets and at least one address are always needed.")
    String[] base_fields() default {"source-address", "destination-address", "octets"};

    /** Exporters whose post counters count the answers. */
    @AttributeDefinition(
            name = "Post counters: reverse",
            description =
                    "The addresses of exporters, as prefixes with commas between, whose elements 23 and 24 count the"
                            + " opposite direction of the same flow. Each record becomes two rows.")
    String[] post_counters_reverse() default {};

    /** Exporters whose post counters are what is billed. */
    @AttributeDefinition(
            name = "Post counters: instead",
            description =
                    "The addresses of exporters, as prefixes with commas between, of which what left them (elements 23"
                            + " and 24) is counted instead of what came in.")
    String[] post_counters_instead() default {};

    /** Exporters whose post counters never count. */
    @AttributeDefinition(
            name = "Post counters: ignore",
            description =
                    "The addresses of exporters, as prefixes with commas between, whose elements 23 and 24 are never"
                            + " counted. Those of all others are counted where nothing else counts.")
    String[] post_counters_ignore() default {};
}
