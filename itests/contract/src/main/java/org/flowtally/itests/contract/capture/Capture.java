// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.flowtally.itests.contract.DecodedRow;

/** The captures that belong to this project; {@code captures/README.md} tells how each was made. */
public enum Capture {
    /** softflowd, NetFlow v1. */
    SOFTFLOWD_V1("softflowd-v1"),
    /** softflowd, NetFlow v5, unsampled. */
    SOFTFLOWD_V5("softflowd-v5"),
    /** softflowd, NetFlow v5, one packet in ten. */
    SOFTFLOWD_V5_SAMPLED("softflowd-v5-sampled"),
    /** softflowd, NetFlow v9, unsampled. */
    SOFTFLOWD_V9("softflowd-v9"),
    /** softflowd, NetFlow v9, one packet in ten, which options tell. */
    SOFTFLOWD_V9_SAMPLED("softflowd-v9-sampled"),
    /** softflowd, IPFIX, unsampled, times in milliseconds. */
    SOFTFLOWD_IPFIX("softflowd-ipfix"),
    /** softflowd, IPFIX, unsampled, times in nanoseconds. */
    SOFTFLOWD_IPFIX_NANO("softflowd-ipfix-nano"),
    /** softflowd, IPFIX, unsampled, both directions in one record. */
    SOFTFLOWD_IPFIX_BIFLOW("softflowd-ipfix-biflow"),
    /** softflowd, IPFIX, one packet in ten, which options tell. */
    SOFTFLOWD_IPFIX_SAMPLED("softflowd-ipfix-sampled"),
    /** pmacctd with nfprobe, NetFlow v5. */
    NFPROBE_V5("nfprobe-v5"),
    /** pmacctd with nfprobe, NetFlow v9. */
    NFPROBE_V9("nfprobe-v9"),
    /** pmacctd with nfprobe, IPFIX. */
    NFPROBE_IPFIX("nfprobe-ipfix"),
    /** Open vSwitch, NetFlow v5, whose octets are those of Ethernet frames. */
    OPENVSWITCH_V5("openvswitch-v5"),
    /** Open vSwitch, IPFIX, of the first packets of the traffic. */
    OPENVSWITCH_IPFIX("openvswitch-ipfix");

    /** When the traffic begins that the exporters saw, milliseconds since 1970; Open vSwitch saw it later. */
    public static final long TRAFFIC_FROM_MILLIS = 1_774_090_710_000L;
    /** When it has ended, milliseconds since 1970. */
    public static final long TRAFFIC_TO_MILLIS = TRAFFIC_FROM_MILLIS + 300_000;

    private final String file;

    Capture(String file) {
        this.file = file;
    }

    /**
     * What nfdump adds up, sampling applied.
     *
     * @param flows flow records
     * @param packets packets
     * @param octets octets
     */
    public record Totals(long flows, long packets, long octets) {
        /** Adds rows up, without sampling. */
        public static Totals of(List<DecodedRow> rows) {
            return new Totals(rows.size(), sum(rows, "packets"), sum(rows, "octets"));
        }

        private static long sum(List<DecodedRow> rows, String field) {
            return rows.stream()
                    .mapToLong(row -> (long) Objects.requireNonNull(row.fields().get(field), field))
                    .sum();
        }
    }

    /**
     * What an exporter saw.
     *
     * @param packets IP packets
     * @param octets octets of IP packets
     */
    public record Traffic(long packets, long octets) {}

    /** Returns the datagrams in the order in which they were sent. */
    public List<CapturedDatagram> datagrams() {
        try (InputStream pcap = open(".pcap")) {
            return PcapFile.datagrams(pcap.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Returns what nfdump says of the same datagrams. */
    public Totals seenByNfdump() {
        Properties totals = properties(".nfdump");
        return new Totals(number(totals, "flows"), number(totals, "packets"), number(totals, "octets"));
    }

    /** Returns what was fed to an exporter that does not sample, counted where it was made. */
    public Traffic fedIn() {
        Properties totals = properties(".traffic");
        return new Traffic(number(totals, "packets"), number(totals, "octets"));
    }

    private Properties properties(String suffix) {
        Properties properties = new Properties();
        try (Reader text = new InputStreamReader(open(suffix), StandardCharsets.UTF_8)) {
            properties.load(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return properties;
    }

    private InputStream open(String suffix) {
        String name = "/captures/" + file + suffix;
        return Objects.requireNonNull(Capture.class.getResourceAsStream(name), name);
    }

    private static long number(Properties totals, String key) {
        return Long.parseLong(Objects.requireNonNull(totals.getProperty(key), key));
    }
}
