// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A load of NetFlow v5. The domain is the engine id.
 *
 * @param bootMillis when the routers booted, milliseconds since 1970
 */
record V5Format(long bootMillis) implements LoadFormat {
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    public byte[] data(int domain, List<Row> rows) {
        V5Datagram made = new V5Datagram().engine(0, domain);
        for (Row row : rows) {
            made.add(new V5Record()
                    .addresses(row.source(), row.destination())
                    .counters(row.packets(), row.octets())
                    .ports(row.sourcePort(), Row.DESTINATION_PORT));
        }
        return made.toOctets();
    }

    @Override
    public byte[] templates(int domain) {
        return new byte[0];
    }

    @Override
    public void patch(ByteBuffer datagram, long millis, long sequence, int[] durationMillis, int records) {
        int uptime = (int) (millis - bootMillis);
        datagram.putInt(V5Datagram.UPTIME_OFFSET, uptime);
        datagram.putInt(V5Datagram.SECONDS_OFFSET, (int) (millis / MILLIS_PER_SECOND));
        datagram.putInt(V5Datagram.NANOS_OFFSET, (int) (millis % MILLIS_PER_SECOND * NANOS_PER_MILLI));
        datagram.putInt(V5Datagram.SEQUENCE_OFFSET, (int) sequence);
        int at = V5Datagram.HEADER_OCTETS;
        for (int record = 0; record < records; record++) {
            datagram.putInt(at + V5Record.FIRST_OFFSET, uptime - durationMillis[record]);
            datagram.putInt(at + V5Record.LAST_OFFSET, uptime);
            at += V5Record.OCTETS;
        }
    }

    @Override
    public int sequenceStep(int records) {
        return records;
    }

    @Override
    public int sequenceStepOfTemplates() {
        return 0;
    }
}
