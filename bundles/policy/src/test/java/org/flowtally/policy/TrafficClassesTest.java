// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.TrafficClasses;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.report.EventLog;
import org.junit.jupiter.api.Test;

class TrafficClassesTest {
    private static final long NOON = 1_790_000_000_000L / 86_400_000L * 86_400_000L + 43_200_000L;
    private static final long NIGHT = NOON - 36_000_000L;
    private static final ClassHours NIGHT_HOURS =
            new ClassHours(List.of(new ClassHours.Span(0, 21_600)), EnumSet.allOf(DayOfWeek.class), ZoneId.of("UTC"));

    private final PolicyFiles files = Policies.files();
    private final PolicyStage stage = Policies.stage(files, new EventLog(10, 10));
    private final FlowBatch batch = new FlowBatch(64);

    @Test
    void putsBothSidesIntoTheClassOfTheLongestPrefix() {
        files.put("a", always("cdn", "198.51.100.0/24", "2001:db8::/32"));
        files.put("b", always("voice", "198.51.100.128/25"));
        begin("", Counting.ALL);
        add("10.0.0.1", "198.51.100.1");
        add("198.51.100.200", "10.0.0.1");
        add("10.0.0.1", "203.0.113.1");
        add("2001:db8::1", "198.51.100.128");

        stage.apply(batch);

        assertThat(classes(0)).isEqualTo("/cdn");
        assertThat(classes(1)).isEqualTo("voice/");
        assertThat(classes(2)).isEqualTo("/");
        assertThat(classes(3)).isEqualTo("cdn/voice");
    }

    @Test
    void putsEveryRowOfALongBatchIntoItsClass() {
        files.put("a", new TrafficClass("own", Set.of("brno"), prefixes("10.0.0.0/24"), Optional.empty()));
        files.put("b", always("cdn", "198.51.100.0/24", "2001:db8::/32"));
        FlowBatch longer = new FlowBatch(1_000);
        String[] near = {"10.0.0.1", "10.0.1.1", "2001:db8::1"};
        String[] far = {"198.51.100.7", "203.0.113.1"};
        String[] nearClasses = {"own", "", "cdn"};
        String[] farClasses = {"cdn", ""};
        for (int row = 0; row < 1_000; row++) {
            if (row % 7 == 0) {
                String realm = row / 7 % 5 == 0 ? "" : "brno";
                Endpoint endpoint = Endpoints.metering("edge-" + realm, realm, Counting.ALL);
                longer.beginSpan(
                        endpoint, new Exporter(endpoint.name(), realm, 0, low("192.0.2.1"), 9, 0), NOON, NOON, 0);
            }
            Address from = Address.parse(near[row % 3]);
            Address to = Address.parse(far[row % 2]);
            longer.addresses(longer.claim(FlowField.ADDRESSES), from.high(), from.low(), to.high(), to.low());
        }

        stage.apply(longer);

        TrafficClasses in = longer.trafficClasses();
        for (int row = 0; row < 1_000; row++) {
            boolean isHere = row / 7 % 5 != 0 || row % 3 == 2;
            assertThat(in.nameAt(longer.sourceClass(row), NOON)).isEqualTo(isHere ? nearClasses[row % 3] : "");
            assertThat(in.nameAt(longer.destinationClass(row), NOON)).isEqualTo(farClasses[row % 2]);
        }
    }

    @Test
    void leavesTheFarEndOrdinaryThatARowLacks() {
        files.put("a", always("cdn", "198.51.100.0/24"));
        begin("", Counting.ALL);
        add("198.51.100.1", "198.51.100.2");
        batch.clear();
        begin("", Counting.ALL);
        int row = batch.claim(
                FlowField.SOURCE_ADDRESS); // The destination of an earlier batch still stands in its column.
        batch.sourceAddress(row, 0, Address.parse("10.0.0.1").low());

        stage.apply(batch);

        assertThat(classes(0)).isEqualTo("/");
    }

    @Test
    void takesAChangedAndARemovedClassUpWithTheNextBatch() {
        files.put("a", always("cdn", "198.51.100.0/24"));
        files.put("a", always("cache", "198.51.100.0/25"));
        begin("", Counting.ALL);
        add("198.51.100.1", "198.51.100.200");
        stage.apply(batch);
        assertThat(classes(0)).isEqualTo("cache/");

        files.remove("a");
        batch.clear();
        begin("", Counting.ALL);
        add("198.51.100.1", "198.51.100.200");
        stage.apply(batch);
        assertThat(classes(0)).isEqualTo("/");
    }

    @Test
    void asksAClassWithHoursBeforeOneWithoutAndThenThePrefixAround() {
        files.put("a", always("cdn", "198.51.0.0/16"));
        files.put("b", nightly("cdn-night", "198.51.100.0/24"));
        files.put("c", nightly("night", "0.0.0.0/0", "::/0"));
        files.put("d", always("cache", "198.51.200.0/24"));
        files.put("e", nightly("cache-night", "198.51.200.0/24"));
        begin("", Counting.ALL);
        add("198.51.100.1", "198.51.200.1");
        add("203.0.113.1", "198.51.7.1");

        stage.apply(batch);

        assertThat(classes(0, NOON)).isEqualTo("cdn/cache");
        assertThat(classes(0, NIGHT)).isEqualTo("cdn-night/cache-night");
        assertThat(classes(1, NOON)).isEqualTo("/cdn");
        assertThat(classes(1, NIGHT)).isEqualTo("night/cdn");
        TrafficClasses in = batch.trafficClasses();
        assertThat(in.borderAfter(batch.sourceClass(0), NOON)).isEqualTo(NOON + 43_200_000);
        assertThat(in.borderBefore(batch.sourceClass(0), NOON)).isEqualTo(NOON - 21_600_000);
        assertThat(in.borderAfter(batch.destinationClass(1), NOON)).isEqualTo(Long.MAX_VALUE);
        assertThat(in.names()).containsExactlyInAnyOrder("cdn", "cdn-night", "night", "cache", "cache-night");
    }

    @Test
    void keepsClassesOfOneRealmOutOfTheOthers() {
        files.put("a", new TrafficClass("own", Set.of("brno"), prefixes("10.0.0.0/24"), Optional.empty()));
        files.put("b", always("cdn", "198.51.100.0/24"));
        begin("brno", Counting.ALL);
        add("10.0.0.1", "198.51.100.1");
        begin("", Counting.ALL);
        add("10.0.0.1", "198.51.100.1");

        stage.apply(batch);

        assertThat(classes(0)).isEqualTo("own/cdn");
        assertThat(classes(1)).isEqualTo("/cdn");
    }

    @Test
    void givesEachOfTwoRealmsItsOwnClassOfAPrefix() {
        files.put("a", new TrafficClass("of-brno", Set.of("brno"), prefixes("10.0.0.0/24"), Optional.empty()));
        files.put("b", new TrafficClass("of-praha", Set.of("praha"), prefixes("10.0.0.0/24"), Optional.empty()));
        begin("brno", Counting.ALL);
        add("10.0.0.1", "198.51.100.1");
        begin("praha", Counting.ALL);
        add("10.0.0.1", "198.51.100.1");

        stage.apply(batch);

        assertThat(classes(0)).isEqualTo("of-brno/");
        assertThat(classes(1)).isEqualTo("of-praha/");
        assertThat(files.addressTables().classes().conflicts()).isEmpty();
    }

    @Test
    void looksAtTheAddressesBehindATranslationWhereTheseBelongToSubscribers() {
        files.put("a", always("cdn", "198.51.100.0/24"));
        begin("", new Counting(CountingRule.ALL, List.of(), 0, 0, MatchAddress.POST_NAT));
        int row = batch.claim(FlowField.ADDRESSES | FlowField.NAT_ADDRESSES);
        batch.addresses(row, 0, low("10.0.0.1"), 0, low("203.0.113.1"));
        batch.natSource(row, 0, 0);
        batch.natDestination(row, 0, low("198.51.100.1"));

        stage.apply(batch);

        assertThat(classes(0)).isEqualTo("/cdn");
        assertThat(batch.matchAddress(0)).isEqualTo(MatchAddress.POST_NAT);
    }

    @Test
    void leavesRowsOrdinaryThatDoNotCountAndClearsWhatABatchBeforeLeft() {
        files.put("a", always("cdn", "198.51.100.0/24"));
        begin("", Counting.ALL);
        add("198.51.100.1", "198.51.100.2");
        stage.apply(batch);
        batch.clear();
        begin("", Counting.ALL);
        add("198.51.100.1", "198.51.100.2");
        batch.judge(0, Verdict.TOO_OLD);

        stage.apply(batch);

        assertThat(classes(0)).isEqualTo("/");
    }

    @Test
    void givesAPrefixOfTwoClassesToTheFirstByName() {
        ClassTable table = ClassTable.of(
                List.of(always("b", "198.51.100.0/24"), always("a", "198.51.100.0/24", "198.51.100.0/24")));

        assertThat(table.nameAt(Policies.profile(table, 0, low("198.51.100.1")), NOON))
                .isEqualTo("a");
        assertThat(table.conflicts()).containsExactly("prefix=198.51.100.0/24, classes=a, b");
    }

    @Test
    void refusesMoreClassesThanKeysHaveRoomForAndKeepsThoseInForce() {
        for (int number = 0; number < TrafficClasses.MOST_CLASSES; number++) {
            files.put("c" + number, always("c" + number, "198.51.100." + number + "/32"));
        }
        ClassTable inForce = files.addressTables().classes();

        files.put("one more", always("one-more", "203.0.113.0/24"));

        assertThat(files.addressTables().classes()).isSameAs(inForce);
        assertThatThrownBy(() -> ClassTable.of(IntStream.range(0, 201)
                        .mapToObj(number -> always("c" + number))
                        .toList()))
                .hasMessageContaining("too many traffic classes: allowed=200");
    }

    @Property(tries = 100)
    void answersAsASearchThroughAllListsWould(@ForAll long seed) {
        Random random = new Random(seed);
        List<TrafficClass> classes = new ArrayList<>();
        for (int number = random.nextInt(6); number >= 0; number--) {
            List<Prefix> list = new ArrayList<>();
            for (int entry = random.nextInt(12); entry >= 0; entry--) {
                list.add(Prefix.covering(0, 0xFFFF_0A00_0000L | random.nextInt(64), 96 + 24 + random.nextInt(9)));
            }
            Optional<ClassHours> hours = random.nextBoolean() ? Optional.of(NIGHT_HOURS) : Optional.empty();
            classes.add(new TrafficClass("c" + number, Set.of(), list, hours));
        }
        ClassTable table = ClassTable.of(classes);

        for (int address = 0; address < 64; address++) {
            long low = 0xFFFF_0A00_0000L | address;
            for (long at : List.of(NOON, NIGHT)) {
                int profile = Policies.profile(table, 0, low);
                assertThat(table.nameAt(profile, at)).isEqualTo(searched(classes, low, at));
            }
        }
    }

    private static String searched(List<TrafficClass> classes, long low, long at) {
        String found = "";
        int longest = -1;
        boolean hasHours = false;
        for (TrafficClass asked : classes) {
            for (Prefix prefix : asked.prefixes()) {
                boolean isFirst = prefix.length() > longest
                        || (prefix.length() == longest
                                && (asked.hours().isPresent() == hasHours
                                        ? asked.name().compareTo(found) < 0
                                        : asked.hours().isPresent()));
                if (prefix.contains(0, low) && asked.isInForce(at) && isFirst) {
                    found = asked.name();
                    longest = prefix.length();
                    hasHours = asked.hours().isPresent();
                }
            }
        }
        return found;
    }

    private String classes(int row) {
        return classes(row, NOON);
    }

    private String classes(int row, long at) {
        TrafficClasses classes = batch.trafficClasses();
        assertThat(batch.farClass(row, 0)).isEqualTo(batch.sourceClass(row));
        assertThat(batch.farClass(row, 1)).isEqualTo(batch.destinationClass(row));
        return classes.nameAt(batch.sourceClass(row), at) + "/" + classes.nameAt(batch.destinationClass(row), at);
    }

    private void begin(String realm, Counting counting) {
        Endpoint endpoint = Endpoints.metering("edge-" + realm, realm, counting);
        batch.beginSpan(endpoint, new Exporter(endpoint.name(), realm, 0, low("192.0.2.1"), 9, 0), NOON, NOON, 0);
    }

    private void add(String from, String to) {
        Address source = Address.parse(from);
        Address destination = Address.parse(to);
        int row = batch.claim(FlowField.ADDRESSES);
        batch.addresses(row, source.high(), source.low(), destination.high(), destination.low());
    }

    private static TrafficClass always(String name, String... prefixes) {
        return new TrafficClass(name, Set.of(), prefixes(prefixes), Optional.empty());
    }

    private static TrafficClass nightly(String name, String... prefixes) {
        return new TrafficClass(name, Set.of(), prefixes(prefixes), Optional.of(NIGHT_HOURS));
    }

    private static List<Prefix> prefixes(String... texts) {
        return Stream.of(texts).map(Prefix::parse).toList();
    }

    private static long low(String address) {
        return Address.parse(address).low();
    }
}
