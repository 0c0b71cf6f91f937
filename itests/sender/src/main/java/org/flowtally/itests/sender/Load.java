// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * Steady traffic of several routers, prepared beforehand: while it is sent, only times and sequence numbers are patched into the
 * payloads. The same seed makes the same traffic. It knows exactly what it sent. Owned by one thread.
 */
public final class Load implements AutoCloseable {
    private static final int DATAGRAMS_PER_ROUTER = 512;
    private static final int FOREIGN_NETWORK = Ipv4.parse("198.18.0.0");
    private static final int FOREIGN_ADDRESSES = 1 << 17;
    private static final long LONGEST_FLOW_MILLIS = 60_000;

    private final InstantSource clock;
    private final Shape shape;
    private final LoadFormat format;
    private final List<UdpSender> senders = new ArrayList<>();
    private final ByteBuffer[] payload;
    private final ByteBuffer[] templates;
    private final long[] sequence;
    private final int[] sinceTemplates;
    private final long[] sentTimes;
    private final long[] octetsOf;
    private final List<List<LoadFormat.Row>> rowsOf = new ArrayList<>();
    private final int[] durationMillis;
    private long datagrams;
    private long rows;
    private int next;

    /**
     * What the traffic looks like.
     *
     * @param routers how many routers send, each from an address of its own (127.1.0.1 and up)
     * @param recordsPerDatagram records in each datagram, 1..30
     * @param population the subscribers; every flow has one at one end, about one in 25 has one at both
     * @param seed what the traffic is drawn from
     * @param engineId the first domain of every router (v5: its engine id), which makes another exporter of it
     * @param version what the routers export
     * @param domains how many domains each router has
     * @param datagramsPerTemplates how many datagrams with flows go out before an exporter repeats its templates; or
     *     {@link #TEMPLATES_ONCE}, or {@link #TEMPLATES_BY_HAND}
     */
    public record Shape(
            int routers,
            int recordsPerDatagram,
            Population population,
            long seed,
            int engineId,
            ExportVersion version,
            int domains,
            int datagramsPerTemplates) {
        /** Templates go out before the first flows and never again. */
        public static final int TEMPLATES_ONCE = Integer.MAX_VALUE;

        /** Templates go out when {@link Load#sendTemplates()} is called and not otherwise. */
        public static final int TEMPLATES_BY_HAND = 0;

        private static final int USUAL = 20; // As IOS does.

        /** Makes a shape of NetFlow v5 with one domain for each router. */
        public Shape(int routers, int recordsPerDatagram, Population population, long seed, int engineId) {
            this(routers, recordsPerDatagram, population, seed, engineId, ExportVersion.V5, 1, USUAL);
        }

        /** Returns the same in another version. */
        public Shape as(ExportVersion other) {
            return new Shape(
                    routers, recordsPerDatagram, population, seed, engineId, other, domains, datagramsPerTemplates);
        }

        /** Returns the same with so many domains for each router, numbered from the engine id on. */
        public Shape domains(int number) {
            return new Shape(
                    routers, recordsPerDatagram, population, seed, engineId, version, number, datagramsPerTemplates);
        }

        /** Returns the same with templates after so many datagrams. */
        public Shape templatesEvery(int dataDatagrams) {
            return new Shape(routers, recordsPerDatagram, population, seed, engineId, version, domains, dataDatagrams);
        }

        int exporters() {
            return routers * domains;
        }
    }

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
        format = LoadFormat.of(shape.version(), clock.millis() - 3_600_000);
        int prepared = shape.routers() * DATAGRAMS_PER_ROUTER;
        payload = new ByteBuffer[prepared];
        sentTimes = new long[prepared];
        octetsOf = new long[prepared];
        durationMillis = new int[shape.recordsPerDatagram()];
        sequence = new long[shape.exporters()];
        sinceTemplates = new int[shape.exporters()];
        templates = new ByteBuffer[shape.exporters()];
        Random random = new Random(shape.seed());
        for (int record = 0; record < durationMillis.length; record++) {
            durationMillis[record] = random.nextInt((int) LONGEST_FLOW_MILLIS);
        }
        for (int datagram = 0; datagram < prepared; datagram++) {
            payload[datagram] = prepare(datagram, random);
        }
        for (int exporter = 0; exporter < templates.length; exporter++) {
            templates[exporter] = direct(format.templates(domain(exporter)));
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

    /** Sends the templates of every exporter; nothing in a version that has none. */
    public void sendTemplates() {
        long millis = clock.millis();
        for (int exporter = 0; exporter < templates.length; exporter++) {
            sendTemplates(exporter, millis);
        }
    }

    /** Returns the datagrams sent, those with templates too. */
    public long datagrams() {
        return datagrams;
    }

    /** Returns the rows sent. */
    public long rows() {
        return rows;
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
        return moved(LoadFormat.Row::destination);
    }

    /** Returns what each subscriber sent in all: octets, packets and flows. */
    public List<Moved> sent() {
        return moved(LoadFormat.Row::source);
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
        int exporter = datagram % shape.exporters();
        next = datagram + 1 == payload.length ? 0 : datagram + 1;
        if (isTimeForTemplates(exporter)) {
            sendTemplates(exporter, millis);
        }
        format.patch(payload[datagram], millis, sequence[exporter], durationMillis, shape.recordsPerDatagram());
        emit(exporter, payload[datagram]);
        sequence[exporter] += format.sequenceStep(shape.recordsPerDatagram());
        sentTimes[datagram]++;
        rows += shape.recordsPerDatagram();
    }

    private boolean isTimeForTemplates(int exporter) {
        int every = shape.datagramsPerTemplates();
        if (every == Shape.TEMPLATES_BY_HAND) {
            return false;
        }
        int since = sinceTemplates[exporter];
        sinceTemplates[exporter] = every == Shape.TEMPLATES_ONCE ? 1 : (since + 1) % every;
        return since == 0;
    }

    private void sendTemplates(int exporter, long millis) {
        if (templates[exporter].hasRemaining()) {
            format.patch(templates[exporter], millis, sequence[exporter], durationMillis, 0);
            emit(exporter, templates[exporter]);
            sequence[exporter] += format.sequenceStepOfTemplates();
        }
    }

    private void emit(int exporter, ByteBuffer octets) {
        senders.get(exporter % shape.routers()).send(octets);
        octets.rewind();
        datagrams++;
    }

    private int domain(int exporter) {
        return shape.engineId() + exporter / shape.routers();
    }

    private ByteBuffer prepare(int datagram, Random random) {
        List<LoadFormat.Row> made = new ArrayList<>();
        for (int record = 0; record < shape.recordsPerDatagram(); record++) {
            int index = random.nextInt(shape.population().size());
            int subscriber = shape.population().address(index);
            int peer = random.nextInt(25) == 0 && index > 0
                    ? shape.population().address(random.nextInt(index))
                    : FOREIGN_NETWORK + random.nextInt(FOREIGN_ADDRESSES);
            boolean upload = random.nextInt(3) == 0;
            long octets = 64L + random.nextInt(1_000_000);
            octetsOf[datagram] += octets;
            made.add(new LoadFormat.Row(
                    upload ? subscriber : peer,
                    upload ? peer : subscriber,
                    packetsOf(octets),
                    octets,
                    1024 + random.nextInt(60_000)));
        }
        rowsOf.add(made);
        return direct(format.data(domain(datagram % shape.exporters()), made));
    }

    private static ByteBuffer direct(byte[] octets) {
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
    }

    private static long packetsOf(long octets) {
        return 1 + octets / 1000;
    }

    private List<Moved> moved(ToIntFunction<LoadFormat.Row> addressOf) {
        int size = shape.population().size();
        long[] octets = new long[size];
        long[] packets = new long[size];
        long[] flows = new long[size];
        for (int datagram = 0; datagram < payload.length; datagram++) {
            for (LoadFormat.Row row : rowsOf.get(datagram)) {
                int subscriber = addressOf.applyAsInt(row) - shape.population().address(0);
                if (subscriber >= 0 && subscriber < size) {
                    octets[subscriber] += sentTimes[datagram] * row.octets();
                    packets[subscriber] += sentTimes[datagram] * row.packets();
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
