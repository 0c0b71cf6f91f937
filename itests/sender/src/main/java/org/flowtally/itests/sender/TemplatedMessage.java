// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * One message of NetFlow v9 or IPFIX under construction, set by set.
 *
 * <pre>
 * v9     version, records, uptime,      export time (s), sequence (messages), source id
 * IPFIX  version, octets,               export time (s), sequence (records),  observation domain
 * set    id, octets with these four,    records, padding to four octets
 * </pre>
 */
final class TemplatedMessage {
    static final int V9_HEADER_OCTETS = 20;
    static final int IPFIX_HEADER_OCTETS = 16;
    static final int SET_HEADER_OCTETS = 4;

    static final int V9_UPTIME_OFFSET = 4;
    static final int V9_SECONDS_OFFSET = 8;
    static final int V9_SEQUENCE_OFFSET = 12;
    static final int IPFIX_SECONDS_OFFSET = 4;
    static final int IPFIX_SEQUENCE_OFFSET = 8;

    private static final int MOST_OCTETS = 65_507;
    private static final int ALIGNMENT = 4;
    private static final int V9 = 9;
    private static final int IPFIX = 10;
    private static final int LENGTH_OFFSET = 2;
    private static final long MILLIS_PER_SECOND = 1000;

    private final boolean isV9;
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST_OCTETS);
    private int records;

    TemplatedMessage(ExportVersion version, long exportedAtMillis, long uptimeMillis, long sequence, long domain) {
        isV9 = version == ExportVersion.V9;
        buffer.putShort((short) (isV9 ? V9 : IPFIX)).putShort((short) 0);
        if (isV9) {
            buffer.putInt((int) uptimeMillis);
        }
        buffer.putInt((int) (exportedAtMillis / MILLIS_PER_SECOND))
                .putInt((int) sequence)
                .putInt((int) domain);
    }

    /** Appends a set with a template. */
    TemplatedMessage template(TemplateLayout layout) {
        int set = begin(isV9 ? 0 : 2);
        buffer.putShort((short) layout.id()).putShort((short) layout.fields());
        layout.writeFields(buffer);
        records++;
        return end(set);
    }

    /** Appends a set with an options template whose first field is the scope. */
    TemplatedMessage options(TemplateLayout layout) {
        int set = begin(isV9 ? 1 : 3);
        buffer.putShort((short) layout.id());
        if (isV9) {
            buffer.putShort((short) (layout.fieldsOctets() / layout.fields()));
            buffer.putShort((short) (layout.fieldsOctets() - layout.fieldsOctets() / layout.fields()));
        } else {
            buffer.putShort((short) layout.fields()).putShort((short) 1);
        }
        layout.writeFields(buffer);
        records++;
        return end(set);
    }

    /** Appends a set with data records. */
    TemplatedMessage data(TemplateLayout layout, List<IntToLongFunction> valuesOfRecords) {
        int set = begin(layout.id());
        valuesOfRecords.forEach(values -> layout.writeRecord(buffer, values));
        records += valuesOfRecords.size();
        return end(set);
    }

    /** Returns the payload. */
    byte[] toOctets() {
        buffer.putShort(LENGTH_OFFSET, (short) (isV9 ? records : buffer.position()));
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private int begin(int setId) {
        int set = buffer.position();
        buffer.putShort((short) setId).putShort((short) 0);
        return set;
    }

    private TemplatedMessage end(int set) {
        while ((buffer.position() - set) % ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        buffer.putShort(set + LENGTH_OFFSET, (short) (buffer.position() - set));
        return this;
    }

    /** Returns the values of a flow by element; what a flow does not say is what every flow of a test has. */
    static IntToLongFunction values(
            int source, int destination, long packets, long octets, int sourcePort, int destinationPort) {
        return element -> switch (element) {
            case TemplateLayout.SOURCE_IPV4 -> source;
            case TemplateLayout.DESTINATION_IPV4 -> destination;
            case TemplateLayout.PACKET_DELTA -> packets;
            case TemplateLayout.OCTET_DELTA -> octets;
            case TemplateLayout.SOURCE_PORT -> sourcePort;
            case TemplateLayout.DESTINATION_PORT -> destinationPort;
            case TemplateLayout.PROTOCOL -> 6;
            case TemplateLayout.TCP_FLAGS -> 0x1B;
            case TemplateLayout.INGRESS_INTERFACE -> 1;
            case TemplateLayout.EGRESS_INTERFACE -> 2;
            case TemplateLayout.SOURCE_LENGTH, TemplateLayout.DESTINATION_LENGTH -> 24;
            default -> 0;
        };
    }

    /** Returns several flows' values with their times in milliseconds: uptimes of v9, since 1970 of IPFIX. */
    static List<IntToLongFunction> timed(List<Flow> flows, long bootMillis) {
        List<IntToLongFunction> timed = new ArrayList<>();
        for (Flow flow : flows) {
            IntToLongFunction rest = values(
                    Ipv4.parse(flow.source()),
                    Ipv4.parse(flow.destination()),
                    flow.packets(),
                    flow.octets(),
                    40_000,
                    443);
            timed.add(element -> switch (element) {
                case TemplateLayout.START_UPTIME -> flow.startMillis() - bootMillis;
                case TemplateLayout.END_UPTIME -> flow.endMillis() - bootMillis;
                case TemplateLayout.START_MILLIS -> flow.startMillis();
                case TemplateLayout.END_MILLIS -> flow.endMillis();
                default -> rest.applyAsLong(element);
            });
        }
        return timed;
    }
}
