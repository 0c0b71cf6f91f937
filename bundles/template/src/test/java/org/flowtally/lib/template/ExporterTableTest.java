// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.ClockPolicy;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.ExporterKey;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.endpoint.Transport;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.junit.jupiter.api.Test;

class ExporterTableTest {
    private static final long IDLE = 60_000;
    private static final Endpoint EDGE = endpoint("edge", "", SamplingMode.APPLY);

    private final ExporterTable table = new ExporterTable(1000, IDLE, new TemplateSpace(TemplateLimits.USUAL));

    @Test
    void findsAnExporterAgain() {
        TrackedExporter first = met(EDGE, 1, 2, 5, 3, 0);
        TrackedExporter other = met(EDGE, 1, 2, 5, 4, 0);

        assertThat(met(EDGE, 1, 2, 5, 3, 0)).isSameAs(first).isNotSameAs(other);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void tellsExportersApartByEverythingThatNamesThem() {
        Set<TrackedExporter> found = new HashSet<>();
        found.add(met(EDGE, 0, 0, 5, 0, 0));
        found.add(met(EDGE, 1, 0, 5, 0, 0));
        found.add(met(EDGE, 0, 1, 5, 0, 0));
        found.add(met(EDGE, 0, 0, 9, 0, 0));
        found.add(met(EDGE, 0, 0, 5, 1, 0));
        found.add(met(endpoint("core", "", SamplingMode.APPLY), 0, 0, 5, 0, 0));
        found.add(met(endpoint("edge", "site-b", SamplingMode.APPLY), 0, 0, 5, 0, 0));

        assertThat(found).hasSize(7);
    }

    @Test
    void knowsAnExporterThatSendsFromAnotherPort() {
        TrackedExporter before = met(EDGE, 40_000);

        assertThat(met(EDGE, 50_000)).isSameAs(before);
        assertThat(before.exporter().sender()).isEqualTo("192.0.2.1");
    }

    @Test
    void tellsExportersBehindOneAddressApartByTheirPortIfToldTo() {
        Endpoint byPort = byPort();
        TrackedExporter one = met(byPort, 40_000);
        TrackedExporter other = met(byPort, 50_000);

        assertThat(other).isNotSameAs(one);
        assertThat(met(byPort, 40_000)).isSameAs(one);
        assertThat(one.exporter().sender()).isEqualTo("192.0.2.1#40000");
        fill(300, 0); // The table grows: they are found in their new places.
        assertThat(met(byPort, 50_000)).isSameAs(other);
    }

    @Test
    void tellsThatMethodsOfVersion8WithoutAddressesAreNotBilled() {
        for (int method = 1; method <= 14; method++) {
            met(EDGE, 0, method, 8, 0x0101_00 | method, 0);
        }

        assertThat(table.advice())
                .allSatisfy(each -> assertThat(each.topic()).isEqualTo(ExporterAdvice.Topic.AGGREGATED))
                .extracting(each -> each.finding().split(" names")[0])
                .containsExactlyInAnyOrder("v8 method 1", "v8 method 2", "v8 method 9", "v8 method 10");
    }

    private TrackedExporter met(Endpoint endpoint, int port) {
        TrackedExporter found = table.find(endpoint, 0, 0xFFFF_C000_0201L, port, 5, 3, 0);
        if (table.statuses().stream().noneMatch(status -> status.exporter().equals(found.exporter()))) {
            table.admit(found);
        }
        return found;
    }

    @Test
    void keepsAnExporterWhenItsEndpointIsConfiguredAnew() {
        TrackedExporter before = met(EDGE, 1, 2, 5, 3, 0);
        before.announcedSamplingRate(100);
        assertThat(before.samplingRate()).isEqualTo(100);

        TrackedExporter after = met(endpoint("edge", "", SamplingMode.IGNORE), 1, 2, 5, 3, 0);

        assertThat(after).isSameAs(before);
        assertThat(after.samplingRate()).isEqualTo(1);
    }

    @Test
    void hasRoomForNoMoreThanItsLimit() {
        fill(1000, 0);

        assertThat(met(EDGE, 0, 1000, 5, 0, 1)).isSameAs(ExporterTable.NO_ROOM);
        assertThat(table.count(ExporterCounter.REFUSED)).isEqualTo(1);
        assertThat(met(EDGE, 0, 999, 5, 0, 1).exporter().addressLow()).isEqualTo(999);
        assertThat(table.size()).isEqualTo(1000);
    }

    @Test
    void letsGoOfTheLongSilentWhenFull() {
        fill(1000, 0);
        met(EDGE, 0, 7, 5, 0, 0).take(IDLE);

        TrackedExporter late = met(EDGE, 0, 5000, 5, 0, IDLE);

        assertThat(late).isNotSameAs(ExporterTable.NO_ROOM);
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.statuses())
                .extracting(status -> status.exporter().addressLow())
                .containsExactly(7L, 5000L);
        assertThat(met(EDGE, 0, 7, 5, 0, IDLE).status().datagrams()).isEqualTo(2);
    }

    @Test
    void takesALargerLimitAtOnce() {
        fill(1000, 0);

        table.limits(new ExporterLimits(1001, 1001, 1001, IDLE));

        assertThat(met(EDGE, 0, 1000, 5, 0, 1)).isNotSameAs(ExporterTable.NO_ROOM);
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

    @Test
    void doesNotKnowASenderBeforeItIsAdmitted() {
        TrackedExporter first = table.find(EDGE, 0, 1, 5, 0, 0);
        table.discard(first);

        assertThat(first.isKnown()).isFalse();
        assertThat(table.size()).isZero();
        assertThat(table.find(EDGE, 0, 1, 5, 0, 0)).isNotSameAs(first);
    }

    @Test
    void letsNewcomersMakeRoomForNewcomersAndNobodyElse() {
        fill(900, 0);
        for (int sender = 0; sender < 100_000; sender++) {
            assertThat(met(EDGE, 1, sender, 5, 0, 1)).isNotSameAs(ExporterTable.NO_ROOM);
        }

        assertThat(table.size()).isEqualTo(1000);
        assertThat(table.count(ExporterCounter.EVICTED)).isEqualTo(99_900);
        for (int known = 0; known < 900; known++) {
            assertThat(table.find(EDGE, 0, known, 5, 0, 2).isKnown()).isTrue();
        }
        for (int sender = 0; sender < 100_000; sender++) {
            assertThat(table.find(EDGE, 1, sender, 5, 0, 2).isKnown()).isEqualTo(sender >= 99_900);
        }
    }

    @Test
    void givesANewcomerThatIsHeardAgainAnotherChance() {
        fill(990, 0);
        TrackedExporter real = met(EDGE, 2, 1, 5, 0, 1);
        for (int sender = 0; sender < 1000; sender++) {
            met(EDGE, 1, sender, 5, 0, 1);
            real.take(1);
            settle(real);
        }

        assertThat(real.isKnown()).isTrue();
    }

    @Test
    void takesWhoHasSentFlowsForAWhileForProven() {
        TrackedExporter exporter = met(EDGE, 0, 1, 5, 0, 0);
        exporter.take(TrackedExporter.PROBATION_MILLIS);
        assertThat(exporter.isEstablished()).as("without flows").isFalse();
        settle(exporter);
        exporter.take(TrackedExporter.PROBATION_MILLIS - 1);
        assertThat(exporter.isEstablished()).as("too soon").isFalse();

        exporter.take(TrackedExporter.PROBATION_MILLIS);

        assertThat(exporter.isEstablished()).isTrue();
    }

    @Test
    void leavesRoomForOtherEndpoints() {
        table.limits(new ExporterLimits(1000, 600, 1000, IDLE));
        fill(600, 0);

        assertThat(met(EDGE, 5, 5, 5, 0, 1)).isSameAs(ExporterTable.NO_ROOM);
        assertThat(met(endpoint("core", "", SamplingMode.APPLY), 5, 5, 5, 0, 1)).isNotSameAs(ExporterTable.NO_ROOM);
        assertThat(table.count(ExporterCounter.REFUSED_BY_ENDPOINT)).isEqualTo(1);
    }

    @Test
    void leavesRoomForOtherAddresses() {
        table.limits(new ExporterLimits(1000, 1000, 3, IDLE));
        for (int domain = 0; domain < 3; domain++) {
            assertThat(met(EDGE, 0, 1, 5, domain, 0)).isNotSameAs(ExporterTable.NO_ROOM);
        }

        assertThat(met(EDGE, 0, 1, 5, 3, 1)).isSameAs(ExporterTable.NO_ROOM);
        assertThat(met(EDGE, 0, 2, 5, 3, 1)).isNotSameAs(ExporterTable.NO_ROOM);
        assertThat(table.count(ExporterCounter.REFUSED_BY_ADDRESS)).isEqualTo(1);
    }

    @Test
    void letsForgedDomainsOfAnAddressMakeRoomForItsOwn() {
        table.limits(new ExporterLimits(1000, 1000, 3, 3_600_000));
        met(EDGE, 0, 1, 9, 0, 0).establish();
        met(EDGE, 0, 1, 9, 100, 0);
        met(EDGE, 0, 1, 9, 101, 5000);
        assertThat(met(EDGE, 0, 1, 9, 1, 9999)).isSameAs(ExporterTable.NO_ROOM);

        assertThat(met(EDGE, 0, 1, 9, 1, 11_000)).isNotSameAs(ExporterTable.NO_ROOM);

        assertThat(table.find(EDGE, 0, 1, 9, 0, 11_000).isKnown()).isTrue();
        assertThat(table.find(EDGE, 0, 1, 9, 101, 11_000).isKnown()).isTrue();
        assertThat(met(EDGE, 0, 1, 9, 2, 11_500)).as("not looked again so soon").isSameAs(ExporterTable.NO_ROOM);
        assertThat(met(EDGE, 0, 1, 9, 2, 900_000)).isNotSameAs(ExporterTable.NO_ROOM);
    }

    @Test
    void listsNewcomersUpToANumberAnHourAndAllThatHaveProvenThemselves() {
        table.limits(new ExporterLimits(10_000, 10_000, 10_000, IDLE));
        for (int sender = 0; sender < 5000; sender++) {
            met(EDGE, 1, sender, 5, 0, 1);
        }
        assertThat(table.statuses()).hasSize(2000);

        table.find(EDGE, 1, 4000, 5, 0, 1).establish();
        met(EDGE, 2, 1, 5, 0, 3_600_000);

        assertThat(table.statuses())
                .hasSize(2002)
                .extracting(status -> status.exporter().addressLow())
                .contains(4000L, 1L);
        assertThat(table.size()).isEqualTo(5001);
    }

    @Test
    void takesNewcomersOfTheEndpointThatHasMostOfThem() {
        Endpoint core = endpoint("core", "", SamplingMode.APPLY);
        TrackedExporter quiet = met(core, 0, 1, 5, 0, 0);
        for (int sender = 0; sender < 5000; sender++) {
            met(EDGE, 0, sender, 5, 0, 0);
        }

        assertThat(quiet.isKnown()).isTrue();
    }

    @Property(tries = 300)
    void findsWhoItKnowsWhateverCameAndWent(@ForAll Random random) {
        ExporterTable small = new ExporterTable(40, IDLE, new TemplateSpace(TemplateLimits.USUAL));
        Map<Long, TrackedExporter> known = new HashMap<>();
        for (int step = 0; step < 400; step++) {
            long address = random.nextInt(120);
            TrackedExporter found = small.find(EDGE, 0, address, 9, 0, step);
            TrackedExporter before = known.get(address);
            assertThat(found.isKnown()).isEqualTo(before != null && before.isKnown());
            if (found.isKnown()) {
                assertThat(found).isSameAs(before);
            } else if (found != ExporterTable.NO_ROOM && random.nextInt(4) > 0) {
                small.admit(found);
                known.put(address, found);
                if (random.nextInt(30) == 0) {
                    found.establish();
                }
            } else if (found != ExporterTable.NO_ROOM) {
                small.discard(found);
            }
        }

        known.values().removeIf(exporter -> !exporter.isKnown());
        assertThat(small.size()).isEqualTo(known.size()).isLessThanOrEqualTo(40);
        assertThat(small.statuses()).hasSameSizeAs(known.values());
    }

    /** Exporters that have proven themselves. */
    private void fill(int count, long nowMillis) {
        for (int index = 0; index < count; index++) {
            TrackedExporter exporter = met(EDGE, 0, index, 5, 0, nowMillis);
            assertThat(exporter).isNotSameAs(ExporterTable.NO_ROOM);
            exporter.establish();
        }
    }

    private TrackedExporter met(Endpoint endpoint, long high, long low, int version, long domain, long nowMillis) {
        TrackedExporter exporter = table.find(endpoint, high, low, version, domain, nowMillis);
        if (exporter != ExporterTable.NO_ROOM && !exporter.isKnown()) {
            exporter.take(nowMillis);
            table.admit(exporter);
        }
        return exporter;
    }

    private static void settle(TrackedExporter exporter) {
        FlowBatch flows = new FlowBatch(1);
        flows.beginSpan(EDGE, exporter.exporter(), 0, 0, 0);
        flows.claim(FlowField.OCTETS);
        exporter.settle(flows, 0);
    }

    private static Endpoint byPort() {
        return new Endpoint(
                "nat",
                "0.0.0.0",
                2055,
                Set.of(5),
                List.of(),
                false,
                List.of(),
                "",
                1 << 20,
                SamplingMode.APPLY,
                1,
                ClockPolicy.DISCARD,
                Counting.ALL,
                Transport.UDP,
                ExporterKey.ADDRESS_AND_PORT,
                0);
    }

    private static Endpoint endpoint(String name, String realm, SamplingMode mode) {
        return new Endpoint(name, "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), realm, 1 << 20, mode, 1);
    }
}
