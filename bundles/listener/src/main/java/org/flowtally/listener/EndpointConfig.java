// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of one endpoint; {@code etc/org.flowtally.endpoint-NAME.cfg}. */
@ObjectClassDefinition(
        name = "Flowtally endpoint",
        description = "A named socket that takes NetFlow and IPFIX, with its policy.")
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

    /** How messages come. */
    @AttributeDefinition(
            name = "Transport",
            description = "udp: datagrams of every version. tcp: connections, IPFIX alone. tls: connections under TLS.",
            options = {
                @Option(label = "udp", value = "udp"),
                @Option(label = "tcp", value = "tcp"),
                @Option(label = "tls", value = "tls")
            })
    String transport() default "udp";

    /** The port. */
    @AttributeDefinition(
            name = "Port",
            description = "The UDP or TCP port that exporters send to.",
            min = "1",
            max = "65535")
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

    /** The file with more exporters that may send. */
    @AttributeDefinition(
            name = "Allowed subnets file",
            description = "A file with more of them, one prefix a line, comments behind #; read again when it changes. "
                    + "Looked for from the folder of this file.")
    String allowed_subnets_file() default "";

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

    /** The file with more of the whitelist. */
    @AttributeDefinition(
            name = "Whitelist subnets file",
            description = "A file with more of them, one prefix a line, comments behind #; read again when it changes. "
                    + "Looked for from the folder of this file.")
    String whitelist_subnets_file() default "";

    /** The address space. */
    @AttributeDefinition(
            name = "Realm",
            description = "The address space that flow addresses belong to, so that two sites may both use 10.0.0.0/8.")
    String realm() default "";

    /** What exporters are told apart by. */
    @AttributeDefinition(
            name = "Exporter key",
            description =
                    "address: an exporter is a source address with version and domain, whatever port it sends from. "
                            + "address-port: the source port belongs to it, for several exporters behind one address.",
            options = {
                @Option(label = "address", value = "address"),
                @Option(label = "address-port", value = "address-port")
            })
    String exporter_key() default "address";

    /** The budget of one sender. */
    @AttributeDefinition(
            name = "Datagrams per second",
            description = "How many datagrams one sender may send a second, in the long run; a burst may take what two "
                    + "seconds allow. More is dropped and counted. 0 sets no limit.",
            min = "0",
            max = "10000000")
    int exporter_datagrams_per_second() default 0;

    /** The most connections. */
    @AttributeDefinition(
            name = "Connections",
            description = "How many connections are open at most; tcp and tls only.",
            min = "1",
            max = "65536")
    int connections_max() default 256;

    /** The most connections of one address. */
    @AttributeDefinition(
            name = "Connections per address",
            description = "How many connections one address has open at most; tcp and tls only.",
            min = "1",
            max = "65536")
    int connections_per_address_max() default 8;

    /** The silence after which a connection is closed. */
    @AttributeDefinition(
            name = "Connection idle time",
            description = "After how many seconds of silence a connection is closed; tcp and tls only. Longer than the "
                    + "active timeout of any exporter.",
            min = "1",
            max = "604800")
    int connection_idle_seconds() default 3_600;

    /** The certificate. */
    @AttributeDefinition(
            name = "TLS certificate",
            description =
                    "The file with this collector's certificate and those between it and the root, PEM; tls only. "
                            + "Read from the folder of this file.")
    String tls_certificate_file() default "";

    /** The private key. */
    @AttributeDefinition(
            name = "TLS key",
            description = "The file with the certificate's private key, PEM, unencrypted PKCS#8, readable by its owner "
                    + "alone; tls only.")
    String tls_key_file() default "";

    /** The authorities of exporters. */
    @AttributeDefinition(
            name = "TLS trust",
            description =
                    "The file with the certificates, PEM, that an exporter's certificate must come from; tls only. "
                            + "Empty: exporters need no certificate.")
    String tls_trust_file() default "";

    /** The socket's receive buffer. */
    @AttributeDefinition(
            name = "Receive buffer",
            description =
                    "The receive buffer asked of the kernel, in octets; it bridges pauses of the receiver. udp only.",
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
