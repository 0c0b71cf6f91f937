// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
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
