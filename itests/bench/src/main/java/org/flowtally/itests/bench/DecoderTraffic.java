// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.decodeipfix.Ipfix;
import org.flowtally.decodev1.NetflowV1;
import org.flowtally.decodev5.NetflowV5;
import org.flowtally.decodev7.NetflowV7;
import org.flowtally.decodev8.NetflowV8;
import org.flowtally.decodev9.NetflowV9;
import org.flowtally.itests.sender.ExportVersion;
import org.flowtally.itests.sender.Flow;
import org.flowtally.itests.sender.Ipv4;
import org.flowtally.itests.sender.Population;
import org.flowtally.itests.sender.TemplatedRouter;
import org.flowtally.itests.sender.V5Datagram;
import org.flowtally.itests.sender.V5Record;

/** Each version's decoder, and datagrams for it. */
@SuppressWarnings("ImmutableEnumChecker") // Benchmarks run in one thread.
enum DecoderTraffic {
    V1(new NetflowV1(), -1, 0, 30),
    V5(new NetflowV5(), 16, 30, 30),
    V7(new NetflowV7(), 16, 24, 24),
    V8(new NetflowV8(), 16, 32, 32),
    V9(new NetflowV9(), 12, 1, 30),
    IPFIX(new Ipfix(), 8, 24, 24);

    private static final int RECORDS_OF_V5 = 24;
    private static final int OCTETS_OF_V1 = 16;
    private static final int OCTETS_OF_V8 = 28;
    private static final int AGGREGATION_OF_V8 = 22;
    private static final int FULL_FLOW = 8;
    private static final int RECORD_OF_V7 = 52;
    private static final int RECORD_OF_FULL_FLOW = 44;
    private static final long LONGEST_MILLIS = 60_000;

    private final FlowDecoder decoder;
    private final int sequenceOffset;
    private final int sequenceStep;
    private final int records;

    DecoderTraffic(FlowDecoder decoder, int sequenceOffset, int sequenceStep, int records) {
        this.decoder = decoder;
        this.sequenceOffset = sequenceOffset;
        this.sequenceStep = sequenceStep;
        this.records = records;
    }

    FlowDecoder decoder() {
        return decoder;
    }

    /** Returns how many records are in each datagram: about as many as fit an Ethernet frame. */
    int records() {
        return records;
    }

    /** Returns where the sequence number stands in the header, or -1. */
    int sequenceOffset() {
        return sequenceOffset;
    }

    /** Returns by how much it grows from one datagram to the next. */
    int sequenceStep() {
        return sequenceStep;
    }

    /** Returns a datagram with the templates; empty in a version that has none. */
    byte[] templates(long nowMillis) {
        return switch (this) {
            case V9, IPFIX -> router(nowMillis).templates(nowMillis);
            default -> new byte[0];
        };
    }

    /** Returns a datagram with flows, each of which has a subscriber at one end. */
    byte[] flows(Population population, Random random, long nowMillis) {
        return switch (this) {
            case V1 -> recast(v5(population, random, nowMillis), OCTETS_OF_V1, V5Record.OCTETS);
            case V5 -> v5(population, random, nowMillis).array();
            case V7 -> recast(v5(population, random, nowMillis), RECORDS_OF_V5, RECORD_OF_V7);
            case V8 -> {
                byte[] octets = recast(v5(population, random, nowMillis), OCTETS_OF_V8, RECORD_OF_FULL_FLOW);
                octets[AGGREGATION_OF_V8] = FULL_FLOW;
                yield octets;
            }
            case V9, IPFIX -> {
                List<Flow> flows = new ArrayList<>();
                for (int record = 0; record < records; record++) {
                    long end = nowMillis - random.nextInt((int) LONGEST_MILLIS);
                    boolean upload = random.nextInt(3) == 0;
                    String ours = Ipv4.format(population.address(random.nextInt(population.size())));
                    String theirs = Ipv4.format(Ipv4.parse("198.18.0.0") + random.nextInt(1 << 17));
                    flows.add(new Flow(
                            upload ? ours : theirs,
                            upload ? theirs : ours,
                            1 + random.nextInt(1_000),
                            64L + random.nextInt(1_000_000),
                            end - random.nextInt((int) LONGEST_MILLIS),
                            end));
                }
                yield router(nowMillis).export(nowMillis, flows);
            }
        };
    }

    private TemplatedRouter router(long nowMillis) {
        ExportVersion version = this == V9 ? ExportVersion.V9 : ExportVersion.IPFIX;
        return new TemplatedRouter(version, "", 0, nowMillis - 100_000_000);
    }

    private ByteBuffer v5(Population population, Random random, long nowMillis) {
        V5Datagram made = new V5Datagram().exportedAtMillis(nowMillis).uptimeMillis(100_000_000);
        for (int record = 0; record < records; record++) {
            int ours = population.address(random.nextInt(population.size()));
            int theirs = Ipv4.parse("198.18.0.0") + random.nextInt(1 << 17);
            boolean upload = random.nextInt(3) == 0;
            long ended = 100_000_000L - random.nextInt((int) LONGEST_MILLIS);
            made.add(new V5Record()
                    .addresses(upload ? ours : theirs, upload ? theirs : ours)
                    .counters(1 + random.nextInt(1_000), 64L + random.nextInt(1_000_000))
                    .uptimes(ended - random.nextInt((int) LONGEST_MILLIS), ended));
        }
        return ByteBuffer.wrap(made.toOctets());
    }

    /** Makes a datagram of a version with another header and other records of one of v5: the first fields are the same. */
    private byte[] recast(ByteBuffer v5, int headerOctets, int recordOctets) {
        ByteBuffer made = ByteBuffer.allocate(headerOctets + records * recordOctets);
        made.put(0, v5, 0, Math.min(headerOctets, RECORDS_OF_V5));
        made.putShort(0, (short) decoder.version());
        for (int record = 0; record < records; record++) {
            made.put(
                    headerOctets + record * recordOctets,
                    v5,
                    RECORDS_OF_V5 + record * V5Record.OCTETS,
                    Math.min(recordOctets, V5Record.OCTETS));
        }
        return made.array();
    }
}
