// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev8;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.flow.Verdict;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetflowV8Test {
    private static final Set<Integer> WITHOUT_ADDRESS = Set.of(1, 2, 9, 10);
    private static final Set<Integer> OF_SWITCHES = Set.of(6, 7, 8);

    private final NetflowV8 decoder = new NetflowV8();
    private final Decoding decoding = new Decoding(decoder, 2048);

    static IntStream methods() {
        return IntStream.rangeClosed(1, V8Datagram.METHODS);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void readsEveryFieldOfARecordAndNoOther(int method) {
        assertThat(decoding.decode(V8Datagram.of(method, 2))).isEqualTo(DecodeResult.DECODED);

        assertThat(decoding.rows()).hasSize(2);
        assertThat(decoding.rows().get(0).fields()).containsExactlyInAnyOrderEntriesOf(V8Datagram.fields(method, 1));
        assertThat(decoding.rows().get(1).fields()).containsExactlyInAnyOrderEntriesOf(V8Datagram.fields(method, 2));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void judgesAggregatedWhatNamesNoAddress(int method) {
        decoding.decode(V8Datagram.of(method, 3));

        assertThat(decoding.rows())
                .extracting(DecodedRow::verdict)
                .containsOnly(WITHOUT_ADDRESS.contains(method) ? Verdict.AGGREGATED : Verdict.COUNTED);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void countsTheSequenceInRecordsOfOneEngineAndMethod(int method) {
        byte[] payload = V8Datagram.of(method, 5);

        decoding.decode(payload);

        assertThat(decoding.exporter().headers())
                .containsExactly(new Header(0xFFFF_FFF0L, 5, V8Datagram.UPTIME_MILLIS, V8Datagram.EXPORT_MILLIS));
        assertThat(domain(payload)).isEqualTo((254 * 256 + 253) * 256 + method);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void refusesALengthThatItsCountDoesNotAgreeWith(int method) {
        byte[] payload = V8Datagram.of(method, 3);

        assertThat(decoding.decode(Arrays.copyOf(payload, payload.length - 1))).isEqualTo(DecodeResult.TRUNCATED);
        assertThat(decoding.rows()).isEmpty();
        if (!OF_SWITCHES.contains(method)) {
            assertThat(decoding.decode(Arrays.copyOf(payload, payload.length + 1)))
                    .isEqualTo(DecodeResult.LENGTH_MISMATCH);
        }
        assertThat(decoding.rows()).isEmpty();
        assertThat(decoding.exporter().headers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 8})
    void leavesOutWhatASwitchFillsItsDatagramsUpWith(int method) {
        byte[] payload = V8Datagram.of(method, 3);

        assertThat(decoding.decode(Arrays.copyOf(payload, payload.length + 500)))
                .isEqualTo(DecodeResult.DECODED);

        assertThat(decoding.rows()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 128, 255})
    void refusesAMethodThatNobodyDescribed(int method) {
        byte[] payload = V8Datagram.of(8, 2);
        payload[V8Header.AGGREGATION] = (byte) method;

        assertThat(decoding.decode(payload)).isEqualTo(DecodeResult.LENGTH_MISMATCH);
        assertThat(decoding.rows()).isEmpty();
    }

    @Test
    void takesAPrefixLengthLongerThanAnAddressForUnknown() {
        byte[] payload = V8Datagram.of(3, 1);
        payload[V8Header.OCTETS + 24] = 33;

        decoding.decode(payload);

        assertThat(decoding.rows().get(0).fields()).containsEntry("src_mask", 0L);
    }

    @Property(tries = 500)
    void bearsAnyOctetsUnderAnyMethod(
            @ForAll Random random,
            @ForAll @IntRange(min = 0, max = 20) int method,
            @ForAll @IntRange(max = 30) int count) {
        int recordOctets = method >= 1 && method <= V8Datagram.METHODS ? V8Datagram.recordOctets(method) : 32;
        byte[] payload = new byte[V8Header.OCTETS + count * recordOctets];
        random.nextBytes(payload);
        payload[0] = 0;
        payload[1] = 8;
        payload[2] = 0;
        payload[3] = (byte) count;
        payload[V8Header.AGGREGATION] = (byte) method;
        Decoding last = new Decoding(decoder, 1 + random.nextInt(40));

        DecodeResult result = last.decodeAtTheEnd(payload);

        boolean isKnown = method >= 1 && method <= V8Datagram.METHODS;
        assertThat(result).isEqualTo(isKnown ? DecodeResult.DECODED : DecodeResult.LENGTH_MISMATCH);
        assertThat(last.rows()).hasSize(isKnown ? count : 0);
    }

    private long domain(byte[] payload) {
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        System.arraycopy(
                payload, 0, batch.slab(), batch.append(Decoding.ENDPOINT, 0, 1, 2, 3, payload.length), payload.length);
        Datagram datagram = new Datagram();
        datagram.view(batch, 0);
        return decoder.domain(datagram);
    }
}
