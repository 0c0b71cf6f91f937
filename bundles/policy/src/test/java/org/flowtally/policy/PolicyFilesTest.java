// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.flowtally.api.config.ConfigurationRejected;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.InterfaceRange;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.policy.ClassStatus;
import org.flowtally.api.policy.CountingStatus;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFilesTest {
    private static final String FILE = "felix.fileinstall.filename";

    @Test
    void offersTheStageOnceEveryFileThatIsThereWasRead() {
        AtomicInteger offered = new AtomicInteger();
        PolicyFiles files = new PolicyFiles(Set.of("one", "two", "three"), offered::incrementAndGet);

        files.put("one", readClass(Map.of("name", "cdn", "subnets", "198.51.100.0/24")));
        files.refuse("two", new ConfigurationRejected("two.cfg", "hours", "x", "hours"));
        assertThat(offered).hasValue(0);
        files.remove("three"); // Gone.
        files.put("four", readClass(Map.of("name", "voice", "subnets", "198.51.100.0/25")));

        assertThat(offered).hasValue(1);
    }

    @Test
    void compilesWhitelistsBeforeTheirEndpointsAreInForceAndAnewWithTheClasses() {
        PolicyFiles files = new PolicyFiles(Set.of("cdn"), () -> {});
        Endpoint early = Endpoints.counting("early", true, "10.0.0.0/8");
        Endpoint late = Endpoints.counting("late", true, "11.0.0.0/8");
        files.prepare(early);
        assertThat(files.addressTables().endpoints()).isEmpty(); // Until it is known which classes there are.

        files.put("cdn", readClass(Map.of("name", "cdn", "subnets", "198.51.100.0/24")));
        assertThat(files.addressTables().endpoints()).containsExactly(early);
        files.prepare(late);
        Endpoint open = Endpoints.counting("open", false);
        files.prepare(open);
        files.put("voice", readClass(Map.of("name", "voice", "subnets", "203.0.113.0/24")));
        assertThat(files.addressTables().endpoints()).containsExactlyInAnyOrder(early, late, open);
        AddressTable compiled = files.addressTables().of(late);
        assertThat(AddressTable.profile(compiled.find(0, 0xFFFF_CB00_7101L))).isPositive();
        assertThat(AddressTable.isListed(compiled.find(0, 0xFFFF_0B00_0001L))).isTrue();

        files.forget("early");
        files.forget("open");
        assertThat(files.addressTables().endpoints()).containsExactly(late);
    }

    @Test
    void keepsAWhitelistForDatagramsOnTheirWayWhenItIsSwitchedOff() {
        PolicyFiles files = Policies.files();
        Endpoint before = Endpoints.counting("edge", true, "10.0.0.0/8");
        files.prepare(before);
        AddressTable compiled = files.addressTables().of(before);
        Endpoint after = Endpoints.counting("edge", false);

        files.prepare(after);

        assertThat(files.addressTables().of(after)).isNotSameAs(compiled);
        assertThat(files.addressTables().of(before)).isSameAs(compiled);
        assertThat(files.addressTables().endpoints()).containsExactly(after);
    }

    @Test
    void takesAClassOnceItsNameIsFree() {
        PolicyFiles files = Policies.files();
        ClassComponent first = component(files, "a", "cdn", "198.51.100.0/24");
        ClassComponent second = component(files, "b", "cdn", "203.0.113.0/24 203.0.114.0/24");
        ClassComponent third = component(files, "c", "cdn", "192.0.2.0/24 192.0.3.0/24 192.0.4.0/24");
        assertThat(files.classes()).extracting(ClassStatus::prefixes).containsExactly(1);
        assertThat(files.refused())
                .hasSize(2)
                .allSatisfy(refused -> assertThat(refused).contains("key=name, value=cdn"));

        first.deleted();
        assertThat(files.classes()).extracting(ClassStatus::prefixes).containsExactly(2);
        assertThat(Policies.profile(files.addressTables().classes(), 0, 0xFFFF_CB00_7101L))
                .isPositive();
        assertThat(files.refused()).hasSize(1);

        rename(second, "b", "mirror");
        assertThat(files.classes()).extracting(ClassStatus::name).containsExactly("cdn", "mirror");
        assertThat(files.refused()).isEmpty();
        third.deleted();
        assertThat(files.classes()).extracting(ClassStatus::name).containsExactly("mirror");
    }

    @Test
    void letsFilesSwapTheNamesOfTheirClasses() {
        PolicyFiles files = Policies.files();
        ClassComponent first = component(files, "a", "cdn", "198.51.100.0/24");
        ClassComponent second = component(files, "b", "voice", "203.0.113.0/24 203.0.114.0/24");
        component(files, "0", "voice", "192.0.2.0/24"); // A new file takes no name from one that has a class.

        rename(first, "a", "voice", "198.51.100.0/24");
        assertThat(files.refused()).hasSize(2);
        assertThat(files.classes()).extracting(ClassStatus::prefixes).containsExactly(1, 2);
        rename(second, "b", "cdn", "203.0.113.0/24 203.0.114.0/24");

        assertThat(files.classes()).extracting(ClassStatus::name).containsExactly("cdn", "voice");
        assertThat(files.classes()).extracting(ClassStatus::prefixes).containsExactly(2, 1);
        ClassTable compiled = files.addressTables().classes();
        assertThat(compiled.nameAt(Policies.profile(compiled, 0, 0xFFFF_C633_6401L), 0))
                .isEqualTo("voice");
        assertThat(compiled.nameAt(Policies.profile(compiled, 0, 0xFFFF_CB00_7101L), 0))
                .isEqualTo("cdn");
        assertThat(files.refused()).singleElement().asString().contains("value=voice");
    }

    @Test
    void letsNamesGoAroundOnceTheLastFileOfTheRoundIsRead() {
        PolicyFiles files = Policies.files();
        ClassComponent first = component(files, "a", "one", "198.51.100.0/24");
        ClassComponent second = component(files, "b", "two", "198.51.101.0/24 198.51.102.0/24");
        ClassComponent third = component(files, "c", "zero", "192.0.2.0/24 192.0.3.0/24 192.0.4.0/24");
        rename(first, "a", "two", "198.51.100.0/24");
        rename(second, "b", "zero", "198.51.101.0/24 198.51.102.0/24");
        assertThat(files.classes()).extracting(ClassStatus::name).containsExactly("one", "two", "zero");
        assertThat(files.refused()).hasSize(2);

        rename(third, "c", "one", "192.0.2.0/24 192.0.3.0/24 192.0.4.0/24");

        assertThat(files.classes()).extracting(ClassStatus::prefixes).containsExactly(3, 1, 2);
        assertThat(files.refused()).isEmpty();
    }

    @Test
    void takesNoClassThatItsFileNoLongerHas() {
        PolicyFiles files = Policies.files();
        ClassComponent first = component(files, "a", "cdn", "198.51.100.0/24");
        component(files, "b", "cdn", "203.0.113.0/24").deleted();
        ClassComponent broken = component(files, "c", "cdn", "192.0.2.0/24");
        ClassComponent elsewhere = component(files, "d", "cdn", "192.0.3.0/24");

        rename(broken, "c", "no name");
        rename(elsewhere, "d", "voice");
        first.deleted();

        assertThat(files.classes()).extracting(ClassStatus::name).containsExactly("voice");
        assertThat(files.refused()).singleElement().asString().contains("value=no name");
    }

    private static ClassComponent component(PolicyFiles files, String pid, String name, String subnets) {
        Map<String, Object> given = Map.of("service.pid", pid, "name", name, "subnets", subnets);
        return new ClassComponent(files, config(ClassConfig.class, given), given);
    }

    private static void rename(ClassComponent component, String pid, String name) {
        rename(component, pid, name, "");
    }

    private static void rename(ClassComponent component, String pid, String name, String subnets) {
        Map<String, Object> given = Map.of("service.pid", pid, "name", name, "subnets", subnets);
        component.modified(config(ClassConfig.class, given), given);
    }

    @Test
    void readsEveryKeyOfAClass() {
        TrafficClass read = readClass(Map.of(
                FILE,
                "file:/opt/etc/org.flowtally.class-night.cfg",
                "subnets",
                "198.51.100.0/24 2001:db8::/32",
                "realms",
                "brno, praha",
                "hours",
                "22:00-06:00, 12:30-13:00",
                "days",
                "Sat, sunday",
                "time.zone",
                "Europe/Prague"));

        assertThat(read.name()).isEqualTo("night");
        assertThat(read.prefixes()).containsExactly(Prefix.parse("198.51.100.0/24"), Prefix.parse("2001:db8::/32"));
        assertThat(read.realms()).containsExactlyInAnyOrder("brno", "praha");
        ClassHours hours = read.hours().orElseThrow();
        assertThat(hours.zone().getId()).isEqualTo("Europe/Prague");
        assertThat(hours.isInForce(Instant.parse("2026-11-21T11:45:00Z").toEpochMilli()))
                .isTrue();
        assertThat(hours.isInForce(Instant.parse("2026-11-20T11:45:00Z").toEpochMilli()))
                .isFalse();
        assertThat(hours.isInForce(Instant.parse("2026-11-23T04:00:00Z").toEpochMilli()))
                .isTrue();
    }

    @Test
    void readsHoursToTheMinuteAndToTheEndOfTheDay() {
        TrafficClass read = readClass(Map.of("name", "x", "hours", "00:30-06:59, 18:30-24:00 22:00-00:00"));

        assertThat(read.hours().orElseThrow()).hasToString("00:30-06:59, 18:30-24:00, 22:00-24:00 UTC");
    }

    @Test
    void meansEveryAddressByHoursAloneAndNothingByNeither() {
        assertThat(readClass(Map.of("hours", "00:00-06:00")).prefixes())
                .containsExactly(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));
        assertThat(readClass(Map.of("days", "sun")).hours()).isNotEqualTo(Optional.empty());
        TrafficClass nothing = readClass(Map.of());
        assertThat(nothing.prefixes()).isEmpty();
        assertThat(nothing.hours()).isEmpty();
        assertThat(readClass(Map.of("realms", "")).realms()).containsExactly("");
    }

    @Test
    void tellsWhatIsInForceAndWhatWasRefused() {
        PolicyFiles files = Policies.files();
        files.put("b", readClass(Map.of("name", "night", "hours", "22:00-06:00", "days", "sat sun", "realms", "brno")));
        files.put("a", readClass(Map.of("name", "cdn", "subnets", "198.51.100.0/24")));
        files.put("r", new CountedExporters.Rule("r.cfg", List.of(Prefix.parse("192.0.2.1/32")), "", Counting.ALL));
        files.refuse("b", new ConfigurationRejected("b.cfg", "hours", "x", "spans"));

        assertThat(files.classes()).extracting(ClassStatus::name).containsExactly("cdn", "night");
        assertThat(files.classes().get(0)).isEqualTo(new ClassStatus("cdn", 1, List.of(), "", true));
        files.put("e", readClass(Map.of("name", "example")));
        assertThat(files.classes().get(1)).isEqualTo(new ClassStatus("example", 0, List.of(), "", false));
        files.remove("e");
        assertThat(files.classes().get(1).hours()).isEqualTo("22:00-06:00 Sat Sun UTC");
        assertThat(files.classes().get(1).realms()).containsExactly("brno");
        assertThat(files.exporters())
                .containsExactly(new CountingStatus("r.cfg", List.of(Prefix.parse("192.0.2.1/32")), "", Counting.ALL));
        assertThat(files.refused())
                .containsExactly("configuration refused: component=b.cfg, key=hours, value=x, allowed=spans,"
                        + " what the file said before stays");

        files.refuse("n", new ConfigurationRejected("n.cfg", "hours", "x", "spans"));
        assertThat(files.refused().get(1)).endsWith("allowed=spans, nothing of the file is in force");
        files.remove("n");

        files.put("b", readClass(Map.of("name", "night", "hours", "22:00-06:00")));
        assertThat(files.refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    name      | free night               | 1..32 letters
                    name      | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | 1..32 letters
                    subnets   | 10.0.0.1/8               | host bits
                    realms    | a/b                      | *, or names of realms
                    hours     | 24:00-06:00              | spans such as
                    hours     | 06:00-06:00              | spans such as
                    hours     | 06:60-07:00              | spans such as
                    hours     | 18:00-24:01              | spans such as
                    hours     | 6-7                      | spans such as
                    days      | holiday                  | any of mon, tue
                    time.zone | Prague                   | a time zone such as
                    """)
    void refusesByFileKeyAndWhatIsAllowed(String key, String value, String allowed) {
        Map<String, Object> given = Map.of(FILE, "/opt/etc/org.flowtally.class-x.cfg", key, value);

        assertThatThrownBy(() -> readClass(given))
                .hasMessageContaining("component=org.flowtally.class-x.cfg, key=" + key)
                .hasMessageContaining(allowed);
    }

    @Test
    void followsTheListOfAClassAndKeepsTheLastGoodOne(@TempDir Path folder) throws IOException {
        PolicyFiles files = Policies.files();
        Path list = Files.writeString(folder.resolve("cdn.list"), "198.51.100.0/24\n");
        Map<String, Object> given = Map.of(
                FILE,
                folder.resolve("org.flowtally.class-cdn.cfg").toString(),
                "service.pid",
                "cdn",
                "subnets",
                "203.0.113.0/24",
                "subnets.file",
                "cdn.list");
        Files.createFile(folder.resolve("org.flowtally.class-cdn.cfg"));
        Path goneList = Files.writeString(folder.resolve("gone.list"), "10.0.0.0/8\n");
        Map<String, Object> ofGone = new HashMap<>(given);
        ofGone.putAll(Map.of("service.pid", "gone", "name", "gone", "subnets.file", "gone.list"));
        ClassComponent gone = new ClassComponent(files, config(ClassConfig.class, ofGone), ofGone);
        gone.modified(config(ClassConfig.class, ofGone), ofGone);
        gone.deleted();
        ClassComponent component = new ClassComponent(files, config(ClassConfig.class, given), given);
        assertThat(files.addressTables().classes().prefixes("").size()).isEqualTo(2);

        Files.writeString(goneList, "10.0.0.0/9\n");
        Files.writeString(list, "198.51.100.0/24\n192.0.2.0/25\n192.0.2.128/25\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> files.addressTables().classes().prefixes("").size() == 4);
        assertThat(files.classes())
                .extracting(ClassStatus::name)
                .as("the list of a class that is gone is looked at no more")
                .containsExactly("cdn");
        ClassTable good = files.addressTables().classes();
        Files.writeString(list, "198.51.100.0/24\n192.0.2.0");
        Files.delete(list);
        Files.writeString(list, "198.51.100.0/24\nnonsense\n");
        Files.writeString(list, "198.51.100.0/25\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> files.addressTables().classes() != good);

        assertThat(Policies.profile(files.addressTables().classes(), 0, 0xFFFF_C633_6401L))
                .isPositive();
        assertThat(files.addressTables().classes().prefixes("").size()).isEqualTo(2);
        component.deleted();
        assertThat(files.addressTables().classes().names()).isEmpty();
        files.close();
    }

    @Test
    void readsWhatCountsOfAnExporter() {
        CountedExporters.Rule rule = ExporterSettings.read(
                config(
                        ExporterConfig.class,
                        Map.of(
                                "addresses", "192.0.2.1 192.0.2.128/25",
                                "endpoint", "edge",
                                "counting.rule", "interfaces",
                                "counting.interfaces", "3 7-9",
                                "metering.version", "9",
                                "match.address", "either")),
                Map.of(FILE, "/opt/etc/org.flowtally.exporter-core.cfg"));

        assertThat(rule)
                .isEqualTo(new CountedExporters.Rule(
                        "org.flowtally.exporter-core.cfg",
                        List.of(Prefix.parse("192.0.2.1/32"), Prefix.parse("192.0.2.128/25")),
                        "edge",
                        new Counting(
                                CountingRule.INTERFACES,
                                List.of(new InterfaceRange(3, 3), new InterfaceRange(7, 9)),
                                9,
                                Counting.ANY,
                                MatchAddress.EITHER)));
    }

    @Test
    void takesWhatAFileSaysOfExportersAndLosesItWithTheFile() {
        PolicyFiles files = Policies.files();
        Map<String, Object> given = Map.of("service.pid", "r", "addresses", "192.0.2.1", "counting.rule", "egress");
        ExporterComponent component = new ExporterComponent(files, config(ExporterConfig.class, given), given);
        assertThat(files.exporters())
                .extracting(status -> status.counting().rule())
                .containsExactly(CountingRule.EGRESS);

        Map<String, Object> broken = Map.of("service.pid", "r", "addresses", "192.0.2.300");
        component.modified(config(ExporterConfig.class, broken), broken);
        assertThat(files.exporters()).hasSize(1);
        assertThat(files.refused())
                .singleElement()
                .asString()
                .contains("key=addresses")
                .endsWith("before stays");

        component.deleted();
        assertThat(files.exporters()).isEmpty();
        assertThat(files.refused()).isEmpty();
    }

    @Test
    void hasTheDefaultsThatTheShippedExamplesShow() throws IOException {
        assertThat(shipped(ClassSettings.PID)).containsExactlyInAnyOrderEntriesOf(defaults(ClassConfig.class));
        assertThat(shipped(ExporterSettings.PID)).containsExactlyInAnyOrderEntriesOf(defaults(ExporterConfig.class));
    }

    private static Map<Object, Object> shipped(String pid) throws IOException {
        Properties shipped = new Properties();
        Path file = Path.of(System.getProperty("root.folder"), "features/src/main/resources/etc", pid + "-example.cfg");
        try (Reader reader = Files.newBufferedReader(file)) {
            shipped.load(reader);
        }
        return shipped;
    }

    private static Map<Object, Object> defaults(Class<?> type) {
        Map<Object, Object> defaults = new TreeMap<>();
        for (var attribute : type.getDeclaredMethods()) {
            Object value = attribute.getDefaultValue();
            String text = value instanceof String[] list ? String.join(", ", list) : String.valueOf(value);
            defaults.put(attribute.getName().replace('_', '.'), text);
        }
        return defaults;
    }

    private static TrafficClass readClass(Map<String, Object> given) {
        ClassConfig config = config(ClassConfig.class, given);
        return ClassSettings.read(config, given, ClassSettings.list(config, given));
    }

    /** Returns a configuration as the container makes it of a file. */
    private static <T extends Annotation> T config(Class<T> type, Map<String, Object> given) {
        Map<String, Object> values = new HashMap<>(given);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object value = values.get(method.getName().replace('_', '.'));
                    if (value == null) {
                        return method.getDefaultValue();
                    }
                    return method.getReturnType() == String[].class ? new String[] {(String) value} : value;
                }));
    }
}
