// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.clockguard.SimulatedExporter.DAY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.clock.ExporterSkew;
import org.flowtally.api.endpoint.ClockPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the guard does against what was true. A day and a half in each build; {@code -Dfortnight.write=true} runs the whole fortnight
 * under each policy and writes {@code docs/clock-fortnight.md}.
 */
class FortnightTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("root.folder"), "docs/clock-fortnight.md");
    private static final ClockGuardSettings SHIPPED =
            ClockGuardSettings.of(ClockGuardSettingsTest.config(Map.of()), Map.of());
    private static final double MOST = 0.001;

    @ParameterizedTest
    @EnumSource(names = {"CORRECT", "QUARANTINE"})
    void discardsAndMisplacesLessThanAThousandth(ClockPolicy policy) {
        Fortnight slice = new Fortnight(policy, SHIPPED).run(DAY + DAY / 2).end();

        assertGood(slice);
    }

    @Test
    void discardsNothingOfClocksThatWereRightAllTheTime() {
        Fortnight slice =
                new Fortnight(ClockPolicy.DISCARD, SHIPPED).run(DAY + DAY / 2).end();

        List<SimulatedExporter> right = slice.exporters().stream()
                .filter(each -> slice.skew(each).state() == ClockState.GOOD
                        && slice.skew(each).jumps() == 0)
                .toList();
        assertThat(right).hasSizeGreaterThan(10).allSatisfy(each -> {
            Fortnight.Result result = slice.result(each);
            assertThat(result.discarded).as(each.situation()).isZero();
            assertThat((double) result.wrongHour / result.octets)
                    .as(each.situation())
                    .isLessThan(MOST);
        });
    }

    @Test
    void writesWhatTheWholeFortnightShows() throws IOException {
        if (Boolean.getBoolean("fortnight.write")) {
            List<Fortnight> runs = new ArrayList<>();
            for (ClockPolicy policy : ClockPolicy.values()) {
                runs.add(new Fortnight(policy, SHIPPED).run(14 * DAY).end());
            }
            runs.stream()
                    .filter(run -> run.policy() == ClockPolicy.CORRECT || run.policy() == ClockPolicy.QUARANTINE)
                    .forEach(FortnightTest::assertGood);
            runs.stream().filter(run -> run.policy() == ClockPolicy.ARRIVAL).forEach(run -> {
                assertThat(run.total().discarded).isZero();
                assertThat((double) run.total().wrongHour / run.total().octets).isLessThan(MOST);
            });
            Files.writeString(DOCUMENT, document(runs));
        }
        assertThat(Files.readString(DOCUMENT))
                .as("an exporter that the document does not know: run with -Dfortnight.write=true")
                .contains(new Fortnight(ClockPolicy.DISCARD, SHIPPED)
                        .exporters().stream()
                                .map(exporter -> "| " + exporter.situation() + " |")
                                .toArray(String[]::new));
    }

    private static void assertGood(Fortnight run) {
        Fortnight.Result total = run.total();
        assertThat(total.octets).isPositive();
        assertThat(total.rows).isGreaterThan(1_000_000);
        assertThat((double) total.discarded / total.octets).as("discarded").isLessThan(MOST);
        assertThat((double) total.wrongHour / total.octets).as("wrong hour").isLessThan(MOST);
        for (SimulatedExporter exporter : run.exporters()) {
            Fortnight.Result result = run.result(exporter);
            assertThat((double) result.discarded / result.octets)
                    .as("discarded: " + exporter.situation())
                    .isLessThan(MOST);
            assertThat((double) result.wrongHour / result.octets)
                    .as("wrong hour: " + exporter.situation())
                    .isLessThan(exporter.situation().contains("behind") ? 2 * MOST : MOST);
            assertThat(run.skew(exporter).heldRows()).isZero();
        }
    }

    private static String document(List<Fortnight> runs) {
        StringBuilder text = new StringBuilder("""
                # A fortnight of wrong clocks
                What the clock guard, as shipped, makes of exporters whose clocks go wrong, against what was true: fourteen simulated days,
                a datagram of four flows every five seconds from each exporter, one policy (`clock.policy`) at a time. Generated:
                `mvn verify -pl bundles/clock-guard -am -Dfortnight.write=true`; a day and a half of it is part of every build.

                *Discarded* is the share of octets that were not counted, although every flow here really ended within the tolerance before its
                arrival. *Wrong hour* is the share that was counted in another hour than it was moved in, each flow spread evenly over its
                time. *Held* is the share that `quarantine` kept waiting for a while.

                `discard`, as shipped, trusts what exporters say: what they stamp in the future is discarded, the hours that a clock is behind stay
                behind, and both are told, by an event, `flowtally:clocks` and `exporter_verdict_hourly`. Of clocks that are right it discards
                nothing. `correct` and `quarantine` repair: of no exporter they may discard or misplace a thousandth, or the build fails. `arrival`
                asks no clock, so what waits on the way for ten minutes is ten minutes late.

                """);
        text.append("| All exporters together | Octets discarded | Octets in a wrong hour | Octets held | Events |\n");
        text.append("|---|---|---|---|---|\n");
        for (Fortnight run : runs) {
            Fortnight.Result total = run.total();
            text.append("| `%s` | %s | %s | %s | %d |\n"
                    .formatted(
                            run.policy().name().toLowerCase(Locale.ROOT),
                            percent(total.discarded, total.octets),
                            percent(total.wrongHour, total.octets),
                            percent(total.held, total.octets),
                            run.events()));
        }
        for (Fortnight run : runs) {
            append(text, run);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Fortnight run) {
        text.append("\n## `%s`\n".formatted(run.policy().name().toLowerCase(Locale.ROOT)));
        text.append("| Exporter | Discarded | Wrong hour | Held | Clock at the end | Steps | Likely cause |\n");
        text.append("|---|---|---|---|---|---|---|\n");
        for (SimulatedExporter exporter : run.exporters()) {
            Fortnight.Result result = run.result(exporter);
            ExporterSkew skew = run.skew(exporter);
            text.append("| %s | %s | %s | %s | %s by %s | %d | %s |\n"
                    .formatted(
                            exporter.situation(),
                            percent(result.discarded, result.octets),
                            percent(result.wrongHour, result.octets),
                            percent(result.held, result.octets),
                            skew.state(),
                            seconds(skew.offsetMillis()),
                            skew.jumps(),
                            skew.cause()));
        }
    }

    private static String percent(long part, long whole) {
        double percent = 100.0 * part / whole;
        return part == 0 ? "0" : percent < 0.0001 ? "< 0.0001 %" : String.format(Locale.ROOT, "%.4f %%", percent);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%+.1f s", millis / 1000.0);
    }
}
