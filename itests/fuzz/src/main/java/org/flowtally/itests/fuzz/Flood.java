// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.decode.DecodeUnderFlood;
import org.flowtally.decode.VersionSwitch;
import org.flowtally.itests.contract.MessageBuilder;

/**
 * A flood of datagrams from forged senders that pass the filter of allowed subnets, with forged templates, domains, options
 * and flows; and real routers beside them, which send their templates once and then flows, and must not notice.
 */
public final class Flood {
    private static final int ROUTERS = 60;
    /** Routers that begin to send only when the flood has begun. */
    private static final int LATE_ROUTERS = 3;

    private static final int RECORDS = 10;
    private static final int FORGED_PER_REAL = 20;
    private static final int FORGED_PER_MILLI = 100;
    private static final int VARIANTS = 512;
    private static final long NOW = 1_774_000_000_000L;
    private static final long BOOT = NOW - 600_000;
    private static final long IPV4 = 0xFFFF_0000_0000L;
    private static final long REAL_NETWORK = 0xC0A8_0000L; // 192.168.0.0
    private static final int WARM_UP_SECONDS = 12;
    private static final long OCTETS_PER_RECORD = 1000;

    private final Random random = new Random(47);
    private final VersionSwitch versions = DecodeUnderFlood.of(DecoderFuzz.DECODERS);
    private final Endpoint endpoint = new Endpoint(
            "flood",
            "0.0.0.0",
            2055,
            Set.of(1, 5, 7, 8, 9, 10),
            List.of(),
            false,
            List.of(),
            "",
            1 << 20,
            SamplingMode.APPLY,
            1);
    private final DatagramBatch batch = new DatagramBatch(1 << 16, 128);
    private final FlowBatch flows = new FlowBatch(1024);
    private final List<byte[]> forged = new ArrayList<>();
    private final int[] sent = new int[ROUTERS + LATE_ROUTERS];
    private long nowMillis = NOW;
    private long forgedSent;
    private long realRowsSent;
    private long realRows;
    private long realOctets;

    /** What is known at one moment. */
    record Result(
            long forgedSent,
            long heapOctets,
            long realRowsSent,
            long realRowsDecoded,
            long realOctetsMissing,
            long realLost,
            Map<DecodeResult, Long> datagrams,
            Map<String, Long> senders,
            Map<String, Long> templates) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "forged datagrams=%,d, heap=%.1f MiB, real rows sent=%,d, decoded=%,d, octets missing=%d, lost=%d%n"
                            + "  datagrams %s%n  exporters %s%n  templates %s",
                    forgedSent,
                    heapOctets / 1048576.0,
                    realRowsSent,
                    realRowsDecoded,
                    realOctetsMissing,
                    realLost,
                    new TreeMap<>(datagrams),
                    senders,
                    templates);
        }
    }

    /** Prepares the forged datagrams and lets the real routers become known, but for those that are late. */
    Flood() {
        for (int variant = 0; variant < VARIANTS; variant++) {
            forged.add(forge(variant));
        }
        for (int second = 0; second <= WARM_UP_SECONDS; second++) {
            for (int router = 0; router < ROUTERS; router++) {
                sendReal(router);
            }
            decode();
            nowMillis += 1000;
        }
    }

    /** Sends so many forged datagrams, and one of a real router after every few of them. */
    Result run(long count) {
        for (long number = 0; number < count; number++) {
            byte[] payload = forged.get(random.nextInt(VARIANTS));
            boolean isTemplated = payload[1] >= 9;
            if (isTemplated) {
                // Domain and sequence.
                ByteBuffer.wrap(payload).putInt(payload[1] == 9 ? 16 : 12, random.nextInt());
                ByteBuffer.wrap(payload).putInt(payload[1] == 9 ? 12 : 8, random.nextInt());
            }
            append(forgedAddress(isTemplated), payload);
            forgedSent++;
            if (number % FORGED_PER_REAL == 0) {
                sendReal((int) (number / FORGED_PER_REAL % sent.length));
            }
            if (number % FORGED_PER_MILLI == 0) {
                nowMillis++;
            }
            if (batch.size() > 100) {
                decode();
            }
        }
        decode();
        return result();
    }

    /** Most forge a new sender each time; some one sender with many domains, some the domains of a real router. */
    private long forgedAddress(boolean isTemplated) {
        int kind = random.nextInt(10);
        if (kind == 0 && isTemplated) {
            return IPV4 | 0x0A01_0203L;
        }
        if (kind == 1 && isTemplated) {
            return addressOf(random.nextInt(ROUTERS));
        }
        return IPV4 | 0x0A00_0000L | random.nextInt(1 << 24);
    }

    private byte[] forge(int variant) {
        return switch (variant % 8) {
            case 0 -> v5(0, random.nextInt());
            case 1, 2 -> templatesAndData(MessageBuilder.v9(), 1);
            case 3 -> templatesAndData(MessageBuilder.ipfix(), 1);
            case 4 -> templatesAndData(MessageBuilder.ipfix(), 20);
            case 5 -> dataAlone(MessageBuilder.v9());
            case 6 -> options(MessageBuilder.ipfix());
            default -> activeTotals(MessageBuilder.ipfix(), random.nextInt(), random.nextInt());
        };
    }

    private byte[] templatesAndData(MessageBuilder message, int count) {
        for (int number = 0; number < count; number++) {
            int fields = 3 + random.nextInt(30);
            int[] layout = new int[2 * fields];
            int octets = 0;
            for (int field = 0; field < fields; field++) {
                layout[2 * field] = 1 + random.nextInt(370);
                layout[2 * field + 1] = 1 + random.nextInt(8);
                octets += layout[2 * field + 1];
            }
            int id = 256 + random.nextInt(60_000);
            byte[] records = new byte[octets * 2];
            random.nextBytes(records);
            message.template(id, layout);
            if (count == 1) {
                message.set(id, records);
            }
        }
        return message.toOctets();
    }

    private byte[] dataAlone(MessageBuilder message) {
        byte[] records = new byte[400 + random.nextInt(1000)];
        random.nextBytes(records);
        return message.set(256 + random.nextInt(60_000), records).toOctets();
    }

    private byte[] options(MessageBuilder message) {
        message.options(300, 1, 302, 4, 34, 4);
        for (int sampler = 0; sampler < 50; sampler++) {
            message.data(300, record -> record.u32(random.nextInt()).u32(100));
        }
        return message.toOctets();
    }

    private static byte[] activeTotals(MessageBuilder message, int source, int octets) {
        return message.template(400, 8, 4, 12, 4, 85, 8, 86, 8, 152, 8, 153, 8, 136, 1)
                .data(
                        400,
                        record -> record.u32(source)
                                .u32(1)
                                .u64(octets & 0x7FFF_FFFFL)
                                .u64(1)
                                .u64(NOW)
                                .u64(NOW + 1)
                                .u8(2))
                .toOctets();
    }

    private static long addressOf(int router) {
        return IPV4 | REAL_NETWORK | router;
    }

    /** A third of the routers sends v5, a third v9, a third IPFIX with totals of flows that go on. */
    private byte[] templates(int router) {
        return router % 3 == 1
                ? MessageBuilder.v9()
                        .exportSeconds(nowMillis / 1000)
                        .uptimeMillis(nowMillis - BOOT)
                        .template(260, 8, 4, 12, 4, 1, 4, 2, 4)
                        .toOctets()
                : MessageBuilder.ipfix()
                        .exportSeconds(nowMillis / 1000)
                        .template(260, 8, 4, 12, 4, 85, 8, 86, 8, 152, 8, 153, 8, 136, 1)
                        .toOctets();
    }

    private void sendReal(int router) {
        int turn = ++sent[router];
        if (turn == 1 && router % 3 != 0) {
            append(addressOf(router), templates(router));
        }
        append(
                addressOf(router),
                switch (router % 3) {
                    case 0 -> v5(RECORDS, (turn - 1) * RECORDS);
                    case 1 -> {
                        MessageBuilder message = MessageBuilder.v9()
                                .exportSeconds(nowMillis / 1000)
                                .uptimeMillis(nowMillis / 1000 * 1000 - BOOT)
                                .sequence(turn);
                        for (int record = 0; record < RECORDS; record++) {
                            int flow = record;
                            message.data(
                                    260,
                                    data -> data.u32(flow)
                                            .u32(router)
                                            .u32(OCTETS_PER_RECORD)
                                            .u32(1));
                        }
                        yield message.toOctets();
                    }
                    default -> {
                        MessageBuilder message = MessageBuilder.ipfix()
                                .exportSeconds(nowMillis / 1000)
                                .sequence((long) (turn - 1) * RECORDS);
                        for (int record = 0; record < RECORDS; record++) {
                            int flow = record;
                            message.data(
                                    260,
                                    data -> data.u32(flow)
                                            .u32(router)
                                            .u64(OCTETS_PER_RECORD * turn)
                                            .u64(turn)
                                            .u64(NOW)
                                            .u64(nowMillis)
                                            .u8(2)); // Active timeout: the flow goes on.
                        }
                        yield message.toOctets();
                    }
                });
        realRowsSent += RECORDS;
    }

    private byte[] v5(int records, int sequence) {
        ByteBuffer datagram = ByteBuffer.allocate(24 + 48 * Math.max(1, records));
        datagram.putShort((short) 5).putShort((short) Math.max(1, records));
        datagram.putInt((int) (nowMillis - BOOT))
                .putInt((int) (nowMillis / 1000))
                .putInt((int) (nowMillis % 1000) * 1_000_000);
        datagram.putInt(sequence);
        for (int record = 0; record < records; record++) {
            datagram.putInt(24 + 48 * record, record);
            datagram.putInt(24 + 48 * record + 16, 1);
            datagram.putInt(24 + 48 * record + 20, (int) OCTETS_PER_RECORD);
        }
        return datagram.array();
    }

    private void append(long address, byte[] payload) {
        if (!batch.hasRoomFor(payload.length)) {
            decode();
        }
        int offset = batch.append(endpoint, 0, address, 40_000, nowMillis, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
    }

    private void decode() {
        boolean isDone = batch.size() == 0;
        while (!isDone) {
            flows.clear();
            isDone = versions.decode(batch, flows);
            for (int span = 0; span < flows.spans(); span++) {
                // Domain 7 is the one that MessageBuilder gives; forged ones of a real address have others.
                boolean isReal = (flows.exporter(span).addressLow() & 0xFFFF_0000L) == REAL_NETWORK
                        && (flows.exporter(span).version() == 5
                                || flows.exporter(span).domain() == 7);
                for (int row = flows.firstRow(span); isReal && row < flows.endRow(span); row++) {
                    realRows++;
                    realOctets += flows.octets(row);
                }
            }
        }
        batch.clear();
    }

    private Result result() {
        long lost = versions.exporters().stream()
                .filter(exporter -> (exporter.exporter().addressLow() & 0xFFFF_0000L) == REAL_NETWORK)
                .filter(exporter -> exporter.exporter().version() == 5
                        || exporter.exporter().domain() == 7)
                .mapToLong(ExporterStatus::lost)
                .sum();
        return new Result(
                forgedSent,
                heapOctets(),
                realRowsSent,
                realRows,
                realRowsSent * OCTETS_PER_RECORD - realOctets,
                lost,
                versions.datagrams(),
                versions.senders(),
                versions.templates());
    }

    private static long heapOctets() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3; attempt++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Sends so many millions of forged datagrams. */
    public static void main(String[] given) {
        int millions = Integer.parseInt(given[0]);
        Flood flood = new Flood();
        System.out.println(flood.run(0));
        for (int million = 1; million <= millions; million++) {
            System.out.println(flood.run(1_000_000));
        }
    }
}
