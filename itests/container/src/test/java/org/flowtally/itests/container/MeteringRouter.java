// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.container;

import java.util.List;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.sender.Ipv4;
import org.flowtally.itests.sender.UdpSender;

/** A router that exports IPFIX with what counting rules ask for: direction, interfaces and addresses behind a translation. */
final class MeteringRouter {
    /** The value of flowDirection for rows metered where they entered the router. */
    static final int IN = 0;
    /** The value of flowDirection for rows metered where they left the router. */
    static final int OUT = 1;

    private static final int TEMPLATE = 300;
    private static final int[] FIELDS = {
        8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 8, 2, 8, 10, 4, 14, 4, 61, 1, 225, 4, 226, 4, 152, 8, 153, 8,
    };

    private final String address;
    private final int port;
    private final long domain;
    private long sequence;

    /** Makes a router that sends from a loopback address to a port of this host. */
    MeteringRouter(String address, int port, long domain) {
        this.address = address;
        this.port = port;
        this.domain = domain;
    }

    /**
     * A row of flow data.
     *
     * @param natSource the source behind the translation; 0.0.0.0 for none
     * @param natDestination the destination behind the translation; 0.0.0.0 for none
     */
    record Row(
            String source,
            String destination,
            int sourcePort,
            long octets,
            int input,
            int output,
            int direction,
            String natSource,
            String natDestination,
            long startMillis,
            long endMillis) {
        /** Returns a flow of a minute that ends now, without a translation. */
        static Row of(String source, String destination, long octets, int input, int output, int direction, long now) {
            return new Row(
                    source,
                    destination,
                    40_000,
                    octets,
                    input,
                    output,
                    direction,
                    "0.0.0.0",
                    "0.0.0.0",
                    now - 60_000,
                    now);
        }

        Row behindNat(String from, String to) {
            return new Row(
                    source,
                    destination,
                    sourcePort,
                    octets,
                    input,
                    output,
                    direction,
                    from,
                    to,
                    startMillis,
                    endMillis);
        }

        Row port(int number) {
            return new Row(
                    source,
                    destination,
                    number,
                    octets,
                    input,
                    output,
                    direction,
                    natSource,
                    natDestination,
                    startMillis,
                    endMillis);
        }

        Row during(long start, long end) {
            return new Row(
                    source,
                    destination,
                    sourcePort,
                    octets,
                    input,
                    output,
                    direction,
                    natSource,
                    natDestination,
                    start,
                    end);
        }
    }

    /** Sends rows in one message, with their template. */
    void send(long now, List<Row> rows) {
        MessageBuilder message = MessageBuilder.ipfix()
                .exportSeconds(now / 1000)
                .sequence(sequence)
                .domain(domain)
                .template(TEMPLATE, FIELDS);
        for (Row row : rows) {
            message.data(
                    TEMPLATE,
                    data -> data.u32(Ipv4.parse(row.source()))
                            .u32(Ipv4.parse(row.destination()))
                            .u16(row.sourcePort())
                            .u16(443)
                            .u8(6)
                            .u64(row.octets())
                            .u64(1)
                            .u32(row.input())
                            .u32(row.output())
                            .u8(row.direction())
                            .u32(Ipv4.parse(row.natSource()))
                            .u32(Ipv4.parse(row.natDestination()))
                            .u64(row.startMillis())
                            .u64(row.endMillis()));
        }
        sequence += rows.size();
        try (UdpSender sender = new UdpSender(address, "127.0.0.1", port)) {
            sender.send(message.toOctets());
        }
    }
}
