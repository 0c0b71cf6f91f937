// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Quality;
import org.junit.jupiter.api.Test;

class TrackedExporterTest {
    private final FlowBatch flows = new FlowBatch(10);

    @Test
    void givesItsRowsTheAnnouncedRate() {
        TrackedExporter exporter = exporter(SamplingMode.APPLY, 1);
        exporter.announcedSamplingRate(1000);

        decode(exporter);

        assertThat(flows.samplingRate(0)).isEqualTo(1000);
        assertThat(flows.quality(0)).isEqualTo(Quality.SCALED);
        assertThat(exporter.status().samplingRate()).isEqualTo(1000);
        assertThat(exporter.status().samplingOrigin()).isEqualTo("header");
    }

    @Test
    void takesAnIntervalOfZeroForUnsampled() {
        TrackedExporter exporter = exporter(SamplingMode.APPLY, 1);
        exporter.announcedSamplingRate(0);

        decode(exporter);

        assertThat(flows.samplingRate(0)).isEqualTo(1);
        assertThat(flows.quality(0)).isZero();
    }

    @Test
    void ignoresOrForcesTheRateAsTheEndpointSays() {
        TrackedExporter ignored = exporter(SamplingMode.IGNORE, 1);
        ignored.announcedSamplingRate(1000);
        TrackedExporter forced = exporter(SamplingMode.FORCE, 50);
        forced.announcedSamplingRate(1000);

        decode(ignored);
        decode(forced);

        assertThat(flows.samplingRate(0)).isEqualTo(1);
        assertThat(flows.samplingRate(1)).isEqualTo(50);
        assertThat(ignored.status().samplingOrigin()).isEqualTo("ignored");
        assertThat(forced.status().samplingOrigin()).isEqualTo("forced");
    }

    @Test
    void marksWhatIsReportedWithinAMinuteOfAGap() {
        TrackedExporter exporter = exporter(SamplingMode.APPLY, 1);
        long[] arrivals = {1000, 2000, 3000, 62_000, 62_001};
        long[] numbers = {1, 5, 6, 7, 8};
        for (int datagram = 0; datagram < arrivals.length; datagram++) {
            exporter.take(arrivals[datagram]);
            exporter.sequence(numbers[datagram], 1, arrivals[datagram], 1000);
            decode(exporter);
        }

        assertThat(flows.quality(0)).isZero();
        assertThat(flows.quality(1)).isEqualTo(Quality.GAP);
        assertThat(flows.quality(2)).isEqualTo(Quality.GAP);
        assertThat(flows.quality(3)).isEqualTo(Quality.GAP);
        assertThat(flows.quality(4)).isZero();
        assertThat(exporter.status().lost()).isEqualTo(3);
    }

    @Test
    void tellsWhatItHasSeen() {
        TrackedExporter exporter = exporter(SamplingMode.APPLY, 1);
        exporter.take(1000);
        decode(exporter);
        exporter.take(2500);
        exporter.damaged();

        ExporterStatus status = exporter.status();

        assertThat(status.since()).isEqualTo(Instant.ofEpochMilli(500));
        assertThat(status.lastSeen()).isEqualTo(Instant.ofEpochMilli(2500));
        assertThat(status.datagrams()).isEqualTo(2);
        assertThat(status.rows()).isEqualTo(1);
        assertThat(status.damaged()).isEqualTo(1);
        assertThat(exporter).hasToString("endpoint=edge, address=192.0.2.1, version=5, domain=258");
    }

    private void decode(TrackedExporter exporter) {
        int from = flows.size();
        flows.beginSpan(endpoint(SamplingMode.APPLY, 1), exporter.exporter(), 0, 0, 0);
        flows.claim(FlowField.OCTETS);
        exporter.settle(flows, from);
    }

    private static TrackedExporter exporter(SamplingMode mode, int rate) {
        return new ExporterTable(10, 1000, new TemplateSpace(TemplateLimits.USUAL))
                .find(endpoint(mode, rate), 0, 0xFFFF_C000_0201L, 5, 258, 500);
    }

    private static Endpoint endpoint(SamplingMode mode, int rate) {
        return new Endpoint("edge", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, mode, rate);
    }
}
