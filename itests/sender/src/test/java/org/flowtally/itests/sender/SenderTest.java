// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SenderTest {
    private static final int OCTETS_OFFSET = 20;

    @Test
    void writesEveryFieldWhereTheBookWantsIt() {
        V5Datagram datagram = new V5Datagram()
                .uptimeMillis(0x01020304L)
                .exportedAtMillis(0x05060708L * 1000 + 1)
                .sequence(0x090A0B0CL)
                .engine(0x0D, 0x0E)
                .sampling(1, 1000)
                .add(new V5Record()
                        .addresses("10.1.2.3", "192.0.2.4")
                        .nextHop("10.9.9.9")
                        .interfaces(0x1112, 0x1314)
                        .counters(0x15161718L, 0xF1F2F3F4L)
                        .uptimes(0x21222324L, 0x25262728L)
                        .ports(0x3132, 0x3334)
                        .protocol(0x43, 0x44, 0x42)
                        .routing(0x5152, 0x5354, 0x55, 0x56));

        byte[] octets = datagram.toOctets();

        assertThat(HexFormat.of().formatHex(octets))
                .isEqualTo("00050001" + "01020304" + "05060708" + "000f4240" + "090a0b0c" + "0d0e43e8"
                        + "0a010203" + "c0000204" + "0a090909" + "11121314" + "15161718" + "f1f2f3f4" + "21222324"
                        + "25262728" + "31323334" + "00424344" + "51525354" + "55560000");
    }

    @Test
    void keepsUptimeAndSequenceAsARouterDoes() {
        V5Router router = new V5Router("127.0.0.2", 0, 3, 1_000_000);
        Flow flow = new Flow("10.0.0.1", "10.0.0.2", 1, 100, 1_500_000, 1_600_000);

        router.export(2_000_000, List.of(flow, flow));
        router.lose(5);
        ByteBuffer second =
                ByteBuffer.wrap(router.export(2_000_500, List.of(flow)).toOctets());

        assertThat(second.getInt(V5Datagram.UPTIME_OFFSET)).isEqualTo(1_000_500);
        assertThat(second.getInt(V5Datagram.SEQUENCE_OFFSET)).isEqualTo(7);
        assertThat(second.getInt(V5Datagram.HEADER_OCTETS + V5Record.FIRST_OFFSET))
                .isEqualTo(500_000);
        assertThat(second.getInt(V5Datagram.HEADER_OCTETS + V5Record.LAST_OFFSET))
                .isEqualTo(600_000);
    }

    @Test
    void writesTemplatesOptionsAndFlowsOfV9WithASequenceOfDatagrams() {
        TemplatedRouter router = new TemplatedRouter(ExportVersion.V9, "127.0.0.2", 0x0708, 1_000_000);
        Flow flow = new Flow("10.0.0.1", "10.0.0.2", 3, 100, 1_500_000, 1_600_000);

        router.lose(4);
        byte[] templates = router.sampling(1000).templates(2_000_000);
        byte[] flows = router.export(3_000_000, List.of(flow, flow));

        assertThat(HexFormat.of().formatHex(templates))
                .isEqualTo("00090003" + "000f4240" + "000007d0" + "00000004" + "00000708"
                        + "00000054" + "01040013"
                        + "00150004" + "00160004" + "00010004" + "00020004" + "000a0002" + "000e0002" + "00080004"
                        + "000c0004" + "00040001" + "00050001" + "00070002" + "000b0002" + "000f0004" + "000d0001"
                        + "00090001" + "00060001" + "003d0001" + "00110002" + "00100002"
                        + "00010018" + "010500040008" + "00010004" + "00220004" + "00230001" + "0000"
                        + "01050010" + "00000000" + "000003e8" + "01" + "000000");
        String flowInHex = "000927c0" + "0007a120" + "00000064" + "00000003" + "0001" + "0002" + "0a000001" + "0a000002"
                + "06" + "00" + "9c40" + "01bb" + "00000000" + "18" + "18" + "1b" + "00" + "0000" + "0000";
        assertThat(HexFormat.of().formatHex(flows))
                .isEqualTo("00090002" + "001e8480" + "00000bb8" + "00000005" + "00000708" + "01040060" + flowInHex
                        + flowInHex);
    }

    @Test
    void writesTemplatesOptionsAndFlowsOfIpfixWithASequenceOfRecords() {
        TemplatedRouter router = new TemplatedRouter(ExportVersion.IPFIX, "127.0.0.2", 9, 1_000_000);
        Flow flow = new Flow("10.0.0.1", "10.0.0.2", 3, 100, 1_500_000, 1_600_000);

        byte[] templates = router.templates(2_000_000);
        byte[] first = router.export(3_000_000, List.of(flow, flow));
        byte[] second = router.export(4_000_000, List.of(flow));

        assertThat(HexFormat.of().formatHex(templates))
                .isEqualTo("000a006c" + "000007d0" + "00000000" + "00000009"
                        + "00020038" + "0100000c"
                        + "00080004" + "000c0004" + "000a0004" + "000e0004" + "00020008" + "00010008" + "00980008"
                        + "00990008" + "00070002" + "000b0002" + "00050001" + "00040001"
                        + "00030014" + "010100020001" + "008f0004" + "00a00008" + "0000"
                        + "01010010" + "00000000" + "00000000000f4240");
        String flowInHex = "0a000001" + "0a000002" + "00000001" + "00000002" + "0000000000000003" + "0000000000000064"
                + "000000000016e360" + "0000000000186a00" + "9c40" + "01bb" + "00" + "06";
        assertThat(HexFormat.of().formatHex(first))
                .isEqualTo("000a0080" + "00000bb8" + "00000001" + "00000009" + "01000070" + flowInHex + flowInHex);
        assertThat(HexFormat.of().formatHex(second))
                .isEqualTo("000a004c" + "00000fa0" + "00000003" + "00000009" + "0100003c" + flowInHex + "0000");
    }

    @Test
    void repeatsTemplatesForEveryExporterAsOftenAsItIsTold() throws IOException {
        Load.Shape shape = new Load.Shape(2, 5, new Population(50), 42, 30)
                .as(ExportVersion.IPFIX)
                .domains(3)
                .templatesEvery(4);
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Load load = new Load(shape, receiver.getLocalPort(), Clock.systemUTC())) {
            load.send(6 * 5);

            // Two routers with three domains each, and each of them: templates, four times flows, templates, flows.
            Map<String, List<String>> sentBy = new TreeMap<>();
            Map<String, Integer> sequenceOf = new TreeMap<>();
            assertThat(load.datagrams()).isEqualTo(6 * 7);
            for (int datagram = 0; datagram < load.datagrams(); datagram++) {
                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                receiver.receive(packet);
                ByteBuffer payload = ByteBuffer.wrap(packet.getData());
                String exporter = packet.getAddress().getHostAddress() + "/" + payload.getInt(12);
                boolean isTemplate = payload.getShort(16) == 2;
                assertThat(payload.getInt(8)).isEqualTo(sequenceOf.getOrDefault(exporter, 0));
                sequenceOf.merge(exporter, isTemplate ? 1 : 5, Integer::sum);
                sentBy.computeIfAbsent(exporter, key -> new ArrayList<>()).add(isTemplate ? "T" : "d");
            }
            assertThat(sentBy.keySet())
                    .containsExactly(
                            "127.1.0.1/30",
                            "127.1.0.1/31",
                            "127.1.0.1/32",
                            "127.1.0.2/30",
                            "127.1.0.2/31",
                            "127.1.0.2/32");
            assertThat(sentBy.values()).allMatch(each -> String.join("", each).equals("TddddTd"));
            assertThat(load.rows()).isEqualTo(6 * 5 * 5);
        }
    }

    @Test
    void leavesTemplatesToTheHandWhereItIsToldSo() throws IOException {
        Load.Shape shape = new Load.Shape(1, 5, new Population(50), 42, 30)
                .as(ExportVersion.V9)
                .templatesEvery(Load.Shape.TEMPLATES_BY_HAND);
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Load load = new Load(shape, receiver.getLocalPort(), Clock.systemUTC())) {
            load.send(2);
            load.sendTemplates();
            load.send(1);

            List<Integer> sets = new ArrayList<>();
            for (int sequence = 0; sequence < load.datagrams(); sequence++) {
                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                receiver.receive(packet);
                ByteBuffer payload = ByteBuffer.wrap(packet.getData());
                assertThat(payload.getInt(12)).isEqualTo(sequence);
                sets.add((int) payload.getShort(20));
            }
            assertThat(sets).containsExactly(260, 260, 0, 260);
        }
    }

    @Test
    void knowsExactlyWhatALoadSentAndFromWhere() throws IOException {
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Load.Shape shape = new Load.Shape(3, 7, new Population(50), 42, 1);
            try (Load load = new Load(shape, receiver.getLocalPort(), Clock.systemUTC())) {
                load.send(20);
                load.send(100_000, 4, 400_000);
                load.send(100_000, 1, 100_000);

                long octets = 0;
                for (int datagram = 0; datagram < load.datagrams(); datagram++) {
                    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                    receiver.receive(packet);
                    assertThat(packet.getAddress().getHostAddress()).isEqualTo(Load.routerAddress(datagram % 3));
                    assertThat(packet.getLength()).isEqualTo(V5Datagram.HEADER_OCTETS + 7 * V5Record.OCTETS);
                    ByteBuffer payload = ByteBuffer.wrap(packet.getData());
                    assertThat(payload.getInt(V5Datagram.SEQUENCE_OFFSET)).isEqualTo(datagram / 3 * 7);
                    for (int record = 0; record < 7; record++) {
                        octets += payload.getInt(V5Datagram.HEADER_OCTETS + record * V5Record.OCTETS + OCTETS_OFFSET);
                    }
                }

                assertThat(load.datagrams()).isEqualTo(20 + 40 + 10);
                assertThat(load.rows()).isEqualTo(70 * 7);
                assertThat(load.octets()).isEqualTo(octets);
                long moved = 0;
                for (int subscriber = 0; subscriber < 50; subscriber++) {
                    moved += load.received().get(subscriber).flows()
                            + load.sent().get(subscriber).flows();
                }
                assertThat(moved).isBetween(load.rows(), load.rows() * 2);
            }
        }
    }
}
