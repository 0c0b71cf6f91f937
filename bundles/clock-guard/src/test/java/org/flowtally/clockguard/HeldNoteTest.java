// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldNoteTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000));

    @TempDir
    private Path folder;

    private final List<ExporterSkew> exporters = new ArrayList<>();

    @Test
    void tellsOnceWhatACrashLost() {
        exporters.add(holding(1, 0, 0));
        exporters.add(holding(2, 7, 900));
        note().write();

        assertThat(toldAtStart(false))
                .containsExactly(new EventLog.Event(
                        1_000,
                        "quarantine-lost",
                        "exporter=10.0.0.2, endpoint=site, version=5, domain=0",
                        "rows=7, octets=900"));
        assertThat(toldAtStart(false)).isEmpty();
    }

    @Test
    void tellsNothingAfterACleanStopThatLetAllGo() {
        exporters.add(holding(2, 7, 900));
        HeldNote note = note();
        note.write();
        exporters.set(0, holding(2, 0, 0));
        note.stop();

        assertThat(folder.resolve("clock-guard/held.txt")).doesNotExist();
        assertThat(toldAtStart(false)).isEmpty();
    }

    @Test
    void tellsNothingOfWhatIsHeldStillAfterASwap() {
        exporters.add(holding(2, 7, 900));
        note().stop();

        assertThat(toldAtStart(true)).isEmpty();
        assertThat(folder.resolve("clock-guard/held.txt")).exists();
    }

    private HeldNote note() {
        return new HeldNote(folder.resolve("clock-guard/held.txt"), () -> exporters);
    }

    private List<EventLog.Event> toldAtStart(boolean isHeldStill) {
        EventLog events = new EventLog(10, 10);
        HeldNote note = new HeldNote(folder.resolve("clock-guard/held.txt"), List::of);
        note.start(isHeldStill, events, CLOCK);
        return events.waiting(10);
    }

    private static ExporterSkew holding(int host, long rows, long octets) {
        return new ExporterSkew(
                new Exporter("site", "", 0, 0xFFFF_0A00_0000L + host, 5, 0),
                ClockState.LEARNING,
                Instant.EPOCH,
                0,
                0,
                1,
                ClockPolicy.QUARANTINE,
                "",
                0,
                Instant.EPOCH,
                rows,
                octets,
                Map.of(),
                Map.of());
    }
}
