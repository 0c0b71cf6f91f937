// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.template.BaseFields;
import org.flowtally.lib.template.PostCounters;
import org.flowtally.lib.template.ReadingRules;
import org.junit.jupiter.api.Test;

class NetflowV9Test {
    private static final int FLOW = 300;
    private static final int[] FLOW_FIELDS = {8, 4, 12, 4, 1, 4, 2, 4};

    private final Decoding decoding = new Decoding(new NetflowV9(), 100);

    @Test
    void readsTheHeader() {
        decode(MessageBuilder.v9()
                .uptimeMillis(5000)
                .exportSeconds(1_774_000_000L)
                .sequence(42));

        assertThat(decoding.exporter().headers()).containsExactly(new Header(42, 1, 5000, 1_774_000_000_000L));
    }

    @Test
    void letsDataWaitForItsTemplate() {
        DecodeResult early = decode(MessageBuilder.v9()
                .exportSeconds(1000)
                .uptimeMillis(77)
                .data(FLOW, flow(1500))
                .data(FLOW, flow(1600)));
        int heldOctets = decoding.exporter().memory().heldOctets();
        DecodeResult late = decode(MessageBuilder.v9().exportSeconds(2000).template(FLOW, FLOW_FIELDS));

        assertThat(early).isEqualTo(DecodeResult.WAITING_FOR_TEMPLATE);
        assertThat(heldOctets).isPositive();
        assertThat(late).isEqualTo(DecodeResult.DECODED);
        assertThat(octets()).containsExactly(1500L, 1600L);
        assertThat(decoding.rows()).extracting(DecodedRow::exportMillis).containsOnly(1_000_000L);
        assertThat(decoding.rows()).extracting(DecodedRow::uptimeMillis).containsOnly(77L);
        assertThat(decoding.exporter().memory().heldOctets()).isZero();
    }

    @Test
    void goesOnWithDataThatHadWaitedWhenABatchIsFull() {
        Decoding small = new Decoding(new NetflowV9(), 2);
        MessageBuilder early = MessageBuilder.v9();
        for (int record = 1; record <= 7; record++) {
            early.data(FLOW, flow(record));
        }
        small.decode(early.toOctets());

        small.decode(MessageBuilder.v9()
                .template(FLOW, FLOW_FIELDS)
                .data(FLOW, flow(100))
                .toOctets());

        assertThat(small.rows())
                .extracting(row -> row.fields().get("octets"))
                .containsExactly(100L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void takesATemplateThatStandsBehindItsData() {
        decode(MessageBuilder.v9().data(FLOW, flow(1500)).template(FLOW, FLOW_FIELDS));

        assertThat(octets()).containsExactly(1500L);
    }

    @Test
    void readsEachSetByTheTemplateThatHoldsAtItsPlace() {
        decode(MessageBuilder.v9()
                .template(FLOW, FLOW_FIELDS)
                .data(FLOW, flow(1500))
                .template(FLOW, 8, 4, 12, 4, 1, 8)
                .data(FLOW, record -> record.u32(1).u32(2).u64(1L << 40)));

        assertThat(octets()).containsExactly(1500L, 1L << 40);
        assertThat(decoding.exporter().memory().templates()).isEqualTo(1);
    }

    @Test
    void toleratesPaddingOfAnyLength() {
        decode(MessageBuilder.v9()
                .template(FLOW, FLOW_FIELDS)
                .data(FLOW, flow(1500).andThen(record -> record.octets(new byte[15])))
                .padding(1220));

        assertThat(octets()).containsExactly(1500L);
    }

    @Test
    void givesRowsTheRateOfTheSamplerTheyName() {
        decode(MessageBuilder.v9()
                .options(256, 1, 1, 4, 48, 1, 49, 1, 50, 4)
                .data(256, record -> record.u32(0).u8(3).u8(2).u32(1000)));
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 48, 1)
                .data(FLOW, record -> record.u32(1).u32(2).u32(100).u8(3))
                .data(FLOW, record -> record.u32(1).u32(2).u32(100).u8(0))
                .data(FLOW, record -> record.u32(1).u32(2).u32(100).u8(9)));

        assertThat(decoding.rows()).extracting(DecodedRow::samplingRate).containsExactly(1000, 1, 1);
        assertThat(decoding.rows())
                .extracting(DecodedRow::quality)
                .containsExactly(Quality.SCALED, 0, Quality.RATE_UNKNOWN);
    }

    @Test
    void givesRowsTheRateOfTheirInterfaceOrOfTheExporter() {
        decode(MessageBuilder.v9()
                .options(256, 1, 2, 4, 34, 4, 35, 1)
                .data(256, record -> record.u32(17).u32(512).u8(1))
                .options(257, 1, 1, 4, 34, 4, 35, 1)
                .data(257, record -> record.u32(0).u32(64).u8(1)));
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 10, 2, 14, 2)
                .data(FLOW, record -> record.u32(1).u32(2).u32(100).u16(17).u16(5))
                .data(FLOW, record -> record.u32(1).u32(2).u32(100).u16(18).u16(5)));

        assertThat(decoding.rows()).extracting(DecodedRow::samplingRate).containsExactly(512, 64);
    }

    @Test
    void makesTwoRowsOfWhatInitiatorAndResponderSent() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 7, 2, 11, 2, 231, 4, 232, 4)
                .data(
                        FLOW,
                        record -> record.u32(0x0A000001)
                                .u32(0xC0000201L)
                                .u16(5000)
                                .u16(443)
                                .u32(10)
                                .u32(2000)));

        assertThat(octets()).containsExactly(10L, 2000L);
        assertThat(decoding.rows().get(1).fields())
                .containsEntry("src", "192.0.2.1")
                .containsEntry("dst", "10.0.0.1")
                .containsEntry("src_port", 443L)
                .containsEntry("dst_port", 5000L);
    }

    @Test
    void tellsEventsFromUsage() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 233, 1, 231, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u8(1).u32(0))
                .data(FLOW, record -> record.u32(1).u32(2).u8(2).u32(700))
                .template(301, 8, 4, 225, 4, 227, 2, 230, 1)
                .data(301, record -> record.u32(1).u32(0xC0000201L).u16(1024).u8(4)));

        assertThat(decoding.rows())
                .extracting(DecodedRow::verdict)
                .containsExactly(Verdict.EVENT, Verdict.COUNTED, Verdict.EVENT);
        assertThat(decoding.rows().get(2).fields())
                .containsEntry("post_nat_src", "192.0.2.1")
                .containsEntry("post_nat_src_port", 1024L)
                .containsEntry("nat_event", 4L);
    }

    @Test
    void countsTheFirstPacketsOfAFlowThatAreToldWithItsCreationAlone() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 2, 4, 233, 1)
                .data(FLOW, record -> record.u32(1).u32(2).u32(70).u32(1).u8(1))
                .data(FLOW, record -> record.u32(1).u32(2).u32(111).u32(1).u8(5))
                .data(FLOW, record -> record.u32(1).u32(2).u32(0).u32(0).u8(1))
                .data(FLOW, record -> record.u32(1).u32(2).u32(70).u32(1).u8(3)));

        assertThat(decoding.rows())
                .extracting(DecodedRow::verdict)
                .containsExactly(Verdict.COUNTED, Verdict.COUNTED, Verdict.EVENT, Verdict.EVENT);
    }

    @Test
    void knowsTheElementsThatAsaHadBeforeIana() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 40001, 4, 40002, 4, 40003, 2, 40004, 2, 40005, 1)
                .data(
                        FLOW,
                        record ->
                                record.u32(1).u32(2).u32(3).u32(4).u16(5).u16(6).u8(2)));

        assertThat(decoding.rows().get(0).fields())
                .containsEntry("post_nat_dst", "0.0.0.4")
                .containsEntry("post_nat_dst_port", 6L)
                .containsEntry("firewall_event", 2L);
    }

    @Test
    void keepsPortBlocks() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 225, 4, 361, 2, 364, 2, 230, 1)
                .data(FLOW, record -> record.u32(1).u32(2).u16(1024).u16(512).u8(16)));

        assertThat(decoding.rows().get(0).verdict()).isEqualTo(Verdict.EVENT);
        assertThat(decoding.rows().get(0).fields())
                .containsEntry("port_block_first", 1024L)
                .containsEntry("port_block_last", 1535L);
    }

    @Test
    void fillsTheColumnsOfTheLinkLayer() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 56, 6, 80, 6, 58, 2, 59, 2, 234, 4, 235, 4, 61, 1)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(3)
                                .number(0x0200_0000_0001L, 6)
                                .number(0x0200_0000_0002L, 6)
                                .u16(100)
                                .u16(200)
                                .u32(0x6000_0000)
                                .u32(0xFFFF_FFFFL)
                                .u8(1)));

        assertThat(decoding.rows().get(0).fields())
                .containsEntry("src_mac", "02:00:00:00:00:01")
                .containsEntry("dst_mac", "02:00:00:00:00:02")
                .containsEntry("vlan", 100L)
                .containsEntry("post_vlan", 200L)
                .containsEntry("in_vrf", 0x6000_0000L)
                .containsEntry("out_vrf", 0xFFFF_FFFFL)
                .containsEntry("direction", 1L);
    }

    @Test
    void findsIcmpInTheDestinationPort() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 7, 2, 11, 2, 4, 1)
                .data(
                        FLOW,
                        record -> record.u32(1).u32(2).u32(3).u16(0).u16(771).u8(1))
                .data(
                        FLOW,
                        record -> record.u32(1).u32(2).u32(3).u16(0).u16(771).u8(6)));

        assertThat(decoding.rows().get(0).fields()).containsEntry("icmp_type_code", 771L);
        assertThat(decoding.rows().get(1).fields()).doesNotContainKey("icmp_type_code");
    }

    @Test
    void takesTheAddressFamilyThatIsNotZero() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 27, 16, 28, 16, 1, 4)
                .data(
                        FLOW,
                        record ->
                                record.u32(0).u32(0).u64(1).u64(2).u64(3).u64(4).u32(5))
                .data(
                        FLOW,
                        record ->
                                record.u32(1).u32(2).u64(0).u64(0).u64(0).u64(0).u32(5)));

        assertThat(decoding.rows().get(0).fields())
                .containsEntry("src", "::1:0:0:0:2")
                .containsEntry("dst", "::3:0:0:0:4");
        assertThat(decoding.rows().get(1).fields()).containsEntry("src", "0.0.0.1");
    }

    @Test
    void judgesRowsWithoutAddressesOrOctets() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 1, 4)
                .data(FLOW, record -> record.u32(1).u32(2))
                .template(301, 44, 4, 45, 4, 1, 4)
                .data(301, record -> record.u32(1).u32(2).u32(3)));

        assertThat(decoding.rows())
                .extracting(DecodedRow::verdict)
                .containsExactly(Verdict.INCOMPLETE, Verdict.AGGREGATED);
    }

    @Test
    void keepsPrefixesThatStandForAddresses() {
        decode(MessageBuilder.v9()
                .template(FLOW, 44, 4, 9, 1, 1, 4)
                .data(FLOW, record -> record.u32(0x0A00_0000).u8(24).u32(700)));

        assertThat(decoding.rows().get(0).verdict()).isEqualTo(Verdict.COUNTED);
        assertThat(decoding.rows().get(0).fields())
                .containsEntry("src_prefix", "10.0.0.0")
                .containsEntry("src_mask", 24L)
                .doesNotContainKey("dst");
    }

    @Test
    void refusesSetsThatRunPastTheDatagram() {
        byte[] whole = MessageBuilder.v9()
                .template(FLOW, FLOW_FIELDS)
                .data(FLOW, flow(1500))
                .toOctets();
        whole[whole.length - 17] = 21; // The last set's length, by one too long.

        assertThat(decoding.decode(whole)).isEqualTo(DecodeResult.TRUNCATED);
        assertThat(decoding.rows()).isEmpty();
        assertThat(decoding.exporter().memory().templates()).isZero();
    }

    @Test
    void learnsNoTemplateWhoseRecordsHaveNoOctets() {
        decode(MessageBuilder.v9().template(FLOW, 8, 0, 12, 0));

        assertThat(decoding.exporter().memory().templates()).isZero();
    }

    @Test
    void countsPostCountersWhereNothingElseCounts() {
        decodeBothCounters(PostCounters.SPARE);

        assertThat(octets()).containsExactly(100L, 32L, 0L, 7L);
        assertThat(packets()).containsExactly(2L, 1L, 0L, 1L);
    }

    @Test
    void countsWhatLeftTheExporterInsteadOfWhatCameIn() {
        decodeBothCounters(PostCounters.INSTEAD);

        assertThat(octets()).containsExactly(50L, 32L, 0L, 7L);
        assertThat(packets()).containsExactly(1L, 1L, 0L, 1L);
    }

    @Test
    void makesRowsOfTheOppositeDirectionOfPostCounters() {
        decodeBothCounters(PostCounters.REVERSE);

        assertThat(octets()).containsExactly(100L, 50L, 0L, 32L, 0L, 7L);
        assertThat(decoding.rows().get(1).fields())
                .containsEntry("src", "192.0.2.1")
                .containsEntry("dst", "10.0.0.1")
                .containsEntry("packets", 1L);
        assertThat(decoding.rows().get(5).fields()).containsEntry("src", "10.0.0.1");
    }

    @Test
    void neverCountsPostCountersThatAreToBeIgnored() {
        decodeBothCounters(PostCounters.IGNORE);

        assertThat(octets()).containsExactly(100L, 0L, 0L, null);
        assertThat(decoding.rows().get(3).verdict()).isEqualTo(Verdict.INCOMPLETE);
    }

    @Test
    void readsKnownTemplatesAnewWhenTheMeaningOfPostCountersChanges() {
        decodeBothCounters(PostCounters.SPARE);
        decoding.exporter().space().rules(rules(PostCounters.INSTEAD));

        decode(MessageBuilder.v9().data(FLOW, both(100, 2, 50, 1)));

        assertThat(octets()).last().isEqualTo(50L);
    }

    @Test
    void countsNoTotalWherePostCountersStandInstead() {
        decoding.exporter().space().rules(rules(PostCounters.INSTEAD));

        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 85, 4, 86, 4, 23, 4, 24, 4)
                .data(FLOW, both(1000, 20, 50, 1)));

        assertThat(octets()).containsExactly(50L);
        assertThat(packets()).containsExactly(1L);
    }

    @Test
    void leavesThePostCounterWhereATotalCounts() {
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 85, 4, 86, 4, 23, 4, 24, 4)
                .data(FLOW, both(1000, 20, 50, 1)));

        assertThat(octets()).containsExactly(1000L);
    }

    @Test
    void needsTheAddressesThatTheOperatorNames() {
        decoding.exporter()
                .space()
                .rules(new ReadingRules(BaseFields.of(List.of("destination-address", "octets")), Map.of()));

        decode(MessageBuilder.v9()
                .template(FLOW, 12, 4, 1, 4)
                .data(FLOW, record -> record.u32(1).u32(2))
                .template(301, 8, 4, 1, 4)
                .data(301, record -> record.u32(1).u32(2)));

        assertThat(decoding.rows())
                .extracting(DecodedRow::verdict)
                .containsExactly(Verdict.COUNTED, Verdict.INCOMPLETE);
    }

    /** Records with both counters, with one of them 0, with zeros, and of a template that has the post counters alone. */
    private void decodeBothCounters(PostCounters meaning) {
        decoding.exporter().space().rules(rules(meaning));
        decode(MessageBuilder.v9()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 2, 4, 23, 4, 24, 4)
                .data(FLOW, both(100, 2, 50, 1))
                .data(FLOW, both(0, 0, 32, 1))
                .data(FLOW, both(0, 0, 0, 0))
                .template(301, 8, 4, 12, 4, 23, 4, 24, 4)
                .data(
                        301,
                        record ->
                                record.u32(0x0A00_0001).u32(0xC000_0201L).u32(7).u32(1)));
    }

    private static ReadingRules rules(PostCounters meaning) {
        return new ReadingRules(BaseFields.USUAL, Map.of(Prefix.parse("192.0.2.0/24"), meaning));
    }

    private static Consumer<Data> both(long octets, long packets, long postOctets, long postPackets) {
        return record -> record.u32(0x0A00_0001)
                .u32(0xC000_0201L)
                .u32(octets)
                .u32(packets)
                .u32(postOctets)
                .u32(postPackets);
    }

    private List<Object> packets() {
        return decoding.rows().stream().map(row -> row.fields().get("packets")).toList();
    }

    private DecodeResult decode(MessageBuilder message) {
        return decoding.decode(message.toOctets());
    }

    private static Consumer<Data> flow(long octets) {
        return record -> record.u32(0x0A00_0001).u32(0xC000_0201L).u32(octets).u32(1);
    }

    private List<Object> octets() {
        return decoding.rows().stream().map(row -> row.fields().get("octets")).toList();
    }
}
