// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterMemory;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Verdict;
import org.junit.jupiter.api.Test;

/**
 * What every decoder keeps, whatever its version. The test of a decoder extends this class and says how a well-formed
 * datagram is made; its own tests then only speak of its layout.
 */
public abstract class FlowDecoderContract {
    private static final int LARGE = 2048;
    private static final int LONGEST = 9216;
    private static final int WARM_UP = 2000;
    private static final Set<DecodeResult> RESULTS_OF_DECODERS = EnumSet.of(
            DecodeResult.DECODED,
            DecodeResult.WAITING_FOR_TEMPLATE,
            DecodeResult.TRUNCATED,
            DecodeResult.LENGTH_MISMATCH);
    private static final Set<DecodeResult> DAMAGED = EnumSet.of(DecodeResult.TRUNCATED, DecodeResult.LENGTH_MISMATCH);

    /** Returns the decoder under test. */
    protected abstract FlowDecoder decoder();

    /** Returns whether headers of this version carry a sequence number. */
    protected boolean hasSequence() {
        return true;
    }

    /** Returns a well-formed datagram with so many flow records, 1..30, no two of them equal. */
    protected abstract byte[] wellFormed(int records);

    /** Returns whether nobody can tell that a datagram was cut at a length: its header does not say how long it is. */
    protected boolean isWhole(byte[] datagram, int length) {
        return false;
    }

    @Test
    void decodesItsOwnVersion() {
        assertThat(Octets.u16(wellFormed(1), 0)).isEqualTo(decoder().version());
        assertThat(domain(wellFormed(1))).isNotEqualTo(FlowDecoder.NO_DOMAIN);
    }

    @Test
    void makesARowOfEachRecord() {
        for (int records = 1; records <= 30; records++) {
            Decoding decoding = new Decoding(decoder(), LARGE);

            assertThat(decoding.decode(wellFormed(records))).isEqualTo(DecodeResult.DECODED);

            assertThat(decoding.rows()).hasSize(records).doesNotHaveDuplicates();
            assertThat(decoding.rows())
                    .extracting(DecodedRow::exporter)
                    .containsOnly(decoding.exporter().exporter());
        }
    }

    @Test
    void leavesToOthersWhatIsNotItsOwn() {
        Decoding decoding = new Decoding(decoder(), LARGE);

        decoding.decode(wellFormed(30));

        assertThat(decoding.rows()).allSatisfy(row -> {
            assertThat(row.verdict()).isEqualTo(Verdict.COUNTED);
            assertThat(row.samplingRate())
                    .as("put on the rows by the version switch")
                    .isEqualTo(1);
            assertThat(row.quality()).isZero();
        });
    }

    @Test
    void tellsTheExporterItsSequenceOnce() {
        Decoding decoding = new Decoding(decoder(), 1);

        decoding.decode(wellFormed(5));

        assertThat(decoding.exporter().headers())
                .hasSize(hasSequence() ? 1 : 0)
                .allSatisfy(header -> assertThat(header.units()).isPositive());
    }

    @Test
    void goesOnInTheNextBatchWhereTheLastWasFull() {
        byte[] payload = wellFormed(30);
        List<DecodedRow> atOnce = rows(payload, LARGE);

        for (int rowsOfBatch : new int[] {1, 2, 7, 29, 30}) {
            assertThat(rows(payload, rowsOfBatch)).isEqualTo(atOnce);
        }
    }

    @Test
    void keepsNothingBetweenDatagrams() {
        FlowDecoder decoder = decoder();
        Decoding first = new Decoding(decoder, LARGE);
        Decoding second = new Decoding(decoder, 3);

        first.decode(wellFormed(3));
        second.decode(wellFormed(30));
        first.decode(wellFormed(3));

        assertThat(first.rows().subList(3, 6)).isEqualTo(first.rows().subList(0, 3));
    }

    @Test
    void refusesEveryDatagramThatIsCutShort() {
        byte[] whole = wellFormed(3);
        for (int length = 0; length < whole.length; length++) {
            if (isWhole(whole, length)) {
                continue;
            }
            Decoding decoding = new Decoding(decoder(), LARGE);

            DecodeResult result = decoding.decodeAtTheEnd(Arrays.copyOf(whole, length));

            assertThat(result).as("length=%d", length).isNotEqualTo(DecodeResult.DECODED);
            assertThat(decoding.rows()).isEmpty();
            assertThat(decoding.exporter().headers()).isEmpty();
        }
    }

    @Test
    void namesNoDomainForLessThanAHeader() {
        assertThat(domain(new byte[0])).isEqualTo(FlowDecoder.NO_DOMAIN);
        assertThat(domain(Arrays.copyOf(wellFormed(1), 3))).isEqualTo(FlowDecoder.NO_DOMAIN);
    }

    @Test
    void readsNoOctetOfItsNeighbours() {
        byte[] payload = wellFormed(5);
        Decoding among = new Decoding(decoder(), LARGE);
        Decoding others = new Decoding(decoder(), LARGE);
        Decoding last = new Decoding(decoder(), LARGE);

        among.decode(payload, 16, (byte) 0);
        others.decode(payload, 16, (byte) 0xFF);
        last.decodeAtTheEnd(payload);

        assertThat(others.rows()).isEqualTo(among.rows());
        assertThat(last.rows()).isEqualTo(among.rows());
    }

    @Property(tries = 1000)
    void makesNothingOfOctetsThatAreRandom(@ForAll Random random) {
        byte[] payload = new byte[random.nextInt(random.nextInt(10) == 0 ? LONGEST : 300)];
        random.nextBytes(payload);
        bearVersion(payload);

        survive(payload, random);
    }

    @Property(tries = 1000)
    void bearsOctetsThatWereChangedOnTheWay(@ForAll Random random) {
        byte[] payload = wellFormed(1 + random.nextInt(30));
        for (int change = random.nextInt(6); change >= 0; change--) {
            payload[random.nextInt(payload.length)] = (byte) random.nextInt();
        }
        if (random.nextBoolean()) {
            payload = Arrays.copyOf(payload, random.nextInt(payload.length + 100));
        }

        survive(payload, random);
    }

    /** Decodes at the end of a slab and among others: the same comes out, and nothing if the datagram is damaged. */
    private void survive(byte[] payload, Random random) {
        int rowsOfBatch = 1 + random.nextInt(50);
        Decoding last = new Decoding(decoder(), rowsOfBatch);
        Decoding among = new Decoding(decoder(), rowsOfBatch);
        domain(payload);

        DecodeResult result = last.decodeAtTheEnd(payload);

        assertThat(result).isIn(RESULTS_OF_DECODERS);
        assertThat(among.decode(payload)).isEqualTo(result);
        assertThat(among.rows()).isEqualTo(last.rows());
        if (DAMAGED.contains(result)) {
            assertThat(last.rows()).isEmpty();
        }
    }

    @Test
    void allocatesNothing() {
        byte[] payload = wellFormed(30);
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        System.arraycopy(
                payload, 0, batch.slab(), batch.append(Decoding.ENDPOINT, 0, 1, 2, 3, payload.length), payload.length);
        Datagram datagram = new Datagram();
        FlowBatch flows = new FlowBatch(LARGE);
        FlowDecoder decoder = decoder();
        Exporter sender = new Exporter("", "", 0, 0, decoder.version(), 0);
        ExporterState exporter = new SilentExporter(sender, new RecordedExporter(sender).memory());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(decoder, batch, datagram, exporter, flows);

        long before = threads.getCurrentThreadAllocatedBytes();
        repeat(decoder, batch, datagram, exporter, flows);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).as("octets for %d datagrams", WARM_UP).isLessThan(WARM_UP);
    }

    private static void repeat(
            FlowDecoder decoder, DatagramBatch batch, Datagram datagram, ExporterState exporter, FlowBatch flows) {
        for (int turn = 0; turn < WARM_UP; turn++) {
            batch.next(0);
            datagram.view(batch, 0);
            flows.clear();
            decoder.domain(datagram);
            decoder.decode(datagram, exporter, flows);
        }
    }

    private List<DecodedRow> rows(byte[] payload, int rowsOfBatch) {
        Decoding decoding = new Decoding(decoder(), rowsOfBatch);
        assertThat(decoding.decode(payload)).isEqualTo(DecodeResult.DECODED);
        assertThat(decoding.exporter().headers()).hasSize(hasSequence() ? 1 : 0);
        return decoding.rows();
    }

    private long domain(byte[] payload) {
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        System.arraycopy(
                payload, 0, batch.slab(), batch.append(Decoding.ENDPOINT, 0, 1, 2, 3, payload.length), payload.length);
        Datagram datagram = new Datagram();
        datagram.view(batch, 0);
        return decoder().domain(datagram);
    }

    private void bearVersion(byte[] payload) {
        if (payload.length >= 2) {
            payload[0] = (byte) (decoder().version() >> 8);
            payload[1] = (byte) decoder().version();
        }
    }

    private record SilentExporter(Exporter exporter, ExporterMemory memory) implements ExporterState {
        @Override
        public boolean sequence(long sequence, int units, long uptimeMillis, long exportMillis) {
            return false;
        }

        @Override
        public void announcedSamplingRate(int rate) {
            // Nobody asks.
        }
    }
}
