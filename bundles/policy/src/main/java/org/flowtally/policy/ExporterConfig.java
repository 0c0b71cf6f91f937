// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of what counts of single exporters; {@code etc/org.flowtally.exporter-NAME.cfg}. */
@ObjectClassDefinition(
        name = "Flowtally exporter",
        description = "What of single exporters counts, in place of what their endpoint says.")
@SuppressWarnings("MemberName") // An underscore stands for the dot of the key.
@interface ExporterConfig {
    /** The exporters. */
    @AttributeDefinition(
            name = "Addresses",
            description =
                    "The exporters that the file is about, as addresses or prefixes with commas between. The longest"
                            + " prefix of all files holds. Empty: nobody.")
    String[] addresses() default {};

    /** The endpoint that they send to. */
    @AttributeDefinition(name = "Endpoint", description = "The endpoint that they send to. Empty: any.")
    String endpoint() default "";

    /** Which rows count. */
    @AttributeDefinition(
            name = "Counting rule",
            description =
                    "all: every flow counts. ingress, egress: those metered where they entered or left the router. "
                            + "interfaces: those that cross one of counting.interfaces. interfaces-in-out: those metered at one of "
                            + "them, in by it or out by it. none: nothing counts.",
            options = {
                @Option(label = "all", value = "all"),
                @Option(label = "ingress", value = "ingress"),
                @Option(label = "egress", value = "egress"),
                @Option(label = "interfaces", value = "interfaces"),
                @Option(label = "interfaces-in-out", value = "interfaces-in-out"),
                @Option(label = "none", value = "none")
            })
    String counting_rule() default "all";

    /** The subscriber-side interfaces. */
    @AttributeDefinition(
            name = "Counting interfaces",
            description =
                    "The SNMP indexes of the subscriber-side interfaces, single or as ranges such as 100-199, with "
                            + "commas between; 0 to 4294967295.")
    String[] counting_interfaces() default {};

    /** The only version that counts. */
    @AttributeDefinition(
            name = "Metering version",
            description =
                    "The only export version that counts, where a router sends the same flows in several: any, 1, 5, "
                            + "7, 8, 9, 10, or one aggregation method of version 8 as 8.1 to 8.14.")
    String metering_version() default "any";

    /** By which addresses flows belong to subscribers. */
    @AttributeDefinition(
            name = "Match address",
            description =
                    "By which addresses flows belong to subscribers: original, post-nat (those behind the exporter's "
                            + "translation, where it tells them), or either (original, then post-nat).",
            options = {
                @Option(label = "original", value = "original"),
                @Option(label = "post-nat", value = "post-nat"),
                @Option(label = "either", value = "either")
            })
    String match_address() default "original";
}
