// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Steady traffic of several routers, prepared beforehand: while it is sent, only times and sequence numbers are patched into the
 * payloads. The same seed makes the same traffic. It knows exactly what it sent. Owned by one thread.
 */
public final class Load implements AutoCloseable {
    private static final int DATAGRAMS_PER_ROUTER = 512;
    private static final int FOREIGN_NETWORK = Ipv4.parse("198.18.0.0");
    private static final int FOREIGN_ADDRESSES = 1 << 17;
    private static final long LONGEST_FLOW_MILLIS = 60_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InstantSource clock;
    private final Shape shape;
    private final List<UdpSender> senders = new ArrayList<>();
    private final ByteBuffer[] payload;
    private final long[] sequence;
    private final long[] sentTimes;
    private final long[] octetsOf;
    private final int[][] sourceOf;
    private final int[][] destinationOf;
    private final long[][] octetsOfRecord;
    private final int[] durationMillis = new int[V5Datagram.MOST_RECORDS];
    private final long bootMillis;
    private long datagrams;
    private int next;

    /**
     * What the traffic looks like.
     *
     * @param routers how many routers send, each from an address of its own (127.1.0.1 and up)
     * @param recordsPerDatagram records in each datagram, 1..30
     * @param population the subscribers; every flow has one at one end, about one in 25 has one at both
     * @param seed what the traffic is drawn from
     * @param engineId the engine id of every router, which makes another exporter of it
     */
    public record Shape(int routers, int recordsPerDatagram, Population population, long seed, int engineId) {}

    /**
     * Prepares the traffic and opens its sockets.
     *
     * @param shape what it looks like
     * @param toPort the port on 127.0.0.1 that it goes to
     * @param clock the routers' clock
     */
    public Load(Shape shape, int toPort, InstantSource clock) {
        this.clock = clock;
        this.shape = shape;
        this.bootMillis = clock.millis() - 3_600_000;
        int prepared = shape.routers() * DATAGRAMS_PER_ROUTER;
        payload = new ByteBuffer[prepared];
        sentTimes = new long[prepared];
        octetsOf = new long[prepared];
        sourceOf = new int[prepared][shape.recordsPerDatagram()];
        destinationOf = new int[prepared][shape.recordsPerDatagram()];
        octetsOfRecord = new long[prepared][shape.recordsPerDatagram()];
        sequence = new long[shape.routers()];
        Random random = new Random(shape.seed());
        for (int record = 0; record < durationMillis.length; record++) {
            durationMillis[record] = random.nextInt((int) LONGEST_FLOW_MILLIS);
        }
        for (int datagram = 0; datagram < prepared; datagram++) {
            payload[datagram] = prepare(datagram, random);
        }
        for (int router = 0; router < shape.routers(); router++) {
            senders.add(new UdpSender(routerAddress(router), "127.0.0.1", toPort));
        }
    }

    /** Returns the address that a router sends from. */
    public static String routerAddress(int router) {
        return "127.1." + (router >> 8) + "." + ((router & 0xFF) + 1);
    }

    /** Sends so many datagrams without a pause; the routers take turns. */
    public void send(int count) {
        long millis = clock.millis();
        for (int sent = 0; sent < count; sent++) {
            sendNext(millis);
        }
    }

    /**
     * Sends at a pace for a time. When it was held up it catches up at twice the pace, not at once: no router sends what it
     * could not send for a tenth of a second in one burst.
     *
     * @param datagramsPerSecond how many on average
     * @param burst how many at once; 1 spaces them evenly
     * @param nanos for how long
     * @return by how many nanoseconds the worst wait was overrun
     */
    public long send(double datagramsPerSecond, int burst, long nanos) {
        Pacer.wakeThisThreadOnTime();
        double interval = 1e9 / datagramsPerSecond * burst;
        long leastInterval = (long) (interval * 0.5);
        long bursts = Math.round(nanos / interval);
        long start = System.nanoTime();
        long sentAt = start - leastInterval;
        long worst = 0;
        for (long number = 0; number < bursts; number++) {
            long due = Math.max(start + (long) (number * interval), sentAt + leastInterval);
            Pacer.await(due);
            sentAt = System.nanoTime();
            worst = Math.max(worst, sentAt - due);
            send(burst);
        }
        return worst;
    }

    /** Returns the datagrams sent. */
    public long datagrams() {
        return datagrams;
    }

    /** Returns the rows sent. */
    public long rows() {
        return datagrams * shape.recordsPerDatagram();
    }

    /** Returns the octets in the records sent. */
    public long octets() {
        long sum = 0;
        for (int datagram = 0; datagram < payload.length; datagram++) {
            sum += sentTimes[datagram] * octetsOf[datagram];
        }
        return sum;
    }

    /** Returns what each subscriber received in all: octets, packets and flows. */
    public List<Moved> received() {
        return moved(destinationOf);
    }

    /** Returns what each subscriber sent in all: octets, packets and flows. */
    public List<Moved> sent() {
        return moved(sourceOf);
    }

    /**
     * What a subscriber moved in one direction.
     *
     * @param octets octets
     * @param packets packets
     * @param flows flows
     */
    public record Moved(long octets, long packets, long flows) {}

    @Override
    public void close() {
        senders.forEach(UdpSender::close);
    }

    private void sendNext(long millis) {
        int datagram = next;
        int router = datagram % shape.routers();
        next = datagram + 1 == payload.length ? 0 : datagram + 1;
        ByteBuffer octets = payload[datagram];
        int uptime = (int) (millis - bootMillis);
        octets.putInt(V5Datagram.UPTIME_OFFSET, uptime);
        octets.putInt(V5Datagram.SECONDS_OFFSET, (int) (millis / 1000));
        octets.putInt(V5Datagram.NANOS_OFFSET, (int) (millis % 1000 * NANOS_PER_MILLI));
        octets.putInt(V5Datagram.SEQUENCE_OFFSET, (int) sequence[router]);
        int at = V5Datagram.HEADER_OCTETS;
        for (int record = 0; record < shape.recordsPerDatagram(); record++) {
            octets.putInt(at + V5Record.FIRST_OFFSET, uptime - durationMillis[record]);
            octets.putInt(at + V5Record.LAST_OFFSET, uptime);
            at += V5Record.OCTETS;
        }
        octets.rewind();
        senders.get(router).send(octets);
        sequence[router] += shape.recordsPerDatagram();
        sentTimes[datagram]++;
        datagrams++;
    }

    private ByteBuffer prepare(int datagram, Random random) {
        V5Datagram made = new V5Datagram().engine(0, shape.engineId());
        for (int record = 0; record < shape.recordsPerDatagram(); record++) {
            int index = random.nextInt(shape.population().size());
            int subscriber = shape.population().address(index);
            int peer = random.nextInt(25) == 0 && index > 0
                    ? shape.population().address(random.nextInt(index))
                    : FOREIGN_NETWORK + random.nextInt(FOREIGN_ADDRESSES);
            boolean upload = random.nextInt(3) == 0;
            long octets = 64L + random.nextInt(1_000_000);
            sourceOf[datagram][record] = upload ? subscriber : peer;
            destinationOf[datagram][record] = upload ? peer : subscriber;
            octetsOfRecord[datagram][record] = octets;
            octetsOf[datagram] += octets;
            made.add(new V5Record()
                    .addresses(sourceOf[datagram][record], destinationOf[datagram][record])
                    .counters(packetsOf(octets), octets)
                    .ports(1024 + random.nextInt(60_000), 443));
        }
        byte[] octets = made.toOctets();
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
    }

    private static long packetsOf(long octets) {
        return 1 + octets / 1000;
    }

    private List<Moved> moved(int[][] addressOf) {
        int size = shape.population().size();
        long[] octets = new long[size];
        long[] packets = new long[size];
        long[] flows = new long[size];
        for (int datagram = 0; datagram < payload.length; datagram++) {
            for (int record = 0; record < shape.recordsPerDatagram(); record++) {
                int subscriber =
                        addressOf[datagram][record] - shape.population().address(0);
                if (subscriber >= 0 && subscriber < size) {
                    octets[subscriber] += sentTimes[datagram] * octetsOfRecord[datagram][record];
                    packets[subscriber] += sentTimes[datagram] * packetsOf(octetsOfRecord[datagram][record]);
                    flows[subscriber] += sentTimes[datagram];
                }
            }
        }
        List<Moved> moved = new ArrayList<>(size);
        for (int subscriber = 0; subscriber < size; subscriber++) {
            moved.add(new Moved(octets[subscriber], packets[subscriber], flows[subscriber]));
        }
        return moved;
    }
}
