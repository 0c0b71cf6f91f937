// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

import java.util.Arrays;
import java.util.Objects;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.policy.TrafficClasses;
import org.flowtally.api.subscriber.Subscribers;

/**
 * Decoded flows in columns of primitives: the unit that travels from the decoders to the ledger. Pooled and reused, so a
 * claimed row starts with no field present and nothing of an earlier packet shines through. Owned by the working thread.
 *
 * <p>Rows lie in <em>spans</em>: a span is what one datagram gave, and carries what its rows have in common (exporter,
 * endpoint, arrival, export time, uptime), so that a stage does such work once a span and not once a row:
 *
 * <pre>{@code
 * for (int span = 0; span < batch.spans(); span++) {
 *     long arrival = batch.receivedAtMillis(span);
 *     for (int row = batch.firstRow(span), end = batch.endRow(span); row < end; row++) { ... }
 * }
 * }</pre>
 */
public final class FlowBatch {
    /** The uptime of a span whose exporter does not send one. */
    public static final long NO_UPTIME = -1;

    private static final long IPV4 = 0xFFFF_0000_0000L; // ::ffff:a.b.c.d, the lower half.
    private static final long U32 = 0xFFFF_FFFFL;
    private static final int U16 = 0xFFFF;
    private static final int U8 = 0xFF;
    private static final int LONGEST_IPV4_PREFIX = 32;
    private static final String NARROW_BY_WORDS = "a narrow row gets these fields by the methods for narrow rows";
    private static final String NARROW_ONLY = "a row gets these words only if it is claimed as narrow";
    private static final String NARROW_FROM_THE_START = "a row is narrow from its claim on, or never";

    // Where the fields of transport lie.
    private static final int SOURCE_PORT = 48;
    private static final int DESTINATION_PORT = 32;
    private static final int TCP_FLAGS = 16;
    private static final int PROTOCOL = 8;

    // Where the fields of narrowNetworks lie.
    private static final int NARROW_SOURCE_AS = 48;
    private static final int NARROW_SOURCE_MASK = 24;
    private static final int NARROW_DESTINATION_MASK = 16;

    private final int capacity;
    private int size;
    private int spans;
    private int claimable;
    private boolean mayHaveUpperHalves;
    private Subscribers subscribers = Subscribers.NOBODY;
    private TrafficClasses trafficClasses = TrafficClasses.NONE;

    private final Endpoint[] endpoint;
    private final Exporter[] exporter;
    private final long[] receivedAtMillis;
    private final long[] exportMillis;
    private final long[] uptimeMillis;
    private final long[] clockShiftMillis;
    private final boolean[] returned;
    private final int[] firstRow;
    private final MatchAddress[] matchAddress;

    private final long[] present;
    private final long[] sourceHigh;
    private final long[] sourceLow;
    private final long[] destinationHigh;
    private final long[] destinationLow;
    private final long[] octets;
    private final long[] packets;
    // What decoders mostly write together lies in one word: a row costs them a store for each column.
    private final long[] transport; // Ports and TCP flags, 16 bits each; protocol and type of service, 8 bits each.
    private final long[] interfaces; // Input and output, 32 bits each.
    private final long[] autonomousSystems; // Source and destination, 32 bits each; of a narrow row narrowNetworks.
    private final char[] prefixLengths; // Source and destination, 8 bits each.
    private final long[] nextHopHigh;
    private final long[] nextHopLow; // Of a narrow row narrowRoute.
    private final char[] icmpTypeAndCode;
    private final long[] observedStart; // Of a narrow row narrowTimes.
    private final long[] observedEnd;
    private final long[] sourceMac;
    private final long[] destinationMac;
    private final char[] vlan;
    private final char[] postVlan;
    private final int[] ingressVrf;
    private final int[] egressVrf;
    private final byte[] direction;
    private final long[] natSourceHigh;
    private final long[] natSourceLow;
    private final long[] natDestinationHigh;
    private final long[] natDestinationLow;
    private final char[] natSourcePort;
    private final char[] natDestinationPort;
    private final char[] portBlockFirst;
    private final char[] portBlockLast;
    private final byte[] natEvent;
    private final int[] flowCount;
    private final byte[] firewallEvent;
    private final int[] samplingRate;
    private final long[] startMillis;
    private final long[] endMillis;
    private final int[] sourceSubscriber;
    private final int[] destinationSubscriber;
    private final char[] quality;
    private final byte[] verdict;
    private final char[] classes;
    private final byte[] translatedSides;

    /** Makes a batch with room for so many rows. */
    public FlowBatch(int capacity) {
        this.capacity = capacity;
        endpoint = new Endpoint[capacity + 1];
        exporter = new Exporter[capacity + 1];
        receivedAtMillis = new long[capacity + 1];
        exportMillis = new long[capacity + 1];
        uptimeMillis = new long[capacity + 1];
        clockShiftMillis = new long[capacity + 1];
        returned = new boolean[capacity + 1];
        firstRow = new int[capacity + 1];
        matchAddress = new MatchAddress[capacity + 1];
        present = new long[capacity];
        sourceHigh = new long[capacity];
        sourceLow = new long[capacity];
        destinationHigh = new long[capacity];
        destinationLow = new long[capacity];
        octets = new long[capacity];
        packets = new long[capacity];
        transport = new long[capacity];
        interfaces = new long[capacity];
        autonomousSystems = new long[capacity];
        prefixLengths = new char[capacity];
        nextHopHigh = new long[capacity];
        nextHopLow = new long[capacity];
        icmpTypeAndCode = new char[capacity];
        observedStart = new long[capacity];
        observedEnd = new long[capacity];
        sourceMac = new long[capacity];
        destinationMac = new long[capacity];
        vlan = new char[capacity];
        postVlan = new char[capacity];
        ingressVrf = new int[capacity];
        egressVrf = new int[capacity];
        direction = new byte[capacity];
        natSourceHigh = new long[capacity];
        natSourceLow = new long[capacity];
        natDestinationHigh = new long[capacity];
        natDestinationLow = new long[capacity];
        natSourcePort = new char[capacity];
        natDestinationPort = new char[capacity];
        portBlockFirst = new char[capacity];
        portBlockLast = new char[capacity];
        natEvent = new byte[capacity];
        flowCount = new int[capacity];
        firewallEvent = new byte[capacity];
        samplingRate = new int[capacity];
        Arrays.fill(samplingRate, 1);
        startMillis = new long[capacity];
        endMillis = new long[capacity];
        sourceSubscriber = new int[capacity];
        destinationSubscriber = new int[capacity];
        quality = new char[capacity];
        verdict = new byte[capacity];
        classes = new char[capacity];
        translatedSides = new byte[capacity];
    }

    /** Returns how many rows the batch can hold. */
    public int capacity() {
        return capacity;
    }

    /** Returns the number of rows claimed; it never shrinks before {@link #clear()}. */
    public int size() {
        return size;
    }

    /** Returns how many rows can still be claimed. */
    public int remaining() {
        return capacity - size;
    }

    /** Empties the batch for its next use. */
    public void clear() {
        Arrays.fill(endpoint, 0, spans, null);
        Arrays.fill(exporter, 0, spans, null);
        // Rows that are not claimed are as a claimed row begins: here that costs the least.
        Arrays.fill(samplingRate, 0, size, 1);
        Arrays.fill(quality, 0, size, (char) 0);
        Arrays.fill(verdict, 0, size, (byte) 0);
        if (mayHaveUpperHalves) {
            Arrays.fill(sourceHigh, 0, size, 0);
            Arrays.fill(destinationHigh, 0, size, 0);
            Arrays.fill(nextHopHigh, 0, size, 0);
            mayHaveUpperHalves = false;
        }
        size = 0;
        spans = 0;
        claimable = 0;
        subscribers = Subscribers.NOBODY;
        trafficClasses = TrafficClasses.NONE;
    }

    /**
     * Begins the span of a datagram; the rows claimed from now on belong to it. A span that got no rows is replaced.
     *
     * @param receivedBy the endpoint it came to
     * @param sentBy who sent it
     * @param receivedAt when it was read from the socket, milliseconds since 1970
     * @param exportedAt the export time in its header, milliseconds since 1970
     * @param uptime the exporter's uptime in its header, milliseconds, or {@link #NO_UPTIME}
     */
    public void beginSpan(Endpoint receivedBy, Exporter sentBy, long receivedAt, long exportedAt, long uptime) {
        int span = spans > 0 && firstRow[spans - 1] == size ? spans - 1 : spans++;
        endpoint[span] = receivedBy;
        exporter[span] = sentBy;
        receivedAtMillis[span] = receivedAt;
        exportMillis[span] = exportedAt;
        uptimeMillis[span] = uptime;
        clockShiftMillis[span] = 0;
        returned[span] = false;
        firstRow[span] = size;
        matchAddress[span] = MatchAddress.ORIGINAL;
        claimable = capacity;
    }

    /** Begins a span with everything that a span of another batch says of its datagram. */
    public void beginSpan(FlowBatch from, int span) {
        beginSpan(
                from.endpoint[span],
                from.exporter[span],
                from.receivedAtMillis[span],
                from.exportMillis[span],
                from.uptimeMillis[span]);
    }

    /**
     * Notes that the rows of the current span were decoded and held back earlier: each has been in a batch before, with the
     * verdict {@link Verdict#QUARANTINED}, and gets its last one now.
     */
    public void returnSpan() {
        returned[spans - 1] = true;
    }

    /** Returns whether the rows of a span were held back earlier and return now. */
    public boolean isReturned(int span) {
        return returned[span];
    }

    /**
     * Claims the next row of the current span and copies all columns of a row of another batch into it.
     *
     * @return the row
     * @throws IndexOutOfBoundsException if the batch is full: check {@link #remaining()} first; or if no span has begun
     */
    public int append(FlowBatch from, int fromRow) {
        int row = Objects.checkIndex(size, claimable);
        present[row] = from.present[fromRow];
        sourceHigh[row] = from.sourceHigh[fromRow];
        sourceLow[row] = from.sourceLow[fromRow];
        destinationHigh[row] = from.destinationHigh[fromRow];
        destinationLow[row] = from.destinationLow[fromRow];
        octets[row] = from.octets[fromRow];
        packets[row] = from.packets[fromRow];
        transport[row] = from.transport[fromRow];
        interfaces[row] = from.interfaces[fromRow];
        autonomousSystems[row] = from.autonomousSystems[fromRow];
        prefixLengths[row] = from.prefixLengths[fromRow];
        nextHopHigh[row] = from.nextHopHigh[fromRow];
        nextHopLow[row] = from.nextHopLow[fromRow];
        icmpTypeAndCode[row] = from.icmpTypeAndCode[fromRow];
        observedStart[row] = from.observedStart[fromRow];
        observedEnd[row] = from.observedEnd[fromRow];
        sourceMac[row] = from.sourceMac[fromRow];
        destinationMac[row] = from.destinationMac[fromRow];
        vlan[row] = from.vlan[fromRow];
        postVlan[row] = from.postVlan[fromRow];
        ingressVrf[row] = from.ingressVrf[fromRow];
        egressVrf[row] = from.egressVrf[fromRow];
        direction[row] = from.direction[fromRow];
        natSourceHigh[row] = from.natSourceHigh[fromRow];
        natSourceLow[row] = from.natSourceLow[fromRow];
        natDestinationHigh[row] = from.natDestinationHigh[fromRow];
        natDestinationLow[row] = from.natDestinationLow[fromRow];
        natSourcePort[row] = from.natSourcePort[fromRow];
        natDestinationPort[row] = from.natDestinationPort[fromRow];
        portBlockFirst[row] = from.portBlockFirst[fromRow];
        portBlockLast[row] = from.portBlockLast[fromRow];
        natEvent[row] = from.natEvent[fromRow];
        flowCount[row] = from.flowCount[fromRow];
        firewallEvent[row] = from.firewallEvent[fromRow];
        samplingRate[row] = from.samplingRate[fromRow];
        startMillis[row] = from.startMillis[fromRow];
        endMillis[row] = from.endMillis[fromRow];
        sourceSubscriber[row] = from.sourceSubscriber[fromRow];
        destinationSubscriber[row] = from.destinationSubscriber[fromRow];
        quality[row] = from.quality[fromRow];
        verdict[row] = from.verdict[fromRow];
        classes[row] = from.classes[fromRow];
        translatedSides[row] = from.translatedSides[fromRow];
        mayHaveUpperHalves |= from.mayHaveUpperHalves;
        size = row + 1;
        return row;
    }

    /**
     * Claims the next row of the current span, with exactly these fields present; the caller writes each of them.
     *
     * @param fields bits of {@link FlowField}
     * @return the row
     * @throws IndexOutOfBoundsException if the batch is full: check {@link #remaining()} first; or if no span has begun
     */
    public int claim(long fields) {
        int row = Objects.checkIndex(size, claimable);
        present[row] = fields;
        size = row + 1;
        return row;
    }

    /**
     * Claims the next rows of the current span, each with exactly these fields present; the caller writes each of them. A
     * decoder whose records all have one layout fills one column after the other then, which is what memory likes best.
     *
     * @param rows how many, at most {@link #remaining()}
     * @param fields bits of {@link FlowField}
     * @return the first row
     * @throws IndexOutOfBoundsException if there are not so many left, or if no span has begun
     */
    public int claim(int rows, long fields) {
        int from = Objects.checkFromIndexSize(size, rows, claimable);
        size = from + rows;
        Arrays.fill(present, from, size, fields);
        return from;
    }

    /** Marks further fields of a claimed row as present, but not {@link FlowField#NARROW}; the caller writes each of them. */
    public void add(int row, long fields) {
        assert (fields & FlowField.NARROW) == 0 : NARROW_FROM_THE_START;
        present[row] |= fields;
    }

    /** Takes fields back from a row: the exporter has them in its record, but says nothing by them. */
    public void withdraw(int row, long fields) {
        assert (fields & FlowField.NARROW) == 0 : NARROW_FROM_THE_START;
        present[row] &= ~fields;
    }

    /** Takes every field back from a row: what its decoder left when it failed is not to be believed. */
    public void forget(int row) {
        present[row] = 0;
    }

    /** Returns the number of spans. */
    public int spans() {
        return spans;
    }

    /** Returns the first row of a span. */
    public int firstRow(int span) {
        return firstRow[span];
    }

    /** Returns the row behind the last row of a span. */
    public int endRow(int span) {
        return span + 1 == spans ? size : firstRow[span + 1];
    }

    /** Returns the endpoint that received a span, as it was configured then. */
    public Endpoint endpoint(int span) {
        return endpoint[span];
    }

    /** Returns who sent a span. */
    public Exporter exporter(int span) {
        return exporter[span];
    }

    /** Returns when a span was read from the socket, in milliseconds since 1970. */
    public long receivedAtMillis(int span) {
        return receivedAtMillis[span];
    }

    /** Returns the export time in a span's header, in milliseconds since 1970. */
    public long exportMillis(int span) {
        return exportMillis[span];
    }

    /** Returns the exporter's uptime in a span's header in milliseconds, or {@link #NO_UPTIME}. */
    public long uptimeMillis(int span) {
        return uptimeMillis[span];
    }

    /** Returns by which of their addresses the rows of a span belong to subscribers. */
    public MatchAddress matchAddress(int span) {
        return matchAddress[span];
    }

    /** Says by which of their addresses the rows of a span belong to subscribers. Written by the policy. */
    public void matchAddress(int span, MatchAddress match) {
        matchAddress[span] = match;
    }

    /**
     * Returns by how much the clock guard shifted the times of a span's rows, in milliseconds: what was added to them because
     * of the exporter's clock. Rows without times of their own were not shifted.
     */
    public long clockShiftMillis(int span) {
        return clockShiftMillis[span];
    }

    /** Notes by how much the times of a span's rows were shifted. Written by the clock guard. */
    public void clockShift(int span, long millis) {
        clockShiftMillis[span] = millis;
    }

    /** Returns whether all of these fields of a row are present. */
    public boolean has(int row, long fields) {
        return (present[row] & fields) == fields;
    }

    /** Returns whether at least one of these fields of a row is present. */
    public boolean hasAny(int row, long fields) {
        return (present[row] & fields) != 0;
    }

    private boolean isNarrow(int row) {
        return (present[row] & FlowField.NARROW) != 0;
    }

    /** Returns the upper half of the source address (IPv4 as ::ffff:a.b.c.d). */
    public long sourceHigh(int row) {
        return sourceHigh[row];
    }

    /** Returns the lower half of the source address (IPv4 as ::ffff:a.b.c.d). */
    public long sourceLow(int row) {
        return sourceLow[row];
    }

    /** Returns the upper half of the destination address (IPv4 as ::ffff:a.b.c.d). */
    public long destinationHigh(int row) {
        return destinationHigh[row];
    }

    /** Returns the lower half of the destination address (IPv4 as ::ffff:a.b.c.d). */
    public long destinationLow(int row) {
        return destinationLow[row];
    }

    /**
     * Sets both addresses. An exporter that aggregates may send one alone: the other is zeros then, and only the bit of
     * that one is set. A row without any is {@link Verdict#INCOMPLETE} or {@link Verdict#AGGREGATED}.
     */
    public void addresses(int row, long fromHigh, long fromLow, long toHigh, long toLow) {
        sourceHigh[row] = fromHigh;
        sourceLow[row] = fromLow;
        destinationHigh[row] = toHigh;
        destinationLow[row] = toLow;
        mayHaveUpperHalves = true;
    }

    /** Sets both addresses to IPv4 addresses, of which the lower 32 bits count; at most once a row, and nothing else before. */
    public void ipv4Addresses(int row, long from, long to) {
        sourceLow[row] = IPV4 | (from & U32);
        destinationLow[row] = IPV4 | (to & U32);
    }

    /** Sets the source address as {@link #ipv4Addresses} does. */
    public void sourceIpv4(int row, long address) {
        sourceLow[row] = IPV4 | (address & U32);
    }

    /** Sets the destination address as {@link #ipv4Addresses} does. */
    public void destinationIpv4(int row, long address) {
        destinationLow[row] = IPV4 | (address & U32);
    }

    /** Sets the source address alone; {@link FlowField#ADDRESSES} needs both. */
    public void sourceAddress(int row, long high, long low) {
        sourceHigh[row] = high;
        sourceLow[row] = low;
        mayHaveUpperHalves = true;
    }

    /** Sets the destination address alone; {@link FlowField#ADDRESSES} needs both. */
    public void destinationAddress(int row, long high, long low) {
        destinationHigh[row] = high;
        destinationLow[row] = low;
        mayHaveUpperHalves = true;
    }

    /** Returns octets as sent, before sampling is applied; unsigned; 0 if {@link FlowField#OCTETS} is missing. */
    public long octets(int row) {
        return has(row, FlowField.OCTETS) ? octets[row] : 0;
    }

    /** Sets octets as sent, before sampling is applied; unsigned. */
    public void octets(int row, long value) {
        octets[row] = value;
    }

    /** Returns packets as sent, before sampling is applied; unsigned; 0 if {@link FlowField#PACKETS} is missing. */
    public long packets(int row) {
        return has(row, FlowField.PACKETS) ? packets[row] : 0;
    }

    /** Sets packets as sent, before sampling is applied; unsigned. */
    public void packets(int row, long value) {
        packets[row] = value;
    }

    /** Returns the IP protocol number, 0..255; 0 if {@link FlowField#PROTOCOL} is missing. */
    public int protocol(int row) {
        return has(row, FlowField.PROTOCOL) ? (int) (transport[row] >>> PROTOCOL) & U8 : 0;
    }

    /** Sets the IP protocol number, 0..255. */
    public void protocol(int row, int value) {
        transport[row] = (transport[row] & ~((long) U8 << PROTOCOL)) | ((value & U8) << PROTOCOL);
    }

    /** Returns the type of service octet, 0..255; 0 if {@link FlowField#TOS} is missing. */
    public int tos(int row) {
        return has(row, FlowField.TOS) ? (int) transport[row] & U8 : 0;
    }

    /** Sets the type of service octet, 0..255. */
    public void tos(int row, int value) {
        transport[row] = (transport[row] & ~U8) | (value & U8);
    }

    /** Returns the cumulative TCP flags; 0 if {@link FlowField#TCP_FLAGS} is missing. */
    public int tcpFlags(int row) {
        return has(row, FlowField.TCP_FLAGS) ? (int) (transport[row] >>> TCP_FLAGS) & U16 : 0;
    }

    /** Sets the cumulative TCP flags. */
    public void tcpFlags(int row, int value) {
        transport[row] = (transport[row] & ~((long) U16 << TCP_FLAGS)) | ((value & (long) U16) << TCP_FLAGS);
    }

    /**
     * Sets source port, destination port, TCP flags (16 bits each, from the top), protocol and type of service (8 bits each),
     * as far as they are present.
     */
    public void transport(int row, long portsFlagsProtocolAndTos) {
        transport[row] = portsFlagsProtocolAndTos;
    }

    /** Returns the source port, 0..65535; 0 if {@link FlowField#PORTS} is missing. */
    public int sourcePort(int row) {
        return has(row, FlowField.PORTS) ? (int) (transport[row] >>> SOURCE_PORT) : 0;
    }

    /** Returns the destination port, 0..65535; 0 if {@link FlowField#PORTS} is missing. */
    public int destinationPort(int row) {
        return has(row, FlowField.PORTS) ? (int) (transport[row] >>> DESTINATION_PORT) & U16 : 0;
    }

    /** Sets {@link FlowField#PORTS}. */
    public void ports(int row, int source, int destination) {
        long upper = ((long) source << SOURCE_PORT) | ((destination & (long) U16) << DESTINATION_PORT);
        transport[row] = upper | (transport[row] & U32);
    }

    /** Sets the source port alone; {@link FlowField#PORTS} needs both. */
    public void sourcePort(int row, int value) {
        transport[row] = (transport[row] & (-1L >>> Short.SIZE)) | ((long) value << SOURCE_PORT);
    }

    /** Sets the destination port alone; {@link FlowField#PORTS} needs both. */
    public void destinationPort(int row, int value) {
        transport[row] =
                (transport[row] & ~((long) U16 << DESTINATION_PORT)) | ((value & (long) U16) << DESTINATION_PORT);
    }

    /** Returns the SNMP index of the input interface; unsigned; 0 if {@link FlowField#INTERFACES} is missing. */
    public int inputInterface(int row) {
        if (!has(row, FlowField.INTERFACES)) {
            return 0;
        }
        return isNarrow(row) ? (int) (nextHopLow[row] >>> Short.SIZE) & U16 : (int) (interfaces[row] >>> Integer.SIZE);
    }

    /** Returns the SNMP index of the output interface; unsigned; 0 if {@link FlowField#INTERFACES} is missing. */
    public int outputInterface(int row) {
        if (!has(row, FlowField.INTERFACES)) {
            return 0;
        }
        return isNarrow(row) ? (int) nextHopLow[row] & U16 : (int) interfaces[row];
    }

    /** Sets {@link FlowField#INTERFACES}. */
    public void interfaces(int row, int input, int output) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        interfaces[row] = pair(input, output);
    }

    private static long pair(int upper, int lower) {
        return ((long) upper << Integer.SIZE) | (lower & U32);
    }

    /** Sets the input interface alone; {@link FlowField#INTERFACES} needs both. */
    public void inputInterface(int row, int value) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        interfaces[row] = pair(value, (int) interfaces[row]);
    }

    /** Sets the output interface alone; {@link FlowField#INTERFACES} needs both. */
    public void outputInterface(int row, int value) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        interfaces[row] = pair((int) (interfaces[row] >>> Integer.SIZE), value);
    }

    /** Returns the source autonomous system; unsigned; 0 if {@link FlowField#AUTONOMOUS_SYSTEMS} is missing. */
    public int sourceAs(int row) {
        if (!has(row, FlowField.AUTONOMOUS_SYSTEMS)) {
            return 0;
        }
        return isNarrow(row)
                ? (int) (autonomousSystems[row] >>> NARROW_SOURCE_AS)
                : (int) (autonomousSystems[row] >>> Integer.SIZE);
    }

    /** Returns the destination autonomous system; unsigned; 0 if {@link FlowField#AUTONOMOUS_SYSTEMS} is missing. */
    public int destinationAs(int row) {
        if (!has(row, FlowField.AUTONOMOUS_SYSTEMS)) {
            return 0;
        }
        return isNarrow(row) ? (int) (autonomousSystems[row] >>> Integer.SIZE) & U16 : (int) autonomousSystems[row];
    }

    /** Sets {@link FlowField#AUTONOMOUS_SYSTEMS}. */
    public void autonomousSystems(int row, int source, int destination) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        autonomousSystems[row] = pair(source, destination);
    }

    /** Sets the source autonomous system alone; {@link FlowField#AUTONOMOUS_SYSTEMS} needs both. */
    public void sourceAs(int row, int value) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        autonomousSystems[row] = pair(value, (int) autonomousSystems[row]);
    }

    /** Sets the destination autonomous system alone; {@link FlowField#AUTONOMOUS_SYSTEMS} needs both. */
    public void destinationAs(int row, int value) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        autonomousSystems[row] = pair((int) (autonomousSystems[row] >>> Integer.SIZE), value);
    }

    /** Returns the source prefix length, 0..128; 0 if {@link FlowField#PREFIX_LENGTHS} is missing. */
    public int sourcePrefixLength(int row) {
        if (!has(row, FlowField.PREFIX_LENGTHS)) {
            return 0;
        }
        return isNarrow(row) ? narrowPrefixLength(row, NARROW_SOURCE_MASK) : prefixLengths[row] >>> Byte.SIZE;
    }

    /** Returns the destination prefix length, 0..128; 0 if {@link FlowField#PREFIX_LENGTHS} is missing. */
    public int destinationPrefixLength(int row) {
        if (!has(row, FlowField.PREFIX_LENGTHS)) {
            return 0;
        }
        return isNarrow(row) ? narrowPrefixLength(row, NARROW_DESTINATION_MASK) : prefixLengths[row] & U8;
    }

    private int narrowPrefixLength(int row, int shift) {
        int length = (int) (autonomousSystems[row] >>> shift) & U8;
        return length <= LONGEST_IPV4_PREFIX ? length : 0;
    }

    /** Sets {@link FlowField#PREFIX_LENGTHS}. */
    public void prefixLengths(int row, int source, int destination) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        prefixLengths[row] = (char) ((source << Byte.SIZE) | (destination & U8));
    }

    /** Sets the source prefix length alone; {@link FlowField#PREFIX_LENGTHS} needs both. */
    public void sourcePrefixLength(int row, int value) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        prefixLengths[row] = (char) ((value << Byte.SIZE) | (prefixLengths[row] & U8));
    }

    /** Sets the destination prefix length alone; {@link FlowField#PREFIX_LENGTHS} needs both. */
    public void destinationPrefixLength(int row, int value) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        prefixLengths[row] = (char) ((prefixLengths[row] & ~U8) | (value & U8));
    }

    /** Returns the upper half of the next hop; 0 if {@link FlowField#NEXT_HOP} is missing. */
    public long nextHopHigh(int row) {
        return has(row, FlowField.NEXT_HOP) ? nextHopHigh[row] : 0;
    }

    /** Returns the lower half of the next hop; 0 if {@link FlowField#NEXT_HOP} is missing. */
    public long nextHopLow(int row) {
        if (!has(row, FlowField.NEXT_HOP)) {
            return 0;
        }
        return isNarrow(row) ? IPV4 | (nextHopLow[row] >>> Integer.SIZE) : nextHopLow[row];
    }

    /** Sets the next hop. */
    public void nextHop(int row, long high, long low) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        nextHopHigh[row] = high;
        nextHopLow[row] = low;
        mayHaveUpperHalves = true;
    }

    /** Sets the next hop to an IPv4 address, of which the lower 32 bits count; at most once a row, and nothing else before. */
    public void nextHopIpv4(int row, long address) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        nextHopLow[row] = IPV4 | (address & U32);
    }

    /**
     * Sets next hop, input and output interface of a row claimed with {@link FlowField#NARROW}: an IPv4 address and 16 bits
     * each, from the top.
     */
    public void narrowRoute(int row, long nextHopAndInterfaces) {
        assert isNarrow(row) : NARROW_ONLY;
        nextHopLow[row] = nextHopAndInterfaces;
    }

    /**
     * Sets autonomous systems and prefix lengths of a row claimed with {@link FlowField#NARROW}: 16 bits and 8 bits each, source
     * and destination, from the top; the lower 16 bits do not count. A prefix length beyond 32 is read as 0, the mark for
     * unknown.
     */
    public void narrowNetworks(int row, long systemsAndLengths) {
        assert isNarrow(row) : NARROW_ONLY;
        autonomousSystems[row] = systemsAndLengths;
    }

    /** Sets start and end of a row claimed with {@link FlowField#NARROW}: milliseconds of uptime, 32 bits each. */
    public void narrowTimes(int row, long startAndEnd) {
        assert isNarrow(row) : NARROW_ONLY;
        observedStart[row] = startAndEnd;
    }

    /** Returns ICMP type * 256 + code; 0 if {@link FlowField#ICMP} is missing. */
    public int icmpTypeAndCode(int row) {
        return has(row, FlowField.ICMP) ? icmpTypeAndCode[row] : 0;
    }

    /** Sets ICMP type * 256 + code. */
    public void icmpTypeAndCode(int row, int value) {
        icmpTypeAndCode[row] = (char) value;
    }

    /**
     * Returns the flow's start as the exporter gave it: milliseconds of its uptime or since 1970, see
     * {@link FlowField#UPTIME_TIMES} and {@link FlowField#ABSOLUTE_TIMES}; meaningless if both are missing.
     */
    public long observedStart(int row) {
        return isNarrow(row) ? observedStart[row] >>> Integer.SIZE : observedStart[row];
    }

    /**
     * Returns the flow's end as the exporter gave it: milliseconds of its uptime or since 1970, see
     * {@link FlowField#UPTIME_TIMES} and {@link FlowField#ABSOLUTE_TIMES}; meaningless if both are missing.
     */
    public long observedEnd(int row) {
        return isNarrow(row) ? observedStart[row] & U32 : observedEnd[row];
    }

    /** Sets the flow's start and end as the exporter gave them. */
    public void observedTimes(int row, long start, long end) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        observedStart[row] = start;
        observedEnd[row] = end;
    }

    /** Sets the flow's start as the exporter gave it, alone. */
    public void observedStart(int row, long start) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        observedStart[row] = start;
    }

    /** Sets the flow's end as the exporter gave it, alone. */
    public void observedEnd(int row, long end) {
        assert !isNarrow(row) : NARROW_BY_WORDS;
        observedEnd[row] = end;
    }

    /** Returns the source MAC address, its 48 bits; 0 if {@link FlowField#MAC_ADDRESSES} is missing. */
    public long sourceMac(int row) {
        return has(row, FlowField.MAC_ADDRESSES) ? sourceMac[row] : 0;
    }

    /** Returns the destination MAC address, its 48 bits; 0 if {@link FlowField#MAC_ADDRESSES} is missing. */
    public long destinationMac(int row) {
        return has(row, FlowField.MAC_ADDRESSES) ? destinationMac[row] : 0;
    }

    /** Sets the source MAC address, its 48 bits, alone; {@link FlowField#MAC_ADDRESSES} needs both. */
    public void sourceMac(int row, long value) {
        sourceMac[row] = value;
    }

    /** Sets the destination MAC address, its 48 bits, alone; {@link FlowField#MAC_ADDRESSES} needs both. */
    public void destinationMac(int row, long value) {
        destinationMac[row] = value;
    }

    /** Returns the VLAN in which the flow came; 0 if {@link FlowField#VLANS} is missing. */
    public int vlan(int row) {
        return has(row, FlowField.VLANS) ? vlan[row] : 0;
    }

    /** Returns the VLAN in which the flow went on; 0 if {@link FlowField#VLANS} is missing. */
    public int postVlan(int row) {
        return has(row, FlowField.VLANS) ? postVlan[row] : 0;
    }

    /** Sets the VLAN in which the flow came alone; {@link FlowField#VLANS} needs both. */
    public void vlan(int row, int value) {
        vlan[row] = (char) value;
    }

    /** Sets the VLAN in which the flow went on alone; {@link FlowField#VLANS} needs both. */
    public void postVlan(int row, int value) {
        postVlan[row] = (char) value;
    }

    /** Returns the VRF in which the flow came; unsigned; 0 if {@link FlowField#VRFS} is missing. */
    public int ingressVrf(int row) {
        return has(row, FlowField.VRFS) ? ingressVrf[row] : 0;
    }

    /** Returns the VRF in which the flow went on; unsigned; 0 if {@link FlowField#VRFS} is missing. */
    public int egressVrf(int row) {
        return has(row, FlowField.VRFS) ? egressVrf[row] : 0;
    }

    /** Sets the VRF in which the flow came, unsigned, alone; {@link FlowField#VRFS} needs both. */
    public void ingressVrf(int row, int value) {
        ingressVrf[row] = value;
    }

    /** Sets the VRF in which the flow went on, unsigned, alone; {@link FlowField#VRFS} needs both. */
    public void egressVrf(int row, int value) {
        egressVrf[row] = value;
    }

    /** Returns where the flow was observed: 0 where it came in, 1 where it went out; 0 if {@link FlowField#DIRECTION} is missing. */
    public int direction(int row) {
        return has(row, FlowField.DIRECTION) ? direction[row] & 0xFF : 0;
    }

    /** Sets where the flow was observed: 0 where it came in, 1 where it went out. */
    public void direction(int row, int value) {
        direction[row] = (byte) value;
    }

    /** Returns the upper half of the source address behind a translation; 0 if {@link FlowField#NAT_ADDRESSES} is missing. */
    public long natSourceHigh(int row) {
        return has(row, FlowField.NAT_ADDRESSES) ? natSourceHigh[row] : 0;
    }

    /** Returns the lower half of the source address behind a translation; 0 if {@link FlowField#NAT_ADDRESSES} is missing. */
    public long natSourceLow(int row) {
        return has(row, FlowField.NAT_ADDRESSES) ? natSourceLow[row] : 0;
    }

    /** Sets the source address behind a translation alone; {@link FlowField#NAT_ADDRESSES} needs both. */
    public void natSource(int row, long high, long low) {
        natSourceHigh[row] = high;
        natSourceLow[row] = low;
    }

    /** Returns the upper half of the destination address behind a translation; 0 if {@link FlowField#NAT_ADDRESSES} is missing. */
    public long natDestinationHigh(int row) {
        return has(row, FlowField.NAT_ADDRESSES) ? natDestinationHigh[row] : 0;
    }

    /** Returns the lower half of the destination address behind a translation; 0 if {@link FlowField#NAT_ADDRESSES} is missing. */
    public long natDestinationLow(int row) {
        return has(row, FlowField.NAT_ADDRESSES) ? natDestinationLow[row] : 0;
    }

    /** Sets the destination address behind a translation alone; {@link FlowField#NAT_ADDRESSES} needs both. */
    public void natDestination(int row, long high, long low) {
        natDestinationHigh[row] = high;
        natDestinationLow[row] = low;
    }

    /** Returns the source port behind a translation; 0 if {@link FlowField#NAT_PORTS} is missing. */
    public int natSourcePort(int row) {
        return has(row, FlowField.NAT_PORTS) ? natSourcePort[row] : 0;
    }

    /** Returns the destination port behind a translation; 0 if {@link FlowField#NAT_PORTS} is missing. */
    public int natDestinationPort(int row) {
        return has(row, FlowField.NAT_PORTS) ? natDestinationPort[row] : 0;
    }

    /** Sets the source port behind a translation alone; {@link FlowField#NAT_PORTS} needs both. */
    public void natSourcePort(int row, int value) {
        natSourcePort[row] = (char) value;
    }

    /** Sets the destination port behind a translation alone; {@link FlowField#NAT_PORTS} needs both. */
    public void natDestinationPort(int row, int value) {
        natDestinationPort[row] = (char) value;
    }

    /** Returns the first port of a block given to an inside address; 0 if {@link FlowField#PORT_BLOCK} is missing. */
    public int portBlockFirst(int row) {
        return has(row, FlowField.PORT_BLOCK) ? portBlockFirst[row] : 0;
    }

    /** Returns the last port of a block given to an inside address; 0 if {@link FlowField#PORT_BLOCK} is missing. */
    public int portBlockLast(int row) {
        return has(row, FlowField.PORT_BLOCK) ? portBlockLast[row] : 0;
    }

    /** Sets the first port of a block given to an inside address alone; {@link FlowField#PORT_BLOCK} needs both. */
    public void portBlockFirst(int row, int value) {
        portBlockFirst[row] = (char) value;
    }

    /** Sets the last port of a block given to an inside address alone; {@link FlowField#PORT_BLOCK} needs both. */
    public void portBlockLast(int row, int value) {
        portBlockLast[row] = (char) value;
    }

    /** Returns the kind of NAT event, as IANA numbers it; 0 if {@link FlowField#NAT_EVENT} is missing. */
    public int natEvent(int row) {
        return has(row, FlowField.NAT_EVENT) ? natEvent[row] & 0xFF : 0;
    }

    /** Sets the kind of NAT event, as IANA numbers it. */
    public void natEvent(int row, int value) {
        natEvent[row] = (byte) value;
    }

    /**
     * Returns how many flows the exporter put together into a row, 1..4294967295; 1 if {@link FlowField#FLOWS} is missing, or
     * present and 0.
     */
    public long flowCount(int row) {
        return has(row, FlowField.FLOWS) ? Math.max(1, flowCount[row] & 0xFFFF_FFFFL) : 1;
    }

    /** Sets how many flows the exporter put together, as unsigned. */
    public void flowCount(int row, int value) {
        flowCount[row] = value;
    }

    /** Returns the kind of firewall event, as IANA numbers it; 0 if {@link FlowField#FIREWALL_EVENT} is missing. */
    public int firewallEvent(int row) {
        return has(row, FlowField.FIREWALL_EVENT) ? firewallEvent[row] & 0xFF : 0;
    }

    /** Sets the kind of firewall event, as IANA numbers it. */
    public void firewallEvent(int row, int value) {
        firewallEvent[row] = (byte) value;
    }

    /** Returns by how much the counters are to be multiplied: one packet in so many was observed; at least 1. */
    public int samplingRate(int row) {
        return samplingRate[row];
    }

    /** Sets the sampling rate, at least 1; a rate above 1 also sets {@link Quality#SCALED}, a rate of 1 takes it back. */
    public void samplingRate(int row, int rate) {
        samplingRate[row] = rate;
        if (rate > 1) {
            quality[row] |= (char) Quality.SCALED;
        } else {
            quality[row] &= (char) ~Quality.SCALED;
        }
    }

    /** Returns the flow's start in milliseconds since 1970, as the clock guard settled it. */
    public long startMillis(int row) {
        return startMillis[row];
    }

    /** Returns the flow's end in milliseconds since 1970, as the clock guard settled it. */
    public long endMillis(int row) {
        return endMillis[row];
    }

    /** Settles the flow's times in milliseconds since 1970, start not after end. Written by the clock guard. */
    public void times(int row, long start, long end) {
        startMillis[row] = start;
        endMillis[row] = end;
    }

    /** Returns who held the source address; an id, sentinel or timeline of {@link Subscribers}. */
    public int sourceSubscriber(int row) {
        return sourceSubscriber[row];
    }

    /** Returns who held the destination address; an id, sentinel or timeline of {@link Subscribers}. */
    public int destinationSubscriber(int row) {
        return destinationSubscriber[row];
    }

    /** Sets who held both addresses. Written by the subscriber stage. */
    public void subscribers(int row, int source, int destination) {
        sourceSubscriber[row] = source;
        destinationSubscriber[row] = destination;
    }

    /** Returns the upper half of the source address behind a translation where the exporter told one, else of the original. */
    public long postNatSourceHigh(int row) {
        return isNatSourceTold(row) ? natSourceHigh[row] : sourceHigh[row];
    }

    /** Returns the lower half of the source address behind a translation where the exporter told one, else of the original. */
    public long postNatSourceLow(int row) {
        return isNatSourceTold(row) ? natSourceLow[row] : sourceLow[row];
    }

    /** Returns the upper half of the destination address behind a translation where the exporter told one, else of the original. */
    public long postNatDestinationHigh(int row) {
        return isNatDestinationTold(row) ? natDestinationHigh[row] : destinationHigh[row];
    }

    /** Returns the lower half of the destination address behind a translation where the exporter told one, else of the original. */
    public long postNatDestinationLow(int row) {
        return isNatDestinationTold(row) ? natDestinationLow[row] : destinationLow[row];
    }

    /** Returns whether the exporter told a source address behind a translation; zeros say nothing. */
    public boolean isNatSourceTold(int row) {
        return has(row, FlowField.NAT_ADDRESSES) && isSpecified(natSourceHigh[row], natSourceLow[row]);
    }

    /** Returns whether the exporter told a destination address behind a translation; zeros say nothing. */
    public boolean isNatDestinationTold(int row) {
        return has(row, FlowField.NAT_ADDRESSES) && isSpecified(natDestinationHigh[row], natDestinationLow[row]);
    }

    private static boolean isSpecified(long high, long low) {
        return high != 0 || (low != 0 && low != IPV4);
    }

    /**
     * Returns whether a side was matched by its address behind the translation; meaningless where the span's
     * {@link #matchAddress} is {@link MatchAddress#ORIGINAL}.
     */
    public boolean isSourceTranslated(int row) {
        return (translatedSides[row] & 1) != 0;
    }

    /** As {@link #isSourceTranslated}, of the other side. */
    public boolean isDestinationTranslated(int row) {
        return (translatedSides[row] & 2) != 0;
    }

    /** Says which sides were matched by their address behind the translation. Written by the subscriber stage. */
    public void translatedSides(int row, boolean source, boolean destination) {
        translatedSides[row] = (byte) ((source ? 1 : 0) | (destination ? 2 : 0));
    }

    /** Returns what the class columns refer to. */
    public TrafficClasses trafficClasses() {
        return trafficClasses;
    }

    /** Names what the class columns refer to, and makes every row ordinary. Written by the policy. */
    public void trafficClasses(TrafficClasses referredTo) {
        trafficClasses = referredTo;
        Arrays.fill(classes, 0, size, (char) 0);
    }

    /** Sets the class profile of both addresses, as {@link TrafficClasses} numbers them. Written by the policy. */
    public void trafficClasses(int row, int source, int destination) {
        classes[row] = (char) (source | (destination << Byte.SIZE));
    }

    /** Returns the class profile of the source address. */
    public int sourceClass(int row) {
        return classes[row] & 0xFF;
    }

    /** Returns the class profile of the destination address. */
    public int destinationClass(int row) {
        return classes[row] >>> Byte.SIZE;
    }

    /**
     * Returns the class profile of the far end of one direction, without a branch on it.
     *
     * @param direction 0 towards the destination's subscriber: the source is far; 1 from the source's: the destination is
     */
    public int farClass(int row, int direction) {
        return (classes[row] >>> (direction * Byte.SIZE)) & 0xFF;
    }

    /** Returns the bits of {@link Quality} that hold for a row. */
    public int quality(int row) {
        return quality[row];
    }

    /** Adds bits of {@link Quality} to a row. */
    public void addQuality(int row, int bits) {
        quality[row] |= (char) bits;
    }

    /** Returns the ordinal of a row's verdict; 0 is {@link Verdict#COUNTED}. */
    public int verdictOrdinal(int row) {
        return verdict[row];
    }

    /** Returns a row's verdict. */
    public Verdict verdict(int row) {
        return Verdict.of(verdict[row]);
    }

    /** Returns whether no stage has judged the row away. */
    public boolean isCounted(int row) {
        return verdict[row] == 0;
    }

    /** Judges a row; only the first judgement holds. */
    @SuppressWarnings("EnumOrdinal") // The column lives as long as the batch; ordinals are never stored.
    public void judge(int row, Verdict judgement) {
        if (verdict[row] == 0) {
            verdict[row] = (byte) judgement.ordinal();
        }
    }

    /** Returns what the subscriber columns refer to. */
    public Subscribers subscribers() {
        return subscribers;
    }

    /** Names what the subscriber columns refer to. Written by the subscriber stage. */
    public void subscribers(Subscribers referredTo) {
        subscribers = referredTo;
    }
}
