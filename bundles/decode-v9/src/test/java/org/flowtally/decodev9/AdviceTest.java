// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.flowtally.api.decode.ExporterAdvice;
import org.flowtally.api.decode.ExporterAdvice.Topic;
import org.flowtally.itests.contract.Collecting;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;
import org.flowtally.lib.template.BaseFields;
import org.flowtally.lib.template.ReadingRules;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final int FLOW = 260;
    private static final int[] WHOLE = {8, 4, 12, 4, 1, 8, 2, 8, 4, 1, 5, 1, 7, 2, 11, 2, 10, 4, 14, 4, 22, 4, 21, 4};
    private static final long MINUTE = 60_000;

    private final Collecting collecting = new Collecting(new NetflowV9());
    private long sequence;

    @Test
    void hasNothingToSayOfAnExporterThatDoesEverythingRight() {
        for (int minute = 0; minute < 30; minute++) {
            send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(60_000)));
            collecting.later(MINUTE);
        }

        assertThat(collecting.exporters().advice()).isEmpty();
    }

    @Test
    void namesExporterAndTemplateOfRowsThatAreIncomplete() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 1, 8, 22, 4, 21, 4)
                .data(FLOW, record -> record.u32(1).u64(2).u32(3).u32(4)));

        ExporterAdvice advice = only(Topic.MISSING_FIELDS);
        assertThat(advice.exporter().address()).isEqualTo("192.0.2.1");
        assertThat(advice.template()).isEqualTo(FLOW);
        assertThat(advice.problem()).isTrue();
        assertThat(advice.finding()).contains("lacks destination-address").contains("1 records");
        assertThat(only(Topic.WANTED_FIELDS).finding()).contains("interfaces, packets, protocol, ports, tos");
    }

    @Test
    void wantsNoPortsOfATemplateForIcmp() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 10, 4, 14, 4, 1, 8, 2, 8, 4, 1, 5, 1, 22, 4, 21, 4, 32, 2)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(3)
                                .u32(4)
                                .u64(100)
                                .u64(1)
                                .u8(1)
                                .u8(0)
                                .u32(4)
                                .u32(5)
                                .u16(2048)));

        assertThat(collecting.exporters().advice()).isEmpty();
    }

    @Test
    void wantsTheOutputInterfaceWhereOnlyTheInputInterfaceIsTold() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 10, 4, 1, 8, 2, 8, 4, 1, 5, 1, 7, 2, 11, 2, 22, 4, 21, 4)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(17)
                                .u64(100)
                                .u64(1)
                                .u8(6)
                                .u8(0)
                                .u16(5000)
                                .u16(443)
                                .u32(4)
                                .u32(5)));

        assertThat(only(Topic.WANTED_FIELDS).finding()).isEqualTo("does not send output interfaces");
        assertThat(only(Topic.WANTED_FIELDS).remedy()).contains("counting rule");
    }

    @Test
    void wantsTheInputInterfaceWhereOnlyTheOutputInterfaceIsTold() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 14, 4, 1, 8, 22, 4, 21, 4)
                .data(
                        FLOW,
                        record -> record.u32(1).u32(2).u32(17).u64(100).u32(4).u32(5)));

        assertThat(only(Topic.WANTED_FIELDS).finding()).startsWith("does not send input interfaces, packets");
    }

    @Test
    void tellsThatFlowsWithoutTimesAreBilledAtTheirArrival() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 8)
                .data(FLOW, record -> record.u32(1).u32(2).u64(3)));

        assertThat(only(Topic.TIMES).finding()).startsWith("has no flow times");
        assertThat(only(Topic.TIMES).problem()).isTrue();
    }

    @Test
    void tellsHowSoonNarrowCountersWrap() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 2, 22, 4, 21, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u16(3).u32(4).u32(5)));

        assertThat(only(Topic.NARROW_COUNTERS).finding())
                .isEqualTo("counts octets in 2 octets, which wrap at less than 4 GiB");
    }

    @Test
    void countsRowsThatLackWhatIsAskedOfSomeOnly() {
        collecting.reading(new ReadingRules(
                BaseFields.of(List.of("source-address", "destination-address", "octets", "icmp")), Map.of()));

        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 8, 4, 1, 22, 4, 21, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u64(3).u8(1).u32(4).u32(5))
                .data(FLOW, record -> record.u32(1).u32(2).u64(3).u8(6).u32(4).u32(5)));

        assertThat(collecting.exporters().advice())
                .filteredOn(each -> each.topic() == Topic.MISSING_FIELDS)
                .extracting(ExporterAdvice::template)
                .containsExactly(FLOW, ExporterAdvice.NO_TEMPLATE);
        assertThat(collecting.rows()).extracting(row -> row.verdict().name()).containsExactly("INCOMPLETE", "COUNTED");
    }

    @Test
    void tellsThatTemplatesComeTooRarelyUntilTheyComeOften() {
        send(MessageBuilder.v9().template(FLOW, WHOLE));
        collecting.later(29 * MINUTE);
        send(MessageBuilder.v9().data(FLOW, whole(60_000)));
        collecting.later(MINUTE);
        send(MessageBuilder.v9().template(FLOW, WHOLE));

        assertThat(only(Topic.TEMPLATE_REFRESH).finding()).contains("29 minutes");

        collecting.later(MINUTE);
        send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(60_000)));
        assertThat(collecting.exporters().advice()).isEmpty();
    }

    @Test
    void tellsThatDataWaits() {
        send(MessageBuilder.v9().data(FLOW, whole(60_000)));

        assertThat(only(Topic.TEMPLATE_MISSING).problem()).isTrue();

        send(MessageBuilder.v9().template(FLOW, WHOLE));
        assertThat(collecting.exporters().advice()).isEmpty();
    }

    @Test
    void tellsTheActiveTimeoutFromFlowsThatLast() {
        send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(30 * 60_000L)));

        assertThat(only(Topic.ACTIVE_TIMEOUT).finding()).contains("30 minutes");

        for (int minute = 0; minute < 40; minute++) {
            collecting.later(MINUTE);
            send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(60_000)));
        }
        assertThat(collecting.exporters().advice()).as("mended").isEmpty();
    }

    @Test
    void tellsOfSamplersThatNobodyTold() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 8, 48, 1, 22, 4, 21, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u64(3).u8(7).u32(4).u32(5)));

        assertThat(only(Topic.SAMPLING).finding()).startsWith("1 rows");
    }

    @Test
    void tellsOfPacketsThatWentMissing() {
        send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(60_000)));
        sequence += 9;
        send(MessageBuilder.v9().data(FLOW, whole(60_000)));

        assertThat(only(Topic.LOSS).finding()).isEqualTo("81.8 % went missing on the way: 9 packets");
    }

    @Test
    void takesALittleLossForUsual() {
        for (int packet = 0; packet < 1_000; packet++) {
            send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(60_000)));
            sequence += packet == 500 ? 1 : 0;
        }

        assertThat(collecting.exporters().advice()).isEmpty();
    }

    @Test
    void tellsOfNumbersThatComeAgain() {
        for (int packet = 0; packet < 40; packet++) {
            send(MessageBuilder.v9().template(FLOW, WHOLE).data(FLOW, whole(60_000 + packet)));
        }
        sequence -= 2;
        send(MessageBuilder.v9().data(FLOW, whole(61_000)));
        send(MessageBuilder.v9().data(FLOW, whole(62_000)));
        assertThat(collecting.exporters().advice()).as("two of forty-two").isEmpty();

        sequence -= 2;
        send(MessageBuilder.v9().data(FLOW, whole(63_000)));
        assertThat(only(Topic.SEQUENCE).finding()).startsWith("3 datagrams have sequence numbers that others had");
    }

    @Test
    void asksWhatPostCountersAreWhereTheyComeBesideOthers() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 23, 4, 22, 4, 21, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(4).u32(5).u32(6)));

        assertThat(only(Topic.POST_COUNTERS).remedy()).contains("192.0.2.1 into post.counters.reverse");
        assertThat(only(Topic.NARROW_COUNTERS).finding()).endsWith("wrap at 4 GiB");
    }

    @Test
    void tellsOfPrefixesWithoutLength() {
        send(MessageBuilder.v9()
                .template(FLOW, 44, 4, 45, 4, 1, 8)
                .data(FLOW, record -> record.u32(1).u32(2).u64(3)));

        assertThat(only(Topic.AGGREGATED).template()).isEqualTo(FLOW);
    }

    @Test
    void expectsNoUsageOfTemplatesForEvents() {
        send(MessageBuilder.v9()
                .template(FLOW, 8, 4, 225, 4, 227, 2, 230, 1)
                .data(FLOW, record -> record.u32(1).u32(2).u16(3).u8(1)));

        assertThat(collecting.exporters().advice()).isEmpty();
    }

    @Test
    void tellsWhatAnExporterCountsThatDoesNotCountPackets() {
        for (int packet = 0; packet < 60; packet++) {
            int records = 2 + packet % 5;
            MessageBuilder message = MessageBuilder.v9().sequence(sequence).template(FLOW, WHOLE);
            for (int record = 0; record < records; record++) {
                message.data(FLOW, whole(60_000));
            }
            collecting.receive(message.toOctets());
            sequence += records + (packet == 50 ? 7 : 0);
        }

        assertThat(only(Topic.SEQUENCE).finding()).contains("count records, not packets");
        assertThat(only(Topic.SEQUENCE).problem()).isFalse();
        assertThat(only(Topic.LOSS).finding()).endsWith("7 records");
    }

    @Test
    void tellsOfExportersThatAreTakenForOneAndReadsEachByItsOwnTemplate() {
        for (int turn = 0; turn < 3; turn++) {
            collecting.fromPort(1001);
            send(MessageBuilder.v9().template(FLOW, WHOLE));
            collecting.fromPort(1002);
            send(MessageBuilder.v9().template(FLOW, 1, 8, 8, 4, 12, 4));
            collecting.later(MINUTE);
        }

        collecting.fromPort(1001);
        send(MessageBuilder.v9().data(FLOW, whole(60_000)));
        collecting.fromPort(1002);
        send(MessageBuilder.v9().data(FLOW, record -> record.u64(700).u32(1).u32(2)));

        assertThat(collecting.rows())
                .extracting(row -> row.fields().get("octets"))
                .containsExactly(1500L, 700L);
        ExporterAdvice first = collecting.exporters().advice().get(0);
        assertThat(first.topic()).isEqualTo(Topic.TEMPLATE_CLASH);
        assertThat(first.problem()).isTrue();
        assertThat(first.template()).isEqualTo(FLOW);
        assertThat(first.finding()).contains("1001 and 1002");
        assertThat(first.remedy()).contains("exporter.key = address-port");
    }

    private void send(MessageBuilder message) {
        collecting.receive(message.sequence(sequence++).toOctets());
    }

    private ExporterAdvice only(Topic topic) {
        List<ExporterAdvice> found = collecting.exporters().advice().stream()
                .filter(each -> each.topic() == topic)
                .toList();
        assertThat(found).as(topic + " in " + collecting.exporters().advice()).hasSize(1);
        return found.get(0);
    }

    private static Consumer<Data> whole(long lastsMillis) {
        return record -> record.u32(0x0A00_0001)
                .u32(0xC000_0201L)
                .u64(1500)
                .u64(1)
                .u8(6)
                .u8(0)
                .u16(1)
                .u16(2)
                .u32(3)
                .u32(4)
                .u32(1_000_000)
                .u32(1_000_000 + lastsMillis);
    }
}
