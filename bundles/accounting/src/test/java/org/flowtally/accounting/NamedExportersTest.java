// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.CounterArray;
import org.junit.jupiter.api.Test;

class NamedExportersTest {
    private static final long HOUR = 3_600_000;

    private final NamedExporters names = new NamedExporters();

    @Test
    void namesEveryoneAsLongAsStrangersAreFew() {
        for (int address = 0; address < NamedExporters.MOST_STRANGERS; address++) {
            assertThat(names.nameOf(exporter(address), 0)).isEqualTo(exporter(address));
        }
        assertThat(names.nameOf(exporter(7), 0)).isEqualTo(exporter(7));
    }

    @Test
    void putsFurtherStrangersOfAnEndpointTogether() {
        Set<Exporter> named = new HashSet<>();
        for (int address = 0; address < 100_000; address++) {
            named.add(names.nameOf(exporter(address), 0));
        }

        assertThat(named).hasSize(NamedExporters.MOST_STRANGERS + 1);
        Exporter others = names.nameOf(exporter(99_999), 0);
        assertThat(others.address()).isEqualTo("::");
        assertThat(others.endpoint()).isEqualTo("edge");
    }

    @Test
    void namesWhoIsListedWhateverElseComes() {
        for (int address = 0; address < 100_000; address++) {
            names.nameOf(exporter(address), 0);
        }
        assertThat(names.nameOf(exporter(200_000), 0).address()).isEqualTo("::");

        names.list(List.of(status(200_000, 1)));

        assertThat(names.nameOf(exporter(200_000), 0)).isEqualTo(exporter(200_000));
    }

    @Test
    void beginsAnewWithTheHour() {
        for (int address = 0; address < 100_000; address++) {
            names.nameOf(exporter(address), 0);
        }

        assertThat(names.nameOf(exporter(99_999), HOUR)).isEqualTo(exporter(99_999));
    }

    @Test
    void keepsNoCountsOfExportersThatAreForgotten() {
        ExporterDeltas deltas = new ExporterDeltas((name, size) -> new CounterArray(size), names);
        ExporterTallies tallies = new ExporterTallies();
        for (int round = 0; round < 50; round++) {
            List<ExporterStatus> statuses = new ArrayList<>();
            for (int address = 0; address < 100; address++) {
                statuses.add(status(round * 100 + address, 1));
            }
            deltas.take(statuses, tallies, 0);
        }

        assertThat(deltas.size()).isLessThanOrEqualTo(300);
        assertThat(tallies.totals().stream()
                        .mapToLong(total -> total.datagrams())
                        .sum())
                .isEqualTo(5000);
    }

    private static Exporter exporter(int address) {
        return new Exporter("edge", "", 0, 0xFFFF_0A00_0000L + address, 5, 0);
    }

    private static ExporterStatus status(int address, long datagrams) {
        return new ExporterStatus(
                exporter(address), Instant.EPOCH, Instant.EPOCH, datagrams, 0, 0, 0, 0, 0, 0, 1, "header");
    }
}
