// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.flowtally.listener.MessageFraming.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageFramingTest {
    private final MessageFraming framing = new MessageFraming();

    @Property
    void findsEveryMessageHoweverTheStreamIsCut(
            @ForAll("messages") List<byte[]> messages, @ForAll("cuts") List<Integer> cuts) {
        byte[] stream = joined(messages);
        List<byte[]> found = new ArrayList<>();
        int from = 0;
        for (int cut = 0; from < stream.length; cut++) {
            int length = cuts.isEmpty() ? stream.length : cuts.get(cut % cuts.size());
            int to = Math.min(stream.length, from + length);
            ByteBuf in = Unpooled.wrappedBuffer(stream, from, to - from);
            while (framing.next(in) == Found.MESSAGE) {
                assertThat(framing.next(in)).as("asked twice").isEqualTo(Found.MESSAGE);
                byte[] message = new byte[framing.length() + 1];
                framing.take(in, message, 1);
                found.add(Arrays.copyOfRange(message, 1, message.length));
            }
            assertThat(in.readableBytes()).isZero();
            from = to;
        }

        assertThat(found).containsExactlyElementsOf(messages);
        assertThat(framing.isWithinMessage()).isFalse();
    }

    @Property
    void neverFailsAndNeverFindsWhatIsNoMessage(@ForAll("anything") List<byte[]> reads) {
        MessageFraming hostile = new MessageFraming(); // One that lost its way stays lost.
        for (byte[] octets : reads) {
            ByteBuf in = Unpooled.wrappedBuffer(octets);
            Found found = hostile.next(in);
            while (found == Found.MESSAGE) {
                byte[] message = new byte[hostile.length()];
                hostile.take(in, message, 0);
                assertThat(message).hasSizeBetween(16, 65_535).startsWith(0, 10);
                found = hostile.next(in);
            }
            if (found == Found.GARBAGE) {
                assertThat(hostile.next(in)).isEqualTo(Found.GARBAGE);
                return;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 100", "0, 0", "10, 15", "10, 0", "5, 30", "65535, 65535"})
    void callsGarbageWhatIsNoIpfixMessage(int version, int length) {
        ByteBuf header =
                Unpooled.buffer().writeShort(version).writeShort(length).writeZero(100);

        assertThat(framing.next(header)).isEqualTo(Found.GARBAGE);
        assertThat(framing.version()).isEqualTo(version);
        assertThat(framing.length()).isEqualTo(length);
    }

    @Test
    void knowsGarbageByItsFirstFourOctetsThoughTheyComeOneByOne() {
        assertThat(framing.next(Unpooled.wrappedBuffer(new byte[] {0}))).isEqualTo(Found.NOTHING);
        assertThat(framing.next(Unpooled.wrappedBuffer(new byte[] {10}))).isEqualTo(Found.NOTHING);
        assertThat(framing.next(Unpooled.wrappedBuffer(new byte[] {0}))).isEqualTo(Found.NOTHING);
        assertThat(framing.isWithinMessage()).isTrue();

        assertThat(framing.next(Unpooled.wrappedBuffer(new byte[] {3}))).isEqualTo(Found.GARBAGE);
    }

    @Test
    void takesTheLargestMessageThereIs() {
        byte[] largest = message(65_535, 7);

        assertThat(framing.next(Unpooled.wrappedBuffer(largest, 0, 40_000))).isEqualTo(Found.NOTHING);
        ByteBuf rest = Unpooled.wrappedBuffer(largest, 40_000, 25_535);
        assertThat(framing.next(rest)).isEqualTo(Found.MESSAGE);

        byte[] taken = new byte[65_535];
        framing.take(rest, taken, 0);
        assertThat(taken).isEqualTo(largest);
    }

    @Provide
    Arbitrary<List<byte[]>> messages() {
        Arbitrary<Integer> lengths = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(16, 1_500)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(16, 65_535)));
        return Combinators.combine(lengths, Arbitraries.integers().between(0, 255))
                .as(MessageFramingTest::message)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(1, 5)),
                        net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(1, 4_000)))
                .list()
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<List<byte[]>> anything() {
        Arbitrary<byte[]> octets = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
        Arbitrary<byte[]> almost = octets.map(tail -> {
            byte[] start = {0, 10, 0, 20};
            return joined(List.of(start, tail));
        });
        return Arbitraries.oneOf(octets, almost).list().ofMaxSize(20);
    }

    private static byte[] message(int length, int fill) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) fill);
        ByteBuffer.wrap(octets).putShort((short) 10).putShort((short) length);
        return octets;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
