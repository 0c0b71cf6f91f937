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

/** The captures that belong to this project; {@code captures/README.md} tells how each was made. */
public enum Capture {
    /** softflowd, NetFlow v1. */
    SOFTFLOWD_V1("softflowd-v1"),
    /** softflowd, NetFlow v5, unsampled. */
    SOFTFLOWD_V5("softflowd-v5"),
    /** softflowd, NetFlow v5, one packet in ten. */
    SOFTFLOWD_V5_SAMPLED("softflowd-v5-sampled");

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
    public record Totals(long flows, long packets, long octets) {}

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
        Properties totals = new Properties();
        try (Reader text = new InputStreamReader(open(".nfdump"), StandardCharsets.UTF_8)) {
            totals.load(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return new Totals(number(totals, "flows"), number(totals, "packets"), number(totals, "octets"));
    }

    private InputStream open(String suffix) {
        String name = "/captures/" + file + suffix;
        return Objects.requireNonNull(Capture.class.getResourceAsStream(name), name);
    }

    private static long number(Properties totals, String key) {
        return Long.parseLong(Objects.requireNonNull(totals.getProperty(key), key));
    }
}
