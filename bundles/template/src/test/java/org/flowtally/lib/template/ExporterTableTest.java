// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.junit.jupiter.api.Test;

class ExporterTableTest {
    private static final long IDLE = 60_000;
    private static final Endpoint EDGE = endpoint("edge", "", SamplingMode.APPLY);

    private final ExporterTable table = new ExporterTable(1000, IDLE, new TemplateSpace(TemplateLimits.USUAL));

    @Test
    void findsAnExporterAgain() {
        TrackedExporter first = table.find(EDGE, 1, 2, 5, 3, 0);
        TrackedExporter other = table.find(EDGE, 1, 2, 5, 4, 0);

        assertThat(table.find(EDGE, 1, 2, 5, 3, 0)).isSameAs(first).isNotSameAs(other);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void tellsExportersApartByEverythingThatNamesThem() {
        Set<TrackedExporter> found = new HashSet<>();
        found.add(table.find(EDGE, 0, 0, 5, 0, 0));
        found.add(table.find(EDGE, 1, 0, 5, 0, 0));
        found.add(table.find(EDGE, 0, 1, 5, 0, 0));
        found.add(table.find(EDGE, 0, 0, 9, 0, 0));
        found.add(table.find(EDGE, 0, 0, 5, 1, 0));
        found.add(table.find(endpoint("core", "", SamplingMode.APPLY), 0, 0, 5, 0, 0));
        found.add(table.find(endpoint("edge", "site-b", SamplingMode.APPLY), 0, 0, 5, 0, 0));

        assertThat(found).hasSize(7);
    }

    @Test
    void keepsAnExporterWhenItsEndpointIsConfiguredAnew() {
        TrackedExporter before = table.find(EDGE, 1, 2, 5, 3, 0);
        before.announcedSamplingRate(100);
        assertThat(before.samplingRate()).isEqualTo(100);

        TrackedExporter after = table.find(endpoint("edge", "", SamplingMode.IGNORE), 1, 2, 5, 3, 0);

        assertThat(after).isSameAs(before);
        assertThat(after.samplingRate()).isEqualTo(1);
    }

    @Test
    void hasRoomForNoMoreThanItsLimit() {
        fill(1000, 0);

        assertThat(table.find(EDGE, 0, 1000, 5, 0, 1)).isSameAs(ExporterTable.NO_ROOM);
        assertThat(table.find(EDGE, 0, 999, 5, 0, 1).exporter().addressLow()).isEqualTo(999);
        assertThat(table.size()).isEqualTo(1000);
    }

    @Test
    void letsGoOfTheLongSilentWhenFull() {
        fill(1000, 0);
        table.find(EDGE, 0, 7, 5, 0, 0).take(IDLE);

        TrackedExporter late = table.find(EDGE, 0, 5000, 5, 0, IDLE);

        assertThat(late).isNotSameAs(ExporterTable.NO_ROOM);
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.statuses())
                .extracting(status -> status.exporter().addressLow())
                .containsExactly(7L, 5000L);
        assertThat(table.find(EDGE, 0, 7, 5, 0, IDLE).status().datagrams()).isEqualTo(1);
    }

    @Test
    void takesALargerLimitAtOnce() {
        fill(1000, 0);

        table.limits(1001, IDLE);

        assertThat(table.find(EDGE, 0, 1000, 5, 0, 1)).isNotSameAs(ExporterTable.NO_ROOM);
    }

    @Test
    void listsEveryExporter() {
        fill(300, 0);

        List<ExporterStatus> statuses = table.statuses();

        assertThat(statuses).hasSize(300).allSatisfy(status -> {
            assertThat(status.exporter().endpoint()).isEqualTo("edge");
            assertThat(status.samplingOrigin()).isEqualTo("header");
        });
    }

    private void fill(int count, long nowMillis) {
        for (int index = 0; index < count; index++) {
            assertThat(table.find(EDGE, 0, index, 5, 0, nowMillis)).isNotSameAs(ExporterTable.NO_ROOM);
        }
    }

    private static Endpoint endpoint(String name, String realm, SamplingMode mode) {
        return new Endpoint(name, "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), realm, 1 << 20, mode, 1);
    }
}
