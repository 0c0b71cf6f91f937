// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final long HOUR = 3_600_000;

    private final EventLog log = new EventLog(3, 2);

    @Test
    void saysTheSameOfTheSameSubjectOncePerQuietTime() {
        assertThat(log.tell(0, HOUR, "refused", "a", "1")).isTrue();
        assertThat(log.tell(HOUR - 1, HOUR, "refused", "a", "2")).isFalse();
        assertThat(log.tell(HOUR - 1, HOUR, "skew", "a", "3")).isTrue();
        assertThat(log.tell(HOUR, HOUR, "refused", "a", "4")).isTrue();

        assertThat(log.waiting(10)).extracting(EventLog.Event::message).containsExactly("1", "3", "4");
    }

    @Test
    void speaksAgainWhenTheClockWasSetBack() {
        log.tell(10 * HOUR, HOUR, "refused", "a", "1");

        assertThat(log.tell(2 * HOUR, HOUR, "refused", "a", "2")).isTrue();
    }

    @Test
    void countsWhatFindsNoRoomAndTellsItLater() {
        for (int subject = 0; subject < 5; subject++) {
            log.tell(0, HOUR, "refused", "s" + subject, "");
        }

        assertThat(log.waiting(10)).hasSize(3);
        assertThat(log.dropped()).isEqualTo(2);
        log.written(log.waiting(10));
        assertThat(log.tell(1, HOUR, "refused", "s4", "")).isTrue();
    }

    @Test
    void keepsWhatWasToldWhileOthersWereWritten() {
        log.tell(0, HOUR, "a", "", "");
        log.tell(0, HOUR, "b", "", "");
        List<EventLog.Event> taken = log.waiting(1);
        log.tell(0, HOUR, "c", "", "");

        log.written(taken);

        assertThat(log.waiting(10)).extracting(EventLog.Event::kind).containsExactly("b", "c");
    }

    @Test
    void forgetsTheSubjectThatWasQuietForLongest() {
        log.tell(0, HOUR, "a", "", "");
        log.tell(0, HOUR, "b", "", "");
        log.tell(1, HOUR, "a", "", ""); // Held back, but it spoke.
        log.tell(2, HOUR, "c", "", "");
        log.written(log.waiting(10));

        assertThat(log.tell(3, HOUR, "a", "", "")).isFalse();
        assertThat(log.tell(3, HOUR, "b", "", "")).isTrue();
    }
}
