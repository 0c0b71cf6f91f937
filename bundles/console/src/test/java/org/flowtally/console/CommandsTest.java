// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.flowtally.api.clock.ClockState;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterDirectory;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.decode.TemplateStatus;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.InterfaceRange;
import org.flowtally.api.endpoint.MatchAddress;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.api.policy.ClassStatus;
import org.flowtally.api.policy.CountingStatus;
import org.flowtally.api.policy.Refusal;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.api.subscriber.AssignmentStatus;
import org.flowtally.api.usage.UsageTables;
import org.flowtally.api.usage.UsageTotal;
import org.flowtally.lib.lookup.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

class CommandsTest {
    private static final List<Class<?>> COMMANDS = List.of(
            StatusCommand.class,
            EndpointsCommand.class,
            ExportersCommand.class,
            DecodersCommand.class,
            TemplatesCommand.class,
            DecoderDisableCommand.class,
            DecoderEnableCommand.class,
            UsageCommand.class,
            VerdictsCommand.class,
            RefusedCommand.class,
            ClocksCommand.class,
            PolicyCommand.class,
            SubscribersReloadCommand.class);

    private static final Set<Class<?>> CHANGING =
            Set.of(DecoderDisableCommand.class, DecoderEnableCommand.class, SubscribersReloadCommand.class);

    private final Suite suite = new Suite();

    @RegisterExtension
    final Shell shell = suite.shell();

    @AfterEach
    void givesEveryServiceBack() {
        assertThat(shell.servicesInUse()).isZero();
    }

    @Test
    void everyCommandExplainsItselfAndItsOptions() throws ReflectiveOperationException {
        for (Class<?> command : COMMANDS) {
            assertThat(command).hasAnnotation(Service.class);
            assertThat(command.getConstructor()).isNotNull();
            assertThat(command.getAnnotation(Command.class).scope()).isEqualTo("flowtally");
            assertThat(command.getAnnotation(Command.class).description()).endsWith(".");
            List<Field> fields = fields(command);
            for (Field field : fields) {
                Option option = field.getAnnotation(Option.class);
                assertThat(option == null || option.description().matches("(?s).+[.0-9]"))
                        .as(command.getSimpleName() + " " + field.getName())
                        .isTrue();
            }
            assertThat(fields).extracting(Field::getName).contains("json");
        }
    }

    /** What commands share stands in a class above them. */
    private static List<Field> fields(Class<?> command) {
        return Stream.<Class<?>>iterate(command, Objects::nonNull, Class::getSuperclass)
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .toList();
    }

    /** Whether Karaf acts on the file shows a test in a container. */
    @Test
    void theShippedRolesNameEachCommandThatReadsAndLeaveAllOthersToManagers() throws IOException {
        Properties roles = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(
                System.getProperty("root.folder"),
                "features/src/main/resources/etc/org.apache.karaf.command.acl.flowtally.cfg"))) {
            roles.load(file);
        }

        assertThat(roles.remove("*")).isEqualTo("manager, admin");
        assertThat(roles.keySet())
                .isEqualTo(COMMANDS.stream()
                        .filter(command -> !CHANGING.contains(command))
                        .map(command -> command.getAnnotation(Command.class).name())
                        .collect(Collectors.toSet()));
        assertThat(roles.values()).containsOnly("viewer, manager, admin");
    }

    @Test
    void showsEndpointsWithWhatTheyAllowAndWhatIsWrong() {
        suite.endpoints = List.of(
                Suite.endpoint("default", EndpointStatus.State.OPEN, "receive buffer granted is smaller than asked"),
                Suite.endpoint("edge", EndpointStatus.State.FAILED, "address already in use: port=2055"));
        suite.refusedFiles = List.of(new RefusedConfiguration("etc/org.flowtally.endpoint-x.cfg", "port=70000", false));

        new EndpointsCommand(shell.context(), false).execute();

        assertThat(shell.lines().get(0)).startsWith("Endpoint | Socket");
        assertThat(shell.text())
                .contains("default: allowed.subnets = 127.0.0.0/8, 10.0.0.0/8")
                .contains("default: receive buffer granted")
                .contains("edge: address already in use")
                .contains("refused: etc/org.flowtally.endpoint-x.cfg: port=70000");
        assertFits();
    }

    @Test
    void tellsTheNumberOfSubnetsAndALongListOnlyWhenAsked() throws InterruptedException {
        suite.endpoints = List.of(
                Suite.endpoint("short", EndpointStatus.State.OPEN, "", hosts(100)),
                Suite.endpoint("long", EndpointStatus.State.OPEN, "", hosts(100_000)));

        new EndpointsCommand(shell.context(), true).execute();
        new EndpointsCommand(shell.context(), false).execute();
        new StatusCommand(shell.context(), true, 0).execute();

        assertThat(shell.text())
                .contains("\"allowedSubnets\":[\"10.0.0.0/32\",\"10.0.0.1/32\",")
                .contains("\"allowedSubnetsCount\":100,\"whitelistSubnetsCount\":0}")
                .contains("\"allowedSubnetsCount\":100000,")
                .contains("10.0.0.19/32, … (100000 in all, see --subnets)")
                .doesNotContain("10.0.0.100/32")
                .hasSizeLessThan(12_000);

        new EndpointsCommand(shell.context(), true).withWholeLists().execute();
        new EndpointsCommand(shell.context(), false).withWholeLists().execute();

        assertThat(shell.text()).contains("\"10.1.134.159/32\"],").contains(", 10.1.134.159/32\n");
    }

    private static List<Prefix> hosts(int count) {
        return IntStream.range(0, count)
                .mapToObj(host -> Prefix.parse("10.%d.%d.%d/32".formatted(host >> 16, host >> 8 & 0xff, host & 0xff)))
                .toList();
    }

    @Test
    void showsClassesAndWhatCountsOfSingleExporters() {
        suite.policyRefusals = List.of("org.flowtally.class-x.cfg: hours");
        suite.classes.add(new ClassStatus("cdn", 100_000, List.of(), "", true));
        suite.classes.add(new ClassStatus("night", 2, List.of("brno"), "00:00-06:00 Europe/Prague", false));
        suite.rules.add(new CountingStatus(
                "org.flowtally.exporter-core.cfg",
                List.of(Prefix.parse("192.0.2.1/32")),
                "",
                new Counting(
                        CountingRule.INTERFACES_IN_OUT,
                        List.of(new InterfaceRange(3, 3), new InterfaceRange(100, 199)),
                        8,
                        11,
                        MatchAddress.POST_NAT)));

        new PolicyCommand(shell.context(), false).execute();

        assertThat(shell.text())
                .contains("cdn   |   100000 | yes | always")
                .contains("night |        2 | no  | 00:00-06:00 Europe/Prague | brno")
                .contains("192.0.2.1/32 | interfaces-in-out | 3, 100-199 | 8.11    | post-nat")
                .contains("| org.flowtally.exporter-")
                .contains("refused: org.flowtally.class-x.cfg");
        assertFits();
    }

    @Test
    void showsExportersWithNumbersOnTheRight() {
        suite.exporters.add(Suite.exporter("192.0.2.7", 5));
        suite.exporters.add(Suite.exporter("10.0.0.1", 123_456));

        new ExportersCommand(shell.context(), false).execute();

        assertThat(shell.lines().get(2)).startsWith("10.0.0.1  | default  | 5 |  65535 |    123456 | 123456 |");
        assertThat(shell.lines().get(3)).startsWith("192.0.2.7 | default  | 5 |  65535 |         5 |      5 |");
        assertFits();
    }

    @Test
    void advisesExporterByExporterInLinesThatFit() {
        Exporter first = Suite.exporter("192.0.2.7", 5).exporter();
        Exporter second = Suite.exporter("192.0.2.8", 5).exporter();
        suite.advice.add(new ExporterAdvice(
                second, ExporterAdvice.NO_TEMPLATE, ExporterAdvice.Topic.LOSS, true, "1.2 % went missing", "look"));
        suite.advice.add(new ExporterAdvice(
                first, 256, ExporterAdvice.Topic.MISSING_FIELDS, true, "lacks octets, ".repeat(20), "add ".repeat(40)));

        new ExportersCommand(shell.context(), false).advising().execute();

        assertThat(shell.lines().get(0)).isEqualTo("192.0.2.7 (endpoint default, version 5, domain 65535)");
        assertThat(shell.lines().get(1)).startsWith("  problem  template 256 lacks octets, lacks");
        assertThat(shell.text())
                .contains("192.0.2.8 (endpoint default, version 5, domain 65535)\n  problem  1.2 % went missing\n")
                .contains("-> look");
        assertFits();
    }

    @Test
    void saysOnceWhatHoldsOfSeveralTemplates() {
        Exporter exporter = Suite.exporter("192.0.2.7", 10).exporter();
        for (int template : new int[] {258, 259, 262}) {
            suite.advice.add(new ExporterAdvice(
                    exporter, template, ExporterAdvice.Topic.NARROW_COUNTERS, false, "counts in 4 octets", "widen"));
        }
        suite.advice.add(new ExporterAdvice(
                exporter, 258, ExporterAdvice.Topic.WANTED_FIELDS, false, "does not send tos", "add it"));

        new ExportersCommand(shell.context(), false).advising().execute();

        assertThat(shell.lines().subList(1, shell.lines().size()))
                .containsExactly(
                        "  better   template 258 counts in 4 octets; likewise 259, 262",
                        "           -> widen",
                        "  better   template 258 does not send tos",
                        "           -> add it");
    }

    @Test
    void advisesInJson() {
        suite.advice.add(new ExporterAdvice(
                Suite.exporter("192.0.2.7", 5).exporter(),
                256,
                ExporterAdvice.Topic.TEMPLATE_REFRESH,
                false,
                "was used 30 minutes after it had come",
                "send templates every minute"));

        new ExportersCommand(shell.context(), true).advising().execute();

        assertThat(shell.text())
                .contains("\"exporter\":\"192.0.2.7\"")
                .contains("\"template\":256")
                .contains("\"topic\":\"TEMPLATE_REFRESH\"")
                .contains("\"problem\":false");
    }

    @Test
    void saysThatThereIsNothingToAdvise() {
        suite.exporters.add(Suite.exporter("192.0.2.7", 5));

        new ExportersCommand(shell.context(), false).advising().execute();

        assertThat(shell.text()).isEqualTo("nothing to advise: exporters=1\n");
    }

    @Test
    void showsInterfacesByExporterAndNumber() {
        Exporter exporter = Suite.exporter("192.0.2.7", 5).exporter();
        suite.interfaces.add(new InterfaceStatus(exporter, 12, "Gi0/0/1", "customers north"));
        suite.interfaces.add(new InterfaceStatus(exporter, 4, "Te0/0/0", ""));

        new ExportersCommand(shell.context(), false).ofInterfaces().execute();

        assertThat(shell.lines().get(2)).contains("Te0/0/0");
        assertThat(shell.lines().get(3)).contains("12 | Gi0/0/1 | customers north");
        assertFits();
    }

    @Test
    void showsTemplatesWithTheirFieldsAndCounters() {
        Exporter exporter = Suite.exporter("192.0.2.7", 5).exporter();
        suite.templates.add(new TemplateStatus(
                exporter, 260, false, List.of("octetDeltaCount(1):8", "scope(2):4"), Suite.TEN, 12, true));
        suite.templates.add(new TemplateStatus(exporter, 259, true, List.of("scope(1):4"), Suite.TEN, 0, false));

        new TemplatesCommand(shell.context(), "192.0.2.7", true, false).execute();

        assertThat(shell.lines().get(2))
                .contains("259 | options |      1 |       0 |")
                .endsWith("| exporter");
        assertThat(shell.lines().get(3))
                .contains("260 | flows   |      2 |      12 |")
                .endsWith("| disk");
        assertThat(shell.text())
                .contains("192.0.2.7 65535 template 260: octetDeltaCount(1):8, scope(2):4")
                .contains("HELD    |           7");
        assertFits();

        new TemplatesCommand(shell.context(), "192.0.2.8", false, false).execute();
        assertThat(shell.text()).contains("192.0.2.8 has sent no template yet");

        new TemplatesCommand(shell.context(), "192.0.2.8", false, true).execute();
        assertThat(shell.text()).contains("\"templates\":[]").contains("\"HELD\":7");
    }

    @Test
    void findsTemplatesHoweverTheAddressIsWritten() {
        suite.templates.add(new TemplateStatus(
                Suite.exporter("2001:db8::7", 5).exporter(), 260, false, List.of(), Suite.TEN, 12, false));

        new TemplatesCommand(shell.context(), "2001:DB8:0::7", false, false).execute();

        assertThat(shell.lines().get(2)).startsWith("2001:db8::7 ");
        assertThatThrownBy(() -> new TemplatesCommand(shell.context(), "router-1", false, false).execute())
                .hasMessageStartingWith(
                        "option refused: option=--exporter, value=router-1, allowed=an IPv4 address such as");
    }

    @Test
    void leavesOptionalColumnsOutWhereTheScreenEnds() {
        suite.exporters.add(Suite.exporter("2001:db8:1234:5678:9abc:def0:1234:5678", 4_000_000_000L));

        new ExportersCommand(shell.context(), false).execute();
        assertFits();
        assertThat(shell.text())
                .contains("2001:db8:1234:5678:9abc:def0:1234:5678")
                .contains("left out: ");

        new ExportersCommand(shell.context(), true).execute();
        assertThat(shell.text()).contains("\"reordered\":0").contains("\"lastSeen\":\"2026-11-20T10:00:00Z\"");
    }

    @Test
    void cutsTextThatNothingElseMakesRoomFor() {
        suite.usage.add(new UsageTotal("a".repeat(64), "s".repeat(64), "", 0, 1, 2, 3, 4, 5, 0));

        usage(false, "", "1970-01-01", "1970-01-02", 10);

        assertFits();
        assertThat(shell.text()).contains("aaaaaaaa.. | ssss");
    }

    @Test
    void showsClocksAndWhatWasDoneBecauseOfThem() {
        suite.clocks.add(Suite.skew("192.0.2.7", ClockState.SKEWED, 7_200_100, "time zone: +2:00 hours"));
        suite.clocks.add(Suite.skew("10.0.0.1", ClockState.LEARNING, 0, ""));
        suite.clocks.add(Suite.skew("10.0.0.2", ClockState.GOOD, -120, ""));

        new ClocksCommand(shell.context(), false).execute();

        assertThat(shell.lines().get(0))
                .startsWith("this host: SYNCHRONISED since 2026-11-20T10:00:00Z, offset -12 ms, delay 3 ms, stratum 2");
        assertThat(shell.text())
                .contains("+2:00:00 | correct | time zone: +2:00 hours |     2 | 0.25 s")
                .contains("-0.12 s")
                .containsPattern("corrected +\\| +12 \\| 18446744073709551615")
                .contains("discarded, in the future")
                .contains("held now");
        assertThat(shell.text().indexOf("10.0.0.1")).isLessThan(shell.text().indexOf("192.0.2.7"));
        assertFits();
    }

    @Test
    void showsClocksInJson() {
        suite.clocks.add(Suite.skew("192.0.2.7", ClockState.UNSET, -1_000, "no NTP since boot"));

        new ClocksCommand(shell.context(), true).execute();

        assertThat(shell.text())
                .contains("\"host\":{\"state\":\"SYNCHRONISED\"", "\"offsetMillis\":-12")
                .contains("\"exporter\":\"192.0.2.7\"", "\"state\":\"UNSET\"", "\"policy\":\"correct\"")
                .contains("\"CORRECTED\":18446744073709551615", "\"heldRows\":3", "\"FUTURE\":77");
    }

    @Test
    void showsDecoders() {
        suite.decoders.add(new DecoderStatus(5, "org.flowtally.decode-v5 0.1.0", DecoderStatus.State.AWAY, 12, 300, 1));

        new DecodersCommand(shell.context(), false).execute();
        new DecodersCommand(shell.context(), true).execute();

        assertThat(shell.text()).contains("AWAY").contains("\"bundle\":\"org.flowtally.decode-v5 0.1.0\"");
        assertFits(5);
    }

    @Test
    void switchesDecodersOffAndOn() {
        suite.decoders.add(
                new DecoderStatus(9, "org.flowtally.decode-v9 0.1.0", DecoderStatus.State.DISABLED, 0, 0, 0));

        new DecoderDisableCommand(shell.context(), "v9", false).execute();
        new DecoderEnableCommand(shell.context(), "IPFIX", true).execute();
        new DecoderDisableCommand(shell.context(), "99", true).execute();

        assertThat(suite.switched).containsExactly("off 9", "on 10", "off 99");
        assertThat(shell.text()).contains("DISABLED");
    }

    @Test
    void refusesWhatIsNoVersion() {
        for (String text : List.of("netflow", "v", "0", "65536")) {
            assertThatThrownBy(() -> new DecoderDisableCommand(shell.context(), text, false).execute())
                    .hasMessageContaining("version=" + text);
        }
        assertThat(suite.switched).isEmpty();
    }

    @Test
    void asksForTheHoursAndTheAccountGiven() {
        suite.usage.add(new UsageTotal(
                "customer-17", "line-1", "", Suite.TEN.toEpochMilli(), -1L, 5, 7, 1, 2, Quality.SCALED | Quality.GAP));

        usage(false, "customer-17", "2026-11-20T10:00Z", "2026-11-21", 10);
        usage(true, "customer-17", "2026-11-20T10:00", "2026-11-20T12:00+01:00", 10);

        assertThat(suite.lastQuery.accountId()).isEqualTo("customer-17");
        assertThat(suite.lastQuery.from()).isEqualTo(Suite.TEN);
        assertThat(suite.lastQuery.to()).isEqualTo(Instant.parse("2026-11-20T11:00:00Z"));
        assertThat(shell.lines().get(2))
                .startsWith("2026-11-20T10:00Z | customer-17 | line-1  | 18446744073709551615 |         5 |");
        assertThat(shell.text())
                .contains("\"bytesIn\":18446744073709551615")
                .contains("\"quality\":[\"scaled\",\"gap\"]");
        assertFits(3);
    }

    @Test
    void refusesTimesAndLimitsThatCannotBe() {
        assertThatThrownBy(() -> usage(false, "", "yesterday", "", 10))
                .hasMessageStartingWith("option refused: option=--from, value=yesterday, allowed=2026-11-20");
        assertThatThrownBy(() -> usage(false, "", "2026-11-20", "2026-11-19", 10))
                .hasMessageContaining("allowed=before 2026-11-19T00:00:00Z");
        assertThatThrownBy(() -> usage(false, "", "", "", 0)).hasMessageContaining("allowed=1..100000");
    }

    @Test
    void saysInOneLineThatABundleIsAway() {
        shell.without(UsageTables.class);
        shell.without(ExporterDirectory.class);

        assertThatThrownBy(() -> usage(false, "", "", "", 10)).hasMessageStartingWith("storage is away");
        assertThatThrownBy(() -> new ExportersCommand(shell.context(), false).execute())
                .hasMessageStartingWith("decode is away");
    }

    @Test
    void showsThatTheVerdictsAddUp() {
        suite.verdicts.put(Verdict.TOO_OLD, 40L);
        suite.octets.put(Verdict.TOO_OLD, 1000L);
        suite.rowsDecoded = 345;
        suite.datagrams.put(DecodeResult.TRUNCATED, 2L);

        new VerdictsCommand(shell.context(), false).execute();
        new VerdictsCommand(shell.context(), true).execute();

        assertThat(shell.text())
                .contains("sum          |  340")
                .contains("rows decoded |  345")
                .contains("on their way through the stages: 5")
                .contains("COUNTED      |  300 | 18446744073709551615")
                .contains("\"rowsJudged\":340,\"rowsDecoded\":345")
                .contains("\"datagrams\":{\"DECODED\":12,\"TRUNCATED\":2},\"datagramsRefused\":0");
    }

    @Test
    void saysHowToAllowASender() {
        suite.refusedSenders.add(new RefusedSender(
                "default", "192.0.2.7", 5, 1000, 1_464_000, Suite.TEN, Suite.TEN.plusSeconds(5), Refusal.NOT_ALLOWED));
        suite.refusedSenders.add(new RefusedSender(
                "gone", "2001:db8::7", -1, 1, 3, Suite.TEN, Suite.TEN.plusSeconds(5), Refusal.NOT_ALLOWED));

        suite.refusedSenders.add(new RefusedSender(
                "default", "10.0.0.9", 9, 5, 700, Suite.TEN, Suite.TEN.plusSeconds(5), Refusal.OVER_BUDGET));

        new RefusedCommand(shell.context(), false).execute();
        assertFits();
        new RefusedCommand(shell.context(), true).execute();

        assertThat(shell.text())
                .contains("to allow 192.0.2.7: flowtally:endpoint-allow default 192.0.2.7")
                .contains("to allow 2001:db8::7: flowtally:endpoint-allow gone 2001:db8::7")
                .doesNotContain("to allow 10.0.0.9")
                .contains("OVER_BUDGET")
                .contains("datagrams refused: 1006, of them over budget: 0")
                .contains("\"command\":\"flowtally:endpoint-set default exporter.datagrams.per.second NUMBER\"");
    }

    @Test
    void reloadsAssignmentsAndSaysWhatIsInForce() {
        new SubscribersReloadCommand(shell.context(), false).execute();
        assertThat(shell.text()).startsWith("DATABASE, assignments=1000, subscribers=900");

        suite.assignments = Suite.assignments(AssignmentStatus.Source.DATABASE, "connection refused");
        assertThatThrownBy(() -> new SubscribersReloadCommand(shell.context(), true).execute())
                .hasMessage("not reloaded, the assignments in force stay: connection refused");
    }

    private void usage(boolean json, String account, String from, String to, int limit) {
        new UsageCommand(shell.context(), json, account, from, to, limit).execute();
    }

    @Test
    void saysWhyABundleIsAwayWhoseComponentRefusedItsConfiguration() {
        Components components = new Components();
        components.addRefused(7, "org.flowtally.storage", "configuration refused: key=url");
        shell.with(ServiceComponentRuntime.class, components);
        shell.providedBy(7, UsageTables.class);

        assertThatThrownBy(() -> usage(false, "", "", "", 50))
                .hasMessage("storage is away: configuration refused: key=url");
        assertThat(shell.asked()).doesNotContain(UsageTables.class.getName());
    }

    private void assertFits() {
        assertFits(Integer.MAX_VALUE);
    }

    private void assertFits(int firstLines) {
        assertThat(shell.lines().stream().limit(firstLines).filter(line -> !line.startsWith("{")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Listing.WIDTH));
    }
}
