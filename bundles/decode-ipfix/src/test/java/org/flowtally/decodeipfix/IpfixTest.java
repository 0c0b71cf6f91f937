// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodeipfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.Quality;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;
import org.flowtally.itests.contract.RecordedExporter.Header;
import org.flowtally.lib.template.TemplateCounter;
import org.junit.jupiter.api.Test;

class IpfixTest {
    private static final int FLOW = 300;
    private static final int NESTED = 301;
    private static final int VARIABLE = 0xFFFF;
    private static final int REVERSE = 29305 << 16;
    private static final int FOREIGN = 9 << 16;
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

    private final Decoding decoding = new Decoding(new Ipfix(), 100);

    @Test
    void countsRecordsOfFlowsAndOptionsForTheSequence() {
        decode(MessageBuilder.ipfix()
                .sequence(42)
                .exportSeconds(1_774_000_000L)
                .options(256, 1, 149, 4, 160, 8)
                .data(256, record -> record.u32(0).u64(1000))
                .template(FLOW, 8, 4, 12, 4, 1, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(1).u32(2).u32(3)));

        assertThat(decoding.exporter().headers())
                .containsExactly(new Header(42, 3, FlowBatch.NO_UPTIME, 1_774_000_000_000L));
    }

    @Test
    void doesNotKnowTheUnitsOfDataThatWaits() {
        decode(MessageBuilder.ipfix().data(FLOW, record -> record.u32(1)));

        assertThat(decoding.exporter().headers())
                .extracting(Header::units)
                .containsExactly(ExporterState.UNKNOWN_UNITS);
    }

    @Test
    void letsDataWaitAgainWhenItsTemplateIsWithdrawn() {
        decode(MessageBuilder.ipfix().template(FLOW, 8, 4, 12, 4, 1, 4));
        decode(MessageBuilder.ipfix().template(FLOW));

        DecodeResult result = decode(
                MessageBuilder.ipfix().data(FLOW, record -> record.u32(1).u32(2).u32(3)));

        assertThat(result).isEqualTo(DecodeResult.WAITING_FOR_TEMPLATE);
        assertThat(decoding.rows()).isEmpty();
    }

    @Test
    void skipsElementsOfEnterprises() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, FOREIGN | 1, 8, 12, 4, FOREIGN | 2, VARIABLE, 1, 4)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u64(99)
                                .u32(2)
                                .u8(3)
                                .octets(new byte[3])
                                .u32(700)));

        assertThat(octets()).containsExactly(700L);
    }

    @Test
    void makesTwoRowsOfABiflow() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 2, 4, 6, 1, REVERSE | 1, 4, REVERSE | 2, 4, REVERSE | 6, 1)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(10)
                                .u32(1)
                                .u8(2)
                                .u32(20)
                                .u32(2)
                                .u8(18))
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(30)
                                .u32(3)
                                .u8(2)
                                .u32(0)
                                .u32(0)
                                .u8(0)));

        assertThat(octets()).containsExactly(10L, 20L, 30L);
        assertThat(decoding.rows().get(1).fields())
                .containsEntry("src", "0.0.0.2")
                .containsEntry("packets", 2L)
                .containsEntry("tcp_flags", 18L);
    }

    @Test
    void goesOnInTheMiddleOfABiflow() {
        Decoding small = new Decoding(new Ipfix(), 1);

        small.decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, REVERSE | 1, 4)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(10)
                                .u32(20)
                                .u32(1)
                                .u32(2)
                                .u32(30)
                                .u32(40))
                .toOctets());

        assertThat(small.rows()).extracting(row -> row.fields().get("octets")).containsExactly(10L, 20L, 30L, 40L);
    }

    @Test
    void takesWhatATotalGainedWhileItsFlowIsActive() {
        MessageBuilder active = MessageBuilder.ipfix().template(FLOW, 8, 4, 12, 4, 152, 8, 85, 8, 86, 8, 136, 1);
        for (long[] seen : new long[][] {{1000, 2}, {1500, 2}, {1600, 0}, {1700, 3}, {900, 3}}) {
            active.data(
                    FLOW,
                    record -> record.u32(1)
                            .u32(2)
                            .u64(7)
                            .u64(seen[0])
                            .u64(seen[0] / 100)
                            .u8(seen[1]));
        }

        decode(active);

        assertThat(octets()).containsExactly(1000L, 500L, 100L, 100L, 900L);
        assertThat(decoding.rows())
                .extracting(row -> row.fields().get("packets"))
                .containsExactly(10L, 5L, 1L, 1L, 9L);
    }

    @Test
    void tellsTotalsOfTwoFlowsApartByTheNumberThatTheExporterGaveThem() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 85, 8, 148, 8, 136, 1)
                .data(FLOW, record -> record.u32(1).u32(2).u64(1000).u64(1).u8(2))
                .data(FLOW, record -> record.u32(1).u32(2).u64(1100).u64(2).u8(2))
                .data(FLOW, record -> record.u32(1).u32(2).u64(1200).u64(1).u8(2)));

        assertThat(octets()).containsExactly(1000L, 1100L, 200L);
    }

    @Test
    void takesTheTotalWhereTheDeltaIsZero() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 85, 8)
                .data(FLOW, record -> record.u32(1).u32(2).u32(0).u64(900))
                .data(FLOW, record -> record.u32(1).u32(2).u32(300).u64(1200)));

        assertThat(octets()).containsExactly(900L, 300L);
    }

    @Test
    void readsTimesInEveryForm() {
        long ntp = ((1_774_000_000L + SECONDS_1900_TO_1970) << 32) | 0x8000_0000L;
        decode(MessageBuilder.ipfix()
                .exportSeconds(1_774_000_001L)
                .template(FLOW, 8, 4, 12, 4, 1, 4, 154, 8, 157, 8)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u64(ntp).u64(ntp))
                .template(301, 8, 4, 12, 4, 1, 4, 150, 4, 151, 4)
                .data(
                        301,
                        record ->
                                record.u32(1).u32(2).u32(3).u32(1_774_000_000L).u32(1_774_000_001L))
                .template(302, 8, 4, 12, 4, 1, 4, 158, 4, 159, 4)
                .data(302, record -> record.u32(1).u32(2).u32(3).u32(1_000_000).u32(500_000))
                .template(303, 8, 4, 12, 4, 1, 4, 153, 8, 161, 4)
                .data(
                        303,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(3)
                                .u64(1_774_000_000_000L)
                                .u32(250))
                .template(304, 8, 4, 12, 4, 1, 4, 22, 4, 21, 4, 160, 8)
                .data(
                        304,
                        record -> record.u32(1).u32(2).u32(3).u32(100).u32(200).u64(1_773_000_000_000L)));

        assertThat(times("start_ms"))
                .containsExactly(
                        1_774_000_000_500L,
                        1_774_000_000_000L,
                        1_774_000_000_000L,
                        1_773_999_999_750L,
                        1_773_000_000_100L);
        assertThat(times("end_ms"))
                .containsExactly(
                        1_774_000_000_500L,
                        1_774_000_001_000L,
                        1_774_000_000_500L,
                        1_774_000_000_000L,
                        1_773_000_000_200L);
    }

    @Test
    void takesATimeOfZeroForNone() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 152, 8, 153, 8)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u64(0).u64(0)));

        assertThat(decoding.rows().get(0).fields()).doesNotContainKeys("start_ms", "end_ms");
    }

    @Test
    void makesUptimesAbsoluteByTheBootTimeInOptions() {
        decode(MessageBuilder.ipfix()
                .exportSeconds(1_774_000_000L)
                .options(256, 1, 149, 4, 160, 8)
                .data(256, record -> record.u32(0).u64(1_773_999_000_000L))
                .template(FLOW, 8, 4, 12, 4, 1, 4, 22, 4, 21, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(100).u32(200)));

        assertThat(times("start_ms")).containsExactly(1_773_999_000_100L);
        assertThat(times("end_ms")).containsExactly(1_773_999_000_200L);
    }

    @Test
    void readsRatesInEveryForm() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 305, 4, 306, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(10).u32(990))
                .template(301, 8, 4, 12, 4, 1, 4, 309, 4, 310, 4)
                .data(301, record -> record.u32(1).u32(2).u32(3).u32(1).u32(256))
                .template(302, 8, 4, 12, 4, 1, 4, 311, 8)
                .data(302, record -> record.u32(1).u32(2).u32(3).u64(Double.doubleToLongBits(0.01)))
                .template(303, 8, 4, 12, 4, 1, 4, 34, 4)
                .data(303, record -> record.u32(1).u32(2).u32(3).u32(50)));

        assertThat(decoding.rows()).extracting(DecodedRow::samplingRate).containsExactly(100, 256, 100, 50);
    }

    @Test
    void readsRatesWhoseLastOctetComesFirst() {
        decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 34, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(1 << 24)) // 1, as RouterOS sends it.
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(0xAE08_0000)) // 2222
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(0xFF_FFFF)) // The most that is a rate.
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(0x7F00_0001)) // Beyond any rate in both orders.
                .template(301, 8, 4, 12, 4, 1, 4, 305, 4, 306, 4)
                .data(301, record -> record.u32(1).u32(2).u32(3).u32(1 << 24).u32(0xAD08_0000)));

        assertThat(decoding.rows()).extracting(DecodedRow::samplingRate).containsExactly(1, 2222, 0xFF_FFFF, 1, 2222);
        assertThat(decoding.rows())
                .extracting(row -> (row.quality() & Quality.RATE_UNKNOWN) != 0)
                .containsExactly(false, false, false, true, false);
    }

    @Test
    void findsFlowsInListsOfRecords() {
        byte[] first = new Data().u32(3).u32(4).u32(20).toOctets();
        byte[] second = new Data().u32(5).u32(6).u32(30).toOctets();
        MessageBuilder message = MessageBuilder.ipfix()
                .template(NESTED, 8, 4, 12, 4, 1, 4)
                .template(FLOW, 8, 4, 12, 4, 1, 4, 292, VARIABLE, 293, VARIABLE)
                .data(
                        FLOW,
                        record -> record.u32(1)
                                .u32(2)
                                .u32(10)
                                .u8(27)
                                .u8(3)
                                .u16(NESTED)
                                .octets(first)
                                .octets(second)
                                .u8(17)
                                .u8(3)
                                .u16(NESTED)
                                .u16(16)
                                .octets(first));

        for (int rowsOfBatch : new int[] {1, 2, 3, 100}) {
            Decoding lists = new Decoding(new Ipfix(), rowsOfBatch);

            lists.decode(message.toOctets());

            assertThat(lists.rows())
                    .extracting(row -> row.fields().get("octets"))
                    .containsExactly(10L, 20L, 30L, 20L);
        }
    }

    @Test
    void findsFlowsInListsThatAreValuesOfABasicList() {
        byte[] flow = new Data().u32(3).u32(4).u32(20).toOctets();
        byte[] list = new Data().u8(3).u16(NESTED).octets(flow).toOctets();
        byte[] basic = new Data()
                .u8(3)
                .u16(292)
                .u16(VARIABLE)
                .u8(list.length)
                .octets(list)
                .u8(0xFF)
                .u16(list.length)
                .octets(list)
                .toOctets();

        for (int rowsOfBatch : new int[] {1, 2, 100}) {
            Decoding lists = new Decoding(new Ipfix(), rowsOfBatch);
            lists.decode(listed(291, basic).toOctets());

            assertThat(lists.rows())
                    .extracting(row -> row.fields().get("octets"))
                    .containsExactly(10L, 20L, 20L);
            assertThat(broken(lists)).isZero();
        }
    }

    @Test
    void takesNoFlowFromAListOfWhatIsNotSo() {
        byte[] flow = new Data().u32(3).u32(4).u32(20).toOctets();

        decode(listed(292, new Data().u8(0).u16(NESTED).octets(flow).toOctets()));

        assertThat(octets()).containsExactly(10L);
    }

    @Test
    void leavesBasicListsOfPlainValuesAlone() {
        decode(listed(291, new Data().u8(3).u16(8).u16(4).u32(7).u32(8).toOctets()));
        decode(listed(
                291,
                new Data().u8(3).u16(0x8000 | 5).u16(2).u32(9).u16(7).u16(8).toOctets()));

        assertThat(octets()).containsExactly(10L, 10L);
        assertThat(broken(decoding)).isZero();
    }

    @Test
    void countsListsThatAreBrokenOnceWhateverTheBatch() {
        byte[] flow = new Data().u32(3).u32(4).u32(20).toOctets();
        byte[][] wrong = {
            new Data().u8(3).u16(NESTED).octets(flow).u8(1).toOctets(), // Less than a record is left over.
            new Data().u8(3).u8(1).toOctets(), // No whole template id.
        };
        for (byte[] list : wrong) {
            for (int rowsOfBatch : new int[] {1, 100}) {
                Decoding lists = new Decoding(new Ipfix(), rowsOfBatch);
                lists.decode(listed(292, list).toOctets());
                assertThat(broken(lists)).isOne();
            }
        }
        byte[][] wrongBasic = {
            new Data().u8(3).u16(8).toOctets(), // No length.
            new Data().u8(3).u16(8).u16(4).u8(1).toOctets(), // Less than a value.
            new Data().u8(3).u16(8).u16(VARIABLE).u8(9).u8(1).toOctets(), // A value that runs past the list.
            new Data().u8(3).u16(8).u16(VARIABLE).u8(0xFF).u8(1).toOctets(), // A length that is cut off.
            new Data().u8(3).u16(8).u16(0).u8(1).toOctets(), // Values without octets.
            new Data().u8(3).u16(0x8008).u16(4).u16(1).toOctets(), // An enterprise that is cut off.
        };
        for (byte[] list : wrongBasic) {
            Decoding lists = new Decoding(new Ipfix(), 1);
            lists.decode(listed(291, list).toOctets());
            assertThat(broken(lists)).isOne();
        }
        Decoding multi = new Decoding(new Ipfix(), 100);
        multi.decode(
                listed(293, new Data().u8(3).u16(NESTED).u16(99).octets(flow).toOctets())
                        .toOctets());
        assertThat(broken(multi)).isOne();
    }

    @Test
    void countsListsWhoseTemplateIsNotKnownOrThatLieTooDeep() {
        decode(listed(292, new Data().u8(3).u16(999).u32(1).toOctets()));

        assertThat(decoding.exporter().space().count(TemplateCounter.LISTS_UNREAD))
                .isOne();

        byte[] inner = new Data().u8(3).u16(NESTED).u32(1).u32(2).u32(3).toOctets();
        for (int depth = 0; depth < 6; depth++) {
            inner = new Data()
                    .u8(3)
                    .u16(292)
                    .u16(VARIABLE)
                    .u8(inner.length)
                    .octets(inner)
                    .toOctets();
            inner[2] = (byte) (depth == 0 ? 292 & 0xFF : 291 & 0xFF);
        }
        decode(listed(291, inner));

        assertThat(decoding.exporter().space().count(TemplateCounter.LISTS_UNREAD))
                .isEqualTo(2);
    }

    @Test
    void readsNothingBeyondADatagramWhoseListsAreNoise() {
        Random random = new Random(20261120);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            if (noise.length > 4 && random.nextBoolean()) {
                noise[1] = 1;
                noise[2] = (byte) (round % 2 == 0 ? NESTED : 291 + random.nextInt(3));
            }
            Decoding lists = new Decoding(new Ipfix(), 1 + random.nextInt(3));

            DecodeResult result =
                    lists.decodeAtTheEnd(listed(291 + random.nextInt(3), noise).toOctets());

            assertThat(result).isEqualTo(DecodeResult.DECODED);
            assertThat(lists.rows()).isNotEmpty();
        }
    }

    /** A flow of 10 octets with a list behind it. */
    private static MessageBuilder listed(int element, byte[] list) {
        return MessageBuilder.ipfix()
                .template(NESTED, 8, 4, 12, 4, 1, 4)
                .template(FLOW, 8, 4, 12, 4, 1, 4, element, VARIABLE)
                .data(
                        FLOW,
                        record -> record.u32(1).u32(2).u32(10).u8(list.length).octets(list));
    }

    private static long broken(Decoding lists) {
        return lists.exporter().space().count(TemplateCounter.LISTS_BROKEN);
    }

    @Test
    void refusesAMessageWhoseLengthIsNotThatOfTheDatagram() {
        byte[] message =
                MessageBuilder.ipfix().template(FLOW, 8, 4, 12, 4, 1, 4).toOctets();

        assertThat(decoding.decode(Arrays.copyOf(message, message.length + 1))).isEqualTo(DecodeResult.LENGTH_MISMATCH);
        assertThat(decoding.decode(Arrays.copyOf(message, message.length - 1))).isEqualTo(DecodeResult.TRUNCATED);
    }

    @Test
    void refusesRecordsThatRunPastTheirSet() {
        DecodeResult result = decode(MessageBuilder.ipfix()
                .template(FLOW, 8, 4, 12, 4, 1, 4, 460, VARIABLE)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u8(200).u8(0)));

        assertThat(result).isEqualTo(DecodeResult.LENGTH_MISMATCH);
        assertThat(decoding.rows()).isEmpty();
    }

    private DecodeResult decode(MessageBuilder message) {
        return decoding.decode(message.toOctets());
    }

    private List<Object> octets() {
        return times("octets");
    }

    private List<Object> times(String field) {
        return decoding.rows().stream().map(row -> row.fields().get(field)).toList();
    }
}
