// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointPreparation;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.EndpointStatus.State;
import org.flowtally.api.endpoint.RefusedConfiguration;
import org.flowtally.lib.lookup.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EndpointTableTest {
    private static final String FILE = "org.flowtally.endpoint-edge.cfg";
    private static final long NO_DROPS = Files.exists(Path.of("/proc/net/udp")) ? 0 : KernelDrops.UNKNOWN;

    private final EndpointTable table = new EndpointTable();
    private final int port = freePort();
    private TestPipeline pipeline;
    private DatagramSocket sender;

    @BeforeEach
    void start() throws Exception {
        pipeline = new TestPipeline();
        sender = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() {
        table.stop();
        pipeline.close();
        sender.close();
    }

    @Test
    void givesEveryDatagramToTheRouteWithItsSender() throws IOException {
        table.bindContext(pipeline.context());
        EndpointComponent component = add(edge());

        send("first");
        send("");
        send("third");

        await().until(() -> pipeline.received.size() == 3);
        Address loopback = Address.parse("127.0.0.1");
        assertThat(pipeline.received)
                .extracting(TestPipeline.Received::text, TestPipeline.Received::low, TestPipeline.Received::port)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("first", loopback.low(), sender.getLocalPort()),
                        org.assertj.core.groups.Tuple.tuple("", loopback.low(), sender.getLocalPort()),
                        org.assertj.core.groups.Tuple.tuple("third", loopback.low(), sender.getLocalPort()));
        EndpointStatus status = status();
        assertThat(status.state()).isEqualTo(State.OPEN);
        assertThat(status.datagrams()).isEqualTo(3);
        assertThat(status.octets()).isEqualTo(10);
        assertThat(status.handOffLost()).isZero();
        assertThat(status.kernelDrops()).isEqualTo(NO_DROPS);
        component.deleted();
        assertThat(table.endpoints()).isEmpty();
    }

    @Test
    void sendsOneExchangePerBatchAndCountsExactly() throws IOException {
        table.bindContext(pipeline.context());
        add(edge().with("read.pause.micros", "20000"));
        int datagrams = 5_000;

        for (int datagram = 0; datagram < datagrams; datagram++) {
            send("datagram " + datagram);
        }

        await().until(() -> pipeline.received.size() + Math.max(0, status().kernelDrops()) == datagrams);
        assertThat(pipeline.batches).isLessThan(pipeline.received.size() / 10);
        assertThat(pipeline.received.get(4_000 % pipeline.received.size()).text())
                .startsWith("datagram ");
        Set<String> different = new HashSet<>();
        pipeline.received.forEach(one -> different.add(one.text()));
        assertThat(different).hasSize(pipeline.received.size());
        assertThat(status().datagrams()).isEqualTo(pipeline.received.size());
    }

    @Test
    void takesDatagramsUpToAJumboFrameAndCountsLargerOnes() throws IOException {
        table.bindContext(pipeline.context());
        add(edge());

        send("x".repeat(9_217));
        send("y".repeat(9_216));
        send("z".repeat(20_000));
        send("small");

        await().until(() -> pipeline.received.size() == 2);
        assertThat(pipeline.received).extracting(one -> one.text().length()).containsExactly(9_216, 5);
        assertThat(status().oversized()).isEqualTo(2);
        assertThat(status().datagrams()).isEqualTo(4);
    }

    @Test
    void listensOnIpv6AndDropsTheScope() throws IOException {
        table.bindContext(pipeline.context());
        add(edge().with("bind.address", "::1"));
        assertThat(status().state()).isEqualTo(State.OPEN);

        byte[] one = new byte[16];
        one[15] = 1;
        InetAddress loopback = InetAddress.getByAddress(one);
        try (DatagramSocket ipv6 = new DatagramSocket(0, loopback)) {
            byte[] octets = {'6'};
            ipv6.send(new DatagramPacket(octets, 1, loopback, port));
        }

        await().until(() -> pipeline.received.size() == 1);
        assertThat(Address.text(
                        pipeline.received.get(0).high(),
                        pipeline.received.get(0).low()))
                .isEqualTo("::1");
    }

    @Test
    void countsWhatFindsTheHandOffFull() throws IOException {
        table.bindContext(pipeline.context());
        add(edge());
        pipeline.mood = TestPipeline.Mood.IS_FULL;

        send("lost");
        await().until(() -> status().handOffLost() == 1);
        pipeline.mood = TestPipeline.Mood.TAKES;
        send("taken");

        await().until(() -> pipeline.received.size() == 1);
        assertThat(pipeline.received.get(0).text()).isEqualTo("taken");
        assertThat(status().datagrams()).isEqualTo(2);
    }

    @Test
    void keepsTheSocketOpenWhenTheHandlerFails() throws IOException {
        table.bindContext(pipeline.context());
        add(edge());
        pipeline.mood = TestPipeline.Mood.FAILS;

        send("lost");
        await().until(() -> status().handlerErrors() == 1);
        pipeline.mood = TestPipeline.Mood.TAKES;
        send("taken");

        await().until(() -> pipeline.received.size() == 1);
        assertThat(status().state()).isEqualTo(State.OPEN);
        assertThat(status().handOffLost()).isEqualTo(1);
    }

    @Test
    void takesAChangeFromTheNextDatagramOnWithoutTouchingTheSocket() throws IOException {
        table.bindContext(pipeline.context());
        EndpointComponent component = add(edge());
        send("before");
        await().until(() -> pipeline.received.size() == 1);
        var route = pipeline.context().getRoute("endpoint-edge");

        change(component, edge().with("realm", "north"));
        send("after");

        await().until(() -> pipeline.received.size() == 2);
        assertThat(pipeline.received)
                .extracting(TestPipeline.Received::endpoint)
                .containsExactly("edge", "edgenorth");
        assertThat(pipeline.context().getRoute("endpoint-edge")).isSameAs(route);
    }

    @Test
    void movesToAnotherPortAndKeepsItsCounters() throws IOException {
        table.bindContext(pipeline.context());
        EndpointComponent component = add(edge());
        send("before");
        await().until(() -> pipeline.received.size() == 1);
        int other = freePort();

        change(component, edge().with("port", Integer.toString(other)));
        sendTo(other, "after");

        await().until(() -> pipeline.received.size() == 2);
        assertThat(status().datagrams()).isEqualTo(2);
        assertThat(status().endpoint().port()).isEqualTo(other);
        try (DatagramSocket old = new DatagramSocket(port)) {
            assertThat(old.isBound()).isTrue(); // The old port is free again.
        }
    }

    @Test
    void keepsTheLastGoodConfigurationWhenAChangeIsWrong() throws IOException {
        table.bindContext(pipeline.context());
        EndpointComponent component = add(edge());

        change(component, edge().with("port", "70000"));

        assertThat(table.refused())
                .extracting(RefusedConfiguration::toString)
                .containsExactly(FILE + ": configuration refused: component=" + FILE
                        + ", key=port, value=70000, allowed=1..65535");
        send("still there");
        await().until(() -> pipeline.received.size() == 1);
        change(component, edge());
        assertThat(table.refused()).isEmpty();
    }

    @Test
    void doesNotStartOnAWrongConfigurationButOnItsCorrection() {
        table.bindContext(pipeline.context());
        EndpointComponent component = add(edge().with("allowed.subnets", "10.0.0.1/8"));
        assertThat(table.endpoints()).isEmpty();
        assertThat(table.refused()).hasSize(1);

        change(component, edge());

        assertThat(status().state()).isEqualTo(State.OPEN);
        assertThat(table.refused()).isEmpty();
    }

    @Test
    void forgetsARefusalWithItsFile() {
        EndpointComponent component = add(edge().with("port", "x"));
        assertThat(table.refused()).hasSize(1);

        component.deleted();

        assertThat(table.refused()).isEmpty();
    }

    @Test
    void refusesAPortThatAnotherEndpointUsesAndTakesItWhenThatOneGoes() {
        table.bindContext(pipeline.context());
        EndpointComponent first = add(edge());
        add(named("second").with("bind.address", "127.0.0.1"));
        assertThat(table.endpoints()).hasSize(1);
        assertThat(table.refused().get(0).toString())
                .startsWith("org.flowtally.endpoint-second.cfg: ")
                .contains("key=port, value=" + port)
                .contains("used by edge at 0.0.0.0");

        first.deleted();

        assertThat(status().endpoint().name()).isEqualTo("second");
        assertThat(status().kernelDrops()).isEqualTo(NO_DROPS);
        assertThat(status().state()).isEqualTo(State.OPEN);
        assertThat(table.refused()).isEmpty();
    }

    @Test
    void refusesANameThatAnotherEndpointHas() {
        table.bindContext(pipeline.context());
        add(edge());

        add(named("second").with("name", "edge").with("port", Integer.toString(freePort())));

        assertThat(table.endpoints()).hasSize(1);
        assertThat(table.refused().get(0).toString())
                .contains("key=name, value=edge")
                .contains("used by " + FILE);
    }

    @Test
    void opensTheSocketAsSoonAsAnotherProcessFreesThePort() throws Exception {
        table.bindContext(pipeline.context());
        try (DatagramSocket taken = new DatagramSocket(port)) {
            assertThat(taken.isBound()).isTrue();
            add(edge());
            assertThat(status().state()).isEqualTo(State.FAILED);
            assertThat(status().message()).contains("port=" + port).contains("in use");
        }

        await().untilAsserted(() -> assertThat(status().state()).isEqualTo(State.OPEN));

        assertThat(status().message()).doesNotContain("in use");
        send("taken");
        await().until(() -> pipeline.received.size() == 1);
    }

    @Test
    void closesTheSocketWithThePipelineAndOpensItWithTheNext() throws Exception {
        add(edge());
        assertThat(status().state()).isEqualTo(State.STARTING);
        assertThat(status().message()).contains("waits for the pipeline");
        table.bindContext(pipeline.context());
        send("one");
        await().until(() -> pipeline.received.size() == 1);

        table.unbindContext(pipeline.context());
        assertThat(status().state()).isEqualTo(State.STARTING);
        try (TestPipeline next = new TestPipeline()) {
            table.bindContext(next.context());
            send("two");
            await().until(() -> next.received.size() == 1);
            assertThat(status().datagrams()).isEqualTo(2);
            table.unbindContext(next.context());
        }
    }

    @Test
    void reopensASocketThatSomethingElseClosed() throws Exception {
        table.bindContext(pipeline.context());
        add(edge());

        pipeline.context().getRouteController().stopRoute("endpoint-edge");

        await().until(() -> table.endpoints().get(0).state() == State.OPEN
                && pipeline.context()
                        .getRouteController()
                        .getRouteStatus("endpoint-edge")
                        .isStarted());
        send("taken");
        await().until(() -> pipeline.received.size() == 1);
    }

    @Test
    void warnsOfABufferThatTheKernelCutDown() {
        table.bindContext(pipeline.context());

        add(edge().with("receive.buffer.octets", "1073741824"));

        EndpointStatus status = status();
        assertThat(status.receiveBufferGrantedOctets()).isBetween(1, 1_073_741_823);
        assertThat(status.message())
                .contains("asked=1073741824")
                .contains("granted=" + status.receiveBufferGrantedOctets())
                .contains("net.core.rmem_max=1073741824");
    }

    @Test
    void runsManyEndpointsSideBySide() throws IOException {
        table.bindContext(pipeline.context());
        add(edge());
        int other = freePort();
        add(named("second").with("port", Integer.toString(other)));

        send("one");
        sendTo(other, "two");

        await().until(() -> pipeline.received.size() == 2);
        assertThat(pipeline.received)
                .extracting(TestPipeline.Received::endpoint)
                .containsExactlyInAnyOrder("edge", "second");
        assertThat(table.endpoints()).extracting(EndpointStatus::datagrams).isEqualTo(List.of(1L, 1L));
    }

    @Test
    void swapsThePortsOfTwoEndpoints() throws IOException {
        table.bindContext(pipeline.context());
        String other = Integer.toString(freePort());
        EndpointComponent edge = add(edge());
        EndpointComponent second = add(named("second").with("port", other));

        change(edge, edge().with("port", other));
        assertThat(table.refused()).hasSize(1);
        change(second, named("second").with("port", Integer.toString(port)));

        assertThat(table.refused()).isEmpty();
        assertThat(table.endpoints()).extracting(EndpointStatus::state).containsExactly(State.OPEN, State.OPEN);
        send("to the second");
        sendTo(Integer.parseInt(other), "to the edge");
        await().until(() -> pipeline.received.size() == 2);
        assertThat(pipeline.received)
                .extracting(TestPipeline.Received::endpoint, TestPipeline.Received::text)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("second", "to the second"),
                        org.assertj.core.groups.Tuple.tuple("edge", "to the edge"));
    }

    @Test
    void letsARunningEndpointMoveWhereANewOneWantsToBe() {
        table.bindContext(pipeline.context());
        String other = Integer.toString(freePort());
        EndpointComponent edge = add(edge());
        EndpointComponent second = add(named("second").with("port", other));
        add(named("third"));

        change(edge, edge().with("port", other));
        change(second, named("second").with("port", Integer.toString(port)));

        assertThat(table.endpoints())
                .extracting(status -> status.endpoint().name())
                .containsExactly("edge", "second");
        assertThat(table.refused()).singleElement().asString().startsWith("org.flowtally.endpoint-third.cfg");
    }

    @Test
    void followsAListInAFileWithoutTouchingTheSocket(@TempDir Path folder) throws IOException {
        table.bindContext(pipeline.context());
        Path list = Files.writeString(folder.resolve("routers.txt"), "192.0.2.0/24\n");
        EndpointComponent component =
                add(edge().with("allowed.subnets", "10.0.0.0/8").with("allowed.subnets.file", list.toString()));
        assertThat(allowed()).containsExactly("10.0.0.0/8", "192.0.2.0/24");
        var route = pipeline.context().getRoute("endpoint-edge");

        Path next = Files.writeString(folder.resolve("next"), "198.51.100.0/24 # moved\n");
        Files.move(next, list, StandardCopyOption.ATOMIC_MOVE);
        await().untilAsserted(() -> assertThat(allowed()).containsExactly("10.0.0.0/8", "198.51.100.0/24"));

        Files.writeString(list, "198.51.100.0/24\n203.0.113.0/2");
        await().untilAsserted(() ->
                assertThat(table.refused()).singleElement().asString().contains("routers.txt:2"));
        assertThat(allowed()).containsExactly("10.0.0.0/8", "198.51.100.0/24");
        change(component, edge().with("allowed.subnets", "11.0.0.0/8").with("allowed.subnets.file", list.toString()));
        assertThat(allowed()).as("the last good").containsExactly("10.0.0.0/8", "198.51.100.0/24");

        Files.delete(list);
        await().untilAsserted(() ->
                assertThat(table.refused()).singleElement().asString().contains("NoSuchFileException"));
        Files.writeString(list, "198.51.100.0/24\n203.0.113.0/24\n");
        await().untilAsserted(
                        () -> assertThat(allowed()).containsExactly("11.0.0.0/8", "198.51.100.0/24", "203.0.113.0/24"));
        assertThat(table.refused()).isEmpty();
        assertThat(pipeline.context().getRoute("endpoint-edge")).isSameAs(route);
    }

    @Test
    void keepsARefusalOfTheFileWhileItsListChanges(@TempDir Path folder) throws IOException {
        table.bindContext(pipeline.context());
        Path list = Files.writeString(folder.resolve("white.txt"), "192.0.2.0/24\n");
        TestConfig good = edge().with("whitelist.mode", "true").with("whitelist.subnets.file", list.toString());
        EndpointComponent component = add(good);
        change(component, edge().with("port", "x").with("whitelist.subnets.file", list.toString()));
        assertThat(table.refused()).hasSize(1);

        Files.writeString(list, "# longer\n198.51.100.0/24\n");

        await().untilAsserted(() -> assertThat(status().endpoint().whitelistSubnets())
                .extracting(Object::toString)
                .containsExactly("198.51.100.0/24"));
        assertThat(table.refused()).singleElement().asString().contains("key=port, value=x");
    }

    @Test
    void letsOthersPrepareForASnapshotBeforeItIsInForce() {
        List<String> told = new ArrayList<>();
        table.bindContext(pipeline.context());
        EndpointComponent component = add(edge().with("allowed.subnets", "9.0.0.0/8"));
        table.bindPreparation(preparation(told));
        assertThat(told).containsExactly("edge of 9.0.0.0/8 while edge of 9.0.0.0/8 is in force");

        change(component, edge().with("allowed.subnets", "10.0.0.0/8"));
        assertThat(told).last().isEqualTo("edge of 10.0.0.0/8 while edge of 9.0.0.0/8 is in force");
        add(named("new").with("port", Integer.toString(freePort())).with("allowed.subnets", "11.0.0.0/8"));
        assertThat(told).last().isEqualTo("new of 11.0.0.0/8 while edge of 10.0.0.0/8 is in force");
        change(component, edge().with("name", "moved").with("allowed.subnets", "12.0.0.0/8"));

        assertThat(told)
                .endsWith("moved of 12.0.0.0/8 while edge of 10.0.0.0/8, new of 11.0.0.0/8 is in force", "no edge");
        component.deleted();
        assertThat(told).last().isEqualTo("no moved");
    }

    @Test
    void forgetsNoNameThatAnotherEndpointHasTaken() {
        List<String> told = new ArrayList<>();
        table.bindContext(pipeline.context());
        EndpointComponent edge = add(edge());
        String other = Integer.toString(freePort());
        EndpointComponent second = add(named("second").with("port", other));
        table.bindPreparation(preparation(told));

        change(edge, edge().with("name", "second"));
        assertThat(table.refused()).hasSize(1);
        change(second, named("edge").with("port", other));

        assertThat(table.refused()).isEmpty();
        assertThat(told).doesNotContain("no second").last().asString().startsWith("edge of ");
    }

    @Test
    void worksWithoutWhoFailsToPrepare() {
        List<String> told = new ArrayList<>();
        EndpointPreparation good = preparation(told);
        EndpointPreparation bad = new EndpointPreparation() {
            @Override
            public void prepare(Endpoint endpoint) {
                throw new IllegalStateException("a bug of the test");
            }

            @Override
            public void forget(String endpoint) {
                throw new IllegalStateException("a bug of the test");
            }
        };
        table.bindPreparation(bad);
        table.bindPreparation(good);
        table.bindContext(pipeline.context());

        EndpointComponent component = add(edge().with("allowed.subnets", "10.0.0.0/8"));
        assertThat(status().state()).isEqualTo(State.OPEN);
        assertThat(told).containsExactly("edge of 10.0.0.0/8 while nothing is in force");
        table.unbindPreparation(bad);
        table.unbindPreparation(good);
        component.deleted();
        assertThat(told).hasSize(1);
    }

    private EndpointPreparation preparation(List<String> told) {
        return new EndpointPreparation() {
            @Override
            public void prepare(Endpoint endpoint) {
                String inForce = table.endpoints().stream()
                        .map(status -> text(status.endpoint()))
                        .collect(Collectors.joining(", "));
                told.add(text(endpoint) + " while " + (inForce.isEmpty() ? "nothing" : inForce) + " is in force");
            }

            @Override
            public void forget(String endpoint) {
                told.add("no " + endpoint);
            }
        };
    }

    private static String text(Endpoint endpoint) {
        return endpoint.name() + " of "
                + endpoint.allowedSubnets().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private List<String> allowed() {
        return status().endpoint().allowedSubnets().stream()
                .map(String::valueOf)
                .toList();
    }

    private TestConfig edge() {
        return named("edge");
    }

    private TestConfig named(String name) {
        return TestConfig.of("org.flowtally.endpoint-" + name + ".cfg").with("port", Integer.toString(port));
    }

    private EndpointComponent add(TestConfig config) {
        return new EndpointComponent(table, config.typed(), config.properties());
    }

    private static void change(EndpointComponent component, TestConfig config) {
        component.modified(config.typed(), config.properties());
    }

    private EndpointStatus status() {
        return table.endpoints().get(0);
    }

    private void send(String text) throws IOException {
        sendTo(port, text);
    }

    private void sendTo(int toPort, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        sender.send(new DatagramPacket(octets, octets.length, InetAddress.getLoopbackAddress(), toPort));
    }

    static int freePort() {
        try (DatagramSocket probe = new DatagramSocket(0)) {
            return probe.getLocalPort();
        } catch (IOException noPort) {
            throw new java.io.UncheckedIOException(noPort);
        }
    }
}
