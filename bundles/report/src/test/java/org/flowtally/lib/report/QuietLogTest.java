// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

class QuietLogTest {
    private final List<String> lines = new ArrayList<>();
    private final List<Throwable> causes = new ArrayList<>();
    private long nowMillis = 1_000_000;
    private final QuietLog quiet = new QuietLog(recorder(), () -> Instant.ofEpochMilli(nowMillis), 2);

    @Test
    void speaksOnceAMinutePerKeyAndSaysHowOftenItWasSilent() {
        quiet.warn("a", "refused: address={}", "10.0.0.1");
        quiet.warn("a", "refused: address={}", "10.0.0.1");
        nowMillis += 59_999;
        quiet.warn("a", "refused: address={}", "10.0.0.1");
        nowMillis += 1;
        quiet.warn("a", "refused: address={}", "10.0.0.1");
        nowMillis += 60_000;
        quiet.warn("a", "refused: address={}", "10.0.0.1");

        assertThat(lines)
                .containsExactly(
                        "warn refused: address=10.0.0.1",
                        "warn refused: address=10.0.0.1, suppressed=2",
                        "warn refused: address=10.0.0.1");
    }

    @Test
    void keepsKeysApart() {
        quiet.warn("a", "one");
        quiet.error("b", "two");
        quiet.error("b", "two");

        assertThat(lines).containsExactly("warn one", "error two");
    }

    @Test
    void letsKeysBeyondTheBoundShareOneMinute() {
        quiet.warn("a", "a");
        quiet.warn("b", "b");
        quiet.warn("c", "c");
        quiet.warn("d", "d");
        quiet.warn("e", "e");

        assertThat(lines).containsExactly("warn a", "warn b", "warn c");
    }

    @Test
    void givesTheRoomOfQuietKeysToNewOnes() {
        quiet.warn("a", "a");
        quiet.warn("b", "b");
        nowMillis += 60_000;
        quiet.warn("c", "c");
        quiet.warn("d", "d");

        assertThat(lines).containsExactly("warn a", "warn b", "warn c", "warn d");
    }

    @Test
    void givesRoomAsSoonAsAllOfItIsTaken() {
        quiet.warn("a", "a");
        quiet.warn("b", "b");
        nowMillis += 60_000;
        quiet.warn("c", "c");
        quiet.warn("d", "d");

        quiet.warn("e", "e"); // The first of those without a room of its own: c has one.
        quiet.warn("f", "f");

        assertThat(lines).containsExactly("warn a", "warn b", "warn c", "warn d", "warn e");
    }

    @Test
    void hasRoomFor1024KeysIfNotToldOtherwise() {
        QuietLog usual = new QuietLog(recorder(), () -> Instant.ofEpochMilli(nowMillis));

        for (int key = 0; key < 2_000; key++) {
            usual.warn(key, "said");
        }

        assertThat(lines).hasSize(1024 + 1); // All further keys share one.
    }

    @Test
    void keepsTheExceptionLast() {
        IllegalStateException cause = new IllegalStateException("gone");
        quiet.error("a", "write failed: file={}", "x", cause);
        quiet.error("a", "write failed: file={}", "x", cause);
        nowMillis += 60_000;
        quiet.error("a", "write failed: file={}", "x", cause);

        assertThat(lines).containsExactly("error write failed: file=x", "error write failed: file=x, suppressed=1");
        assertThat(causes).containsExactly(cause, cause);
    }

    @Test
    void speaksAgainWhenTheClockWasSetBack() {
        quiet.warn("a", "a");
        nowMillis -= 3_600_000;
        quiet.warn("a", "a");

        assertThat(lines).hasSize(2);
    }

    private Logger recorder() {
        return (Logger) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    FormattingTuple line = MessageFormatter.arrayFormat((String) arguments[0], (Object[]) arguments[1]);
                    lines.add(method.getName() + " " + line.getMessage());
                    if (line.getThrowable() != null) {
                        causes.add(line.getThrowable());
                    }
                    return null;
                });
    }
}
