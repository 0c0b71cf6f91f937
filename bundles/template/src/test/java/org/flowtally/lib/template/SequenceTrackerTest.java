// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.junit.jupiter.api.Test;

class SequenceTrackerTest {
    private static final long BOOT = 1_700_000_000_000L;
    private static final long WRAP = 1L << 32;

    private final SequenceTracker tracker = new SequenceTracker();
    private long bootMillis = BOOT;
    private long nowMillis = BOOT + 3_600_000;

    @Test
    void losesNothingOfAnUnbrokenRun() {
        assertThat(follow(100, 30)).isFalse();
        assertThat(follow(130, 30)).isFalse();
        assertThat(follow(160, 7)).isFalse();

        assertThat(tracker.lost()).isZero();
    }

    @Test
    void countsWhatIsSkipped() {
        follow(100, 30);

        assertThat(follow(190, 30)).isTrue();

        assertThat(tracker.lost()).isEqualTo(60);
    }

    @Test
    void givesBackWhatComesLate() {
        follow(100, 30);
        follow(190, 30);

        assertThat(follow(160, 30)).isFalse();

        assertThat(tracker.lost()).isEqualTo(30);
        assertThat(tracker.reordered()).isEqualTo(1);
        follow(130, 30);
        assertThat(tracker.lost()).isZero();
    }

    @Test
    void closesAGapFromTheMiddle() {
        follow(0, 10);
        follow(100, 10);

        follow(50, 10);
        follow(60, 40);
        follow(10, 40);

        assertThat(tracker.lost()).isZero();
    }

    @Test
    void takesNothingBackForADuplicate() {
        follow(100, 30);
        follow(190, 30);

        follow(190, 30);
        follow(130, 30);
        follow(130, 30);

        assertThat(tracker.lost()).isEqualTo(30);
        assertThat(tracker.duplicates()).isEqualTo(2);
    }

    @Test
    void countsAcrossTheWrapOfTheSequence() {
        follow(WRAP - 20, 30);
        follow(40, 30);

        assertThat(tracker.lost()).isEqualTo(30);
        follow(10, 30);
        assertThat(tracker.lost()).isZero();
    }

    @Test
    void recognisesARestartByTheUptime() {
        follow(1_000_000, 30);

        reboot();

        assertThat(follow(0, 30)).isFalse();
        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.lost()).isZero();
        follow(60, 30);
        assertThat(tracker.lost()).isEqualTo(30);
    }

    @Test
    void recognisesARestartAfterAnUptimeThatLooksLikeAWrap() {
        nowMillis = BOOT + 30L * 86_400_000;
        follow(5_000_000, 30);

        reboot();
        follow(9_000_000, 30);

        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.lost()).isZero();
    }

    @Test
    void recognisesARestartAfterASilenceLongerThanTheUptime() {
        nowMillis = BOOT + 60_000;
        follow(50_000, 30);

        nowMillis += 600_000;
        bootMillis = nowMillis - 120_000;
        follow(30, 30);

        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.lost()).isZero();
    }

    @Test
    void takesTheWrapOfTheUptimeForNoRestart() {
        nowMillis = BOOT + WRAP - 500;
        follow(100, 30);

        nowMillis += 1000;
        follow(160, 30);

        assertThat(tracker.restarts()).isZero();
        assertThat(tracker.lost()).isEqualTo(30);
    }

    @Test
    void takesAStepOfTheClockForNoRestart() {
        follow(100, 30);

        bootMillis += 86_400_000;
        nowMillis += 86_400_000;
        follow(160, 30);
        bootMillis -= 2 * 86_400_000;
        nowMillis -= 2 * 86_400_000;
        follow(220, 30);

        assertThat(tracker.restarts()).isZero();
        assertThat(tracker.lost()).isEqualTo(60);
    }

    @Test
    void findsItsRunForWhatComesLateFromBeforeARestart() {
        follow(1_000_000, 30);
        follow(1_000_060, 30);
        long before = nowMillis;

        reboot();
        follow(0, 30);
        follow(tracker, 1_000_030, 30, before - BOOT, before);
        follow(30, 30);

        assertThat(tracker.lost()).isZero();
        assertThat(tracker.restarts()).isEqualTo(1);
    }

    @Test
    void keepsTwoSourcesBehindOneAddressApart() {
        for (int turn = 0; turn < 50; turn++) {
            follow(tracker, turn * 30L, 30, 50_000 + turn * 1000L, BOOT + turn * 1000L);
            follow(tracker, 7_000_000 + turn * 30L, 30, 9_000_000 + turn * 1000L, BOOT + turn * 1000L);
        }

        assertThat(tracker.lost()).isZero();
    }

    @Test
    void believesAFarJumpAheadOnlyWhenTheNextAgrees() {
        follow(100, 30);

        follow(3_000_000_000L, 30);
        follow(130, 30);
        assertThat(tracker.lost()).isZero();

        follow(2_000_160, 30);
        assertThat(follow(2_000_190, 30)).isTrue();
        assertThat(tracker.lost()).isEqualTo(2_000_000);
    }

    @Test
    void takesAFarJumpBackForARestartWhenTheNextAgrees() {
        sendWithoutUptime(1_000_000, 10);
        sendWithoutUptime(5, 10);
        sendWithoutUptime(15, 10);
        sendWithoutUptime(25, 10);

        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.lost()).isZero();
    }

    @Test
    void losesNothingOfAnExporterThatDoesNotCount() {
        for (int turn = 0; turn < 100; turn++) {
            follow(0, 30);
        }

        assertThat(tracker.lost()).isZero();
        assertThat(tracker.restarts()).isZero();
    }

    @Test
    void givesUpTheOldestGapsFirst() {
        follow(0, 1);
        for (int turn = 1; turn <= SequenceWindow.MOST_GAPS + 1; turn++) {
            follow(turn * 2L, 1);
        }

        follow(1, 1);
        follow(3, 1);

        assertThat(tracker.lost()).isEqualTo(SequenceWindow.MOST_GAPS);
    }

    @Test
    void countsWhatWasSentWhileTheCollectorWasAway() {
        follow(100, 30);
        SequenceTracker next = restarted();
        nowMillis += 90_000;

        assertThat(follow(next, 190, 30, nowMillis - BOOT, nowMillis)).isTrue();

        assertThat(next.lost()).isEqualTo(60);
        assertThat(next.restarts()).isZero();
    }

    @Test
    void losesNothingWhereNothingWasSentWhileTheCollectorWasAway() {
        follow(100, 30);
        SequenceTracker next = restarted();

        assertThat(follow(next, 130, 30, nowMillis - BOOT + 10, nowMillis + 10)).isFalse();

        assertThat(next.lost()).isZero();
    }

    @Test
    void losesNothingOfAnExporterThatRestartedWhileTheCollectorWasAway() {
        follow(1_000, 30);
        SequenceTracker next = restarted();
        reboot();

        follow(next, 5_000, 30, nowMillis - bootMillis, nowMillis);

        assertThat(next.lost()).isZero();
        assertThat(next.restarts()).isEqualTo(1);
    }

    @Test
    void takesNumbersThatWentBackForARestartWhereNoUptimeTells() {
        sendWithoutUptime(1_000, 10);
        SequenceTracker next = restarted();

        follow(next, 40, 10, FlowBatch.NO_UPTIME, nowMillis);
        follow(next, 60, 10, FlowBatch.NO_UPTIME, nowMillis);

        assertThat(next.restarts()).isEqualTo(1);
        assertThat(next.lost()).isEqualTo(10);
    }

    @Test
    void takesYoungNumbersThatBeginAnewForARestartWhereNoUptimeTells() {
        sendWithoutUptime(0, 20);
        sendWithoutUptime(20, 20);
        sendWithoutUptime(40, 20);
        nowMillis += 90_000;

        sendWithoutUptime(0, 20);
        sendWithoutUptime(20, 10);
        sendWithoutUptime(70, 10);

        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.duplicates()).isZero();
        assertThat(tracker.lost()).isEqualTo(40);
    }

    @Test
    void takesNumbersThatBeginAnewWithTheClockForARestart() {
        sendWithoutUptime(0, 20);
        sendWithoutUptime(20, 20);
        nowMillis = 50_000;

        sendWithoutUptime(0, 12);
        sendWithoutUptime(12, 12);
        sendWithoutUptime(24, 12);

        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(tracker.duplicates()).isZero();
    }

    @Test
    void takesDatagramsOnADetourForNoRestart() {
        sendWithoutUptime(0, 20);
        sendWithoutUptime(20, 20);
        sendWithoutUptime(40, 20);
        long meanwhile = nowMillis;
        nowMillis -= 2000;

        sendWithoutUptime(0, 20);
        sendWithoutUptime(20, 20);

        nowMillis = meanwhile;
        sendWithoutUptime(60, 20);
        assertThat(tracker.restarts()).isZero();
        assertThat(tracker.duplicates()).isEqualTo(2);
    }

    @Test
    void takesTwoSourcesWithoutUptimeForNoRestart() {
        for (int turn = 0; turn < 50; turn++) {
            nowMillis += 1000;
            sendWithoutUptime(1000 + turn * 20L, 20);
            nowMillis += 1000;
            sendWithoutUptime(turn * 20L, 20);
        }

        assertThat(tracker.restarts()).isZero();
        assertThat(tracker.duplicates()).isEqualTo(50);
    }

    @Test
    void keepsTwoSourcesWithoutUptimeApartThatTakeTurnsOfTwo() {
        for (int turn = 0; turn < 50; turn++) {
            nowMillis += 1000;
            sendWithoutUptime(1000 + turn * 40L, 20);
            sendWithoutUptime(1020 + turn * 40L, 20);
            nowMillis += 1000;
            sendWithoutUptime(turn * 40L, 20);
            sendWithoutUptime(turn * 40L + 20, 20);
        }

        assertThat(tracker.lost()).isZero();
        assertThat(tracker.restarts()).isEqualTo(1);
    }

    @Test
    void takesNumbersThatStandStillForNoRestart() {
        for (int turn = 0; turn < 50; turn++) {
            nowMillis += 1000;
            sendWithoutUptime(7, 20 + turn);
        }

        assertThat(tracker.restarts()).isZero();
    }

    @Test
    void takesNothingBackOfWhatCameLateOverItsOwnRestart() {
        follow(100, 30);
        follow(190, 30);
        SequenceTracker next = restarted();

        follow(next, 130, 30, nowMillis - BOOT, nowMillis);
        follow(next, 220, 30, nowMillis - BOOT, nowMillis);

        assertThat(next.lost()).isZero();
    }

    @Test
    void knowsOverItsOwnRestartHowAnExporterCounts() {
        for (int number = 0; number < 10; number++) {
            sendWithoutUptime(number, 20 + number);
        }
        SequenceTracker next = restarted();

        follow(next, 12, 25, FlowBatch.NO_UPTIME, nowMillis);
        follow(next, 13, 25, FlowBatch.NO_UPTIME, nowMillis);

        assertThat(next.lost()).isEqualTo(2);
        assertThat(next.duplicates()).isZero();
    }

    @Test
    void losesNothingWhereAnExporterCountsItsOwnRecordsInAndTheyAreUnknown() {
        long number = 0;
        for (int message = 0; message < 20; message++) {
            int records = 20 + message % 3;
            number += records;
            sendWithoutUptime(number, records);
        }

        sendWithoutUptime(number + 21, ExporterState.UNKNOWN_UNITS);
        sendWithoutUptime(number + 21 + 5 + 20, 20);

        assertThat(tracker.lost()).isEqualTo(5);
    }

    private SequenceTracker restarted() {
        SequenceTracker next = new SequenceTracker();
        next.resume(tracker.position(new Exporter("edge", "", 0, 1, 5, 0)).orElseThrow());
        return next;
    }

    private boolean follow(long sequence, int units) {
        nowMillis += 10;
        return follow(tracker, sequence, units, (nowMillis - bootMillis) % WRAP, nowMillis);
    }

    private void sendWithoutUptime(long sequence, int units) {
        follow(tracker, sequence, units, FlowBatch.NO_UPTIME, nowMillis);
    }

    private void reboot() {
        nowMillis += 90_000;
        bootMillis = nowMillis - 20_000;
    }

    @Test
    void countsALossThatLooksLikeTheRuleWhichIsBeingDisproved() {
        for (int number = 0; number < 5; number++) {
            sendWithoutUptime(number, 20 + number);
        }
        sendWithoutUptime(4 + 24, 25); // It counts datagrams, and 23 of them are missing.
        for (int number = 29; number < 40; number++) {
            sendWithoutUptime(number, 20 + number % 7);
        }

        assertThat(tracker.rule()).isEqualTo(CountingRule.DATAGRAMS);
        assertThat(tracker.lost()).isEqualTo(23);
    }

    @Test
    void goesOnBehindADatagramThatBeginsBeforeTheExpectedNumber() {
        follow(100, 30);

        follow(120, 30);

        assertThat(follow(150, 10)).isFalse();
        assertThat(tracker.lost()).isZero();
    }

    @Test
    void believesNumbersFarAwayOnceTheyGoOn() {
        follow(100, 30);

        assertThat(follow(1L << 30, 30)).as("one may be forged").isFalse();
        assertThat(tracker.lost()).isZero();
        assertThat(follow((1L << 30) + 30, 30)).isTrue();
        assertThat(tracker.lost()).isEqualTo((1L << 30) - 130);

        follow(5_000, 30);
        assertThat(follow(5_030, 30)).isFalse();
        assertThat(tracker.restarts()).isEqualTo(1);
        assertThat(follow(5_060, 30)).isFalse();
    }

    @Test
    void losesNothingOverOneRestartAfterTheOther() {
        follow(1_000_000, 30);
        reboot();
        follow(0, 30);
        nowMillis += 60_000;
        follow(30, 30);
        reboot();

        assertThat(follow(999_000, 30)).isFalse();
        assertThat(follow(999_060, 30)).isTrue();
        assertThat(tracker.restarts()).isEqualTo(2);
        assertThat(tracker.lost()).isEqualTo(30);
        assertThat(tracker.duplicates()).isZero();
    }

    @Test
    void saysOfExportersWithoutUptimeTooWhereUnitsAreMissing() {
        assertThat(follow(tracker, 100, 10, FlowBatch.NO_UPTIME, nowMillis)).isFalse();
        assertThat(follow(tracker, 110, 10, FlowBatch.NO_UPTIME, nowMillis)).isFalse();
        assertThat(follow(tracker, 130, 10, FlowBatch.NO_UPTIME, nowMillis)).isTrue();
        assertThat(follow(tracker, 120, 10, FlowBatch.NO_UPTIME, nowMillis)).isFalse();
        assertThat(tracker.isNext(140, 10, 0)).isTrue();
        assertThat(tracker.isNext(150, 10, 0)).isFalse();
    }

    @Test
    void takesWhatComesBehindUnknownUnitsAsItComes() {
        SequenceTracker tracker = new SequenceTracker();
        follow(tracker, 100, 10, FlowBatch.NO_UPTIME, 0);
        follow(tracker, 110, ExporterState.UNKNOWN_UNITS, FlowBatch.NO_UPTIME, 0);
        follow(tracker, 137, 10, FlowBatch.NO_UPTIME, 0);
        boolean hasGap = follow(tracker, 150, 10, FlowBatch.NO_UPTIME, 0);

        assertThat(hasGap).isTrue();
        assertThat(tracker.lost()).isEqualTo(3);
    }

    private static boolean follow(
            SequenceTracker followed, long number, int records, long uptimeMillis, long exportMillis) {
        return followed.follow(number, records, records, 0, uptimeMillis, exportMillis);
    }
}
