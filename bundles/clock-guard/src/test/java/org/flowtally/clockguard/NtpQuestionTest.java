// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.flowtally.api.time.SystemClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NtpQuestionTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeTimeServer server = new FakeTimeServer();
    private final NtpQuestion question = new NtpQuestion(SystemClock.INSTANCE);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void measuresByHowMuchThisHostIsAhead() throws IOException {
        server.aheadMillis = -90_000;

        NtpQuestion.Answer answer = question.ask(server.address(), LONG).orElseThrow();

        assertThat(answer.offsetMillis()).isCloseTo(90_000, within(500L));
        assertThat(answer.delayMillis()).isBetween(0L, 2_000L);
        assertThat(answer.stratum()).isEqualTo(2);
        assertThat(answer.server()).isEqualTo("127.0.0.1");
        assertThat(question.refused()).isZero();
    }

    @Test
    void refusesAForgedAnswerAndWaitsForTheRightOne() throws IOException {
        server.answers = right -> List.of(changed(right, octets -> octets.putLong(24, 4711)), right);

        Optional<NtpQuestion.Answer> answer = question.ask(server.address(), LONG);

        assertThat(answer).isPresent();
        assertThat(question.refused()).isOne();
    }

    @Test
    void refusesAnswersOfTheWrongSize() throws IOException {
        assertRefused(right -> Arrays.copyOf(right, 47));
        assertRefused(right -> Arrays.copyOf(right, 0));
        assertRefused(right -> Arrays.copyOf(right, 1));
        assertRefused(right -> Arrays.copyOf(right, 49));
        assertRefused(right -> Arrays.copyOf(right, 600));
    }

    @Test
    void refusesServersThatAreNotSynchronised() throws IOException {
        assertRefused(right -> changed(right, octets -> octets.put(0, (byte) (octets.get(0) | 0xC0))));
        assertRefused(right -> changed(right, octets -> octets.put(1, (byte) 0)));
        assertRefused(right -> changed(right, octets -> octets.put(1, (byte) 16)));
    }

    @Test
    void refusesWhatIsNoAnswerOfAServer() throws IOException {
        for (int mode : new int[] {0, 1, 2, 3, 5, 6, 7}) {
            assertRefused(right -> changed(right, octets -> octets.put(0, (byte) (4 << 3 | mode))));
        }
        assertRefused(right -> changed(right, octets -> octets.putLong(40, 0)));
        assertRefused(right -> changed(right, octets -> octets.putLong(32, 0)));
        assertRefused(right -> changed(right, octets -> octets.putLong(40, octets.getLong(32) - (10L << 32))));
    }

    @Test
    void refusesTheAnswerToAnEarlierQuestion() throws IOException {
        byte[][] first = new byte[1][];
        server.answers = right -> {
            if (first[0] == null) {
                first[0] = right;
                return List.of();
            }
            return List.of(first[0]);
        };
        assertThat(question.ask(server.address(), SHORT)).as("late").isEmpty();

        assertThat(question.ask(server.address(), SHORT)).isEmpty();

        assertThat(question.refused()).isOne();
    }

    @Test
    void comesBackWithoutAnAnswer() throws IOException {
        server.answers = right -> List.of();

        assertThat(question.ask(server.address(), SHORT)).isEmpty();
        assertThat(server.asked()).isOne();
    }

    @Test
    void saysThatAHostNameIsNotKnown() {
        assertThatThrownBy(() -> question.ask(InetSocketAddress.createUnresolved("no-such-host.invalid", 123), SHORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    private void assertRefused(java.util.function.UnaryOperator<byte[]> change) throws IOException {
        int before = question.refused();
        server.answers = right -> List.of(change.apply(right));

        assertThat(question.ask(server.address(), SHORT)).isEmpty();

        assertThat(question.refused()).isEqualTo(before + 1);
    }

    private static byte[] changed(byte[] right, Consumer<ByteBuffer> change) {
        byte[] octets = right.clone();
        change.accept(ByteBuffer.wrap(octets));
        return octets;
    }
}
