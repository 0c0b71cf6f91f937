// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntToLongFunction;

/** A load of NetFlow v9 or IPFIX, as {@link TemplatedRouter} sends them. */
final class TemplatedFormat implements LoadFormat {
    private static final long MILLIS_PER_SECOND = 1000;

    private final ExportVersion version;
    private final TemplateLayout layout;
    private final long bootMillis;
    private final boolean isV9;
    private final int firstRecord;
    private final int stride;
    private final int startOffset;
    private final int endOffset;

    /**
     * Makes the format.
     *
     * @param bootMillis when the routers booted, milliseconds since 1970
     */
    TemplatedFormat(ExportVersion version, long bootMillis) {
        this.version = version;
        this.bootMillis = bootMillis;
        isV9 = version == ExportVersion.V9;
        layout = TemplatedRouter.layoutOf(version);
        firstRecord = TemplatedMessage.SET_HEADER_OCTETS
                + (isV9 ? TemplatedMessage.V9_HEADER_OCTETS : TemplatedMessage.IPFIX_HEADER_OCTETS);
        stride = layout.recordOctets();
        startOffset = layout.offsetOf(isV9 ? TemplateLayout.START_UPTIME : TemplateLayout.START_MILLIS);
        endOffset = layout.offsetOf(isV9 ? TemplateLayout.END_UPTIME : TemplateLayout.END_MILLIS);
    }

    @Override
    public byte[] data(int domain, List<Row> rows) {
        List<IntToLongFunction> records = rows.stream()
                .map(row -> TemplatedMessage.values(
                        row.source(),
                        row.destination(),
                        row.packets(),
                        row.octets(),
                        row.sourcePort(),
                        Row.DESTINATION_PORT))
                .toList();
        return new TemplatedMessage(version, 0, 0, 0, domain)
                .data(layout, records)
                .toOctets();
    }

    @Override
    public byte[] templates(int domain) {
        return new TemplatedRouter(version, "", domain, bootMillis).templates(bootMillis);
    }

    @Override
    public void patch(ByteBuffer datagram, long millis, long sequence, int[] durationMillis, int records) {
        int seconds = (int) (millis / MILLIS_PER_SECOND);
        if (isV9) {
            int uptime = (int) (millis - bootMillis);
            datagram.putInt(TemplatedMessage.V9_UPTIME_OFFSET, uptime);
            datagram.putInt(TemplatedMessage.V9_SECONDS_OFFSET, seconds);
            datagram.putInt(TemplatedMessage.V9_SEQUENCE_OFFSET, (int) sequence);
            for (int record = 0, at = firstRecord; record < records; record++, at += stride) {
                datagram.putInt(at + startOffset, uptime - durationMillis[record]);
                datagram.putInt(at + endOffset, uptime);
            }
        } else {
            datagram.putInt(TemplatedMessage.IPFIX_SECONDS_OFFSET, seconds);
            datagram.putInt(TemplatedMessage.IPFIX_SEQUENCE_OFFSET, (int) sequence);
            for (int record = 0, at = firstRecord; record < records; record++, at += stride) {
                datagram.putLong(at + startOffset, millis - durationMillis[record]);
                datagram.putLong(at + endOffset, millis);
            }
        }
    }

    @Override
    public int sequenceStep(int records) {
        return isV9 ? 1 : records;
    }

    @Override
    public int sequenceStepOfTemplates() {
        return 1;
    }
}
