// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of one endpoint; {@code etc/org.flowtally.endpoint-NAME.cfg}. */
@ObjectClassDefinition(
        name = "Flowtally endpoint",
        description = "A named UDP socket that takes NetFlow and IPFIX, with its policy.")
@SuppressWarnings("MemberName") // An underscore stands for the dot of the key.
@interface EndpointConfig {
    /** The endpoint's name. */
    @AttributeDefinition(
            name = "Name",
            description = "The name in tables and on the console, unique: letters, digits, dot, hyphen, underscore. "
                    + "Empty means the NAME of the file.")
    String name() default "";

    /** The local address. */
    @AttributeDefinition(
            name = "Bind address",
            description = "The local address, IPv4 or IPv6; 0.0.0.0 or :: for every address of this host.")
    String bind_address() default "0.0.0.0";

    /** The UDP port. */
    @AttributeDefinition(name = "Port", description = "The UDP port that exporters send to.", min = "1", max = "65535")
    int port() default 2055;

    /** The versions accepted. */
    @AttributeDefinition(
            name = "Versions",
            description =
                    "The export versions accepted, with commas between; 10 is IPFIX. Others are counted and dropped.")
    String[] versions() default {"1", "5", "7", "8", "9", "10"};

    /** The exporters that may send. */
    @AttributeDefinition(
            name = "Allowed subnets",
            description = "The exporters that may send, as prefixes with commas between. Nobody else is listened to.")
    String[] allowed_subnets() default {
        "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"
    };

    /** Whether only whitelisted flows count. */
    @AttributeDefinition(
            name = "Whitelist mode",
            description = "true: only flows from or to the whitelist's subnets count. false: all flows do.")
    boolean whitelist_mode() default false;

    /** The whitelist. */
    @AttributeDefinition(
            name = "Whitelist subnets",
            description = "The flow addresses of whitelist mode, as prefixes with commas between.")
    String[] whitelist_subnets() default {};

    /** The address space. */
    @AttributeDefinition(
            name = "Realm",
            description = "The address space that flow addresses belong to, so that two sites may both use 10.0.0.0/8.")
    String realm() default "";

    /** The socket's receive buffer. */
    @AttributeDefinition(
            name = "Receive buffer",
            description = "The receive buffer asked of the kernel, in octets; it bridges pauses of the receiver.",
            min = "65536",
            max = "1073741824")
    int receive_buffer_octets() default 4_194_304;

    /** The pause after the socket was drained. */
    @AttributeDefinition(
            name = "Read pause",
            description =
                    "How long reading rests after the socket was drained, in microseconds, so that datagrams which "
                            + "arrive evenly are read in batches. 0 reads each at once and costs more CPU.",
            min = "0",
            max = "20000")
    int read_pause_micros() default 1_000;

    /** What is done with announced sampling. */
    @AttributeDefinition(
            name = "Sampling mode",
            description =
                    "apply: counters are scaled by the announced interval. ignore: they are taken as sent. force: "
                            + "they are scaled by sampling.rate.",
            options = {
                @Option(label = "apply", value = "apply"),
                @Option(label = "ignore", value = "ignore"),
                @Option(label = "force", value = "force")
            })
    String sampling_mode() default "apply";

    /** The rate of sampling mode force. */
    @AttributeDefinition(
            name = "Sampling rate",
            description =
                    "The rate of sampling.mode=force: one packet in so many is observed. With sampling.mode=apply it is"
                            + " the fallback for rows that name a sampler whose rate the exporter did not tell.",
            min = "1",
            max = "16777215")
    int sampling_rate() default 1;

    /** What becomes of flow times whose exporter's clock is off. */
    @AttributeDefinition(
            name = "Clock policy",
            description =
                    "discard: flow times are trusted, flows in the future are discarded. correct: times are shifted by "
                            + "the exporter's measured clock error. arrival: the time of arrival is taken for the export "
                            + "time. quarantine: flows are held until the exporter's clock is known, then corrected.",
            options = {
                @Option(label = "discard", value = "discard"),
                @Option(label = "correct", value = "correct"),
                @Option(label = "arrival", value = "arrival"),
                @Option(label = "quarantine", value = "quarantine")
            })
    String clock_policy() default "discard";
}
