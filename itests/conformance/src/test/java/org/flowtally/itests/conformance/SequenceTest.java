// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.flowtally.decodeipfix.Ipfix;
import org.flowtally.decodev1.NetflowV1;
import org.flowtally.decodev5.NetflowV5;
import org.flowtally.decodev7.NetflowV7;
import org.flowtally.decodev8.NetflowV8;
import org.flowtally.decodev9.NetflowV9;
import org.flowtally.itests.contract.Collecting;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each version makes of its sequence: its unit, gaps, disorder, wraps, restarts, and datagrams that come twice. */
class SequenceTest {
    private static final int FLOW = 300;
    private static final int OPTIONS = 301;
    private static final int RECORDS = 3;
    private static final long WRAP = 1L << 32;
    private static final long EXPORT_SECONDS = 1_774_000_000L;
    private static final long UPTIME_MILLIS = 600_000;

    /** The versions with a sequence. */
    enum Version {
        V5(24, 48),
        V7(24, 52),
        V8(28, 40),
        V9(0, 0),
        IPFIX(0, 0);

        private static final int SOURCE_AND_DESTINATION = 7;

        private final int headerOctets;
        private final int recordOctets;

        Version(int headerOctets, int recordOctets) {
            this.headerOctets = headerOctets;
            this.recordOctets = recordOctets;
        }

        FlowDecoder decoder() {
            return switch (this) {
                case V5 -> new NetflowV5();
                case V7 -> new NetflowV7();
                case V8 -> new NetflowV8();
                case V9 -> new NetflowV9();
                case IPFIX -> new Ipfix();
            };
        }

        /** By how much the number grows with a datagram of three records. */
        int units() {
            return this == V9 ? 1 : RECORDS;
        }

        byte[] datagram(long sequence, long laterMillis, int salt) {
            return datagram(sequence, laterMillis, UPTIME_MILLIS + laterMillis, salt);
        }

        byte[] datagram(long sequence, long laterMillis, long uptimeMillis, int salt) {
            return recordOctets == 0
                    ? message(sequence, laterMillis, uptimeMillis, salt)
                    : fixed(decoder().version(), headerOctets, recordOctets, sequence, laterMillis, uptimeMillis, salt);
        }

        private byte[] message(long sequence, long laterMillis, long uptimeMillis, int salt) {
            Data records = new Data();
            for (int record = 0; record < RECORDS; record++) {
                records.u32(salt).u32(record).u32(100);
            }
            return (this == V9 ? MessageBuilder.v9() : MessageBuilder.ipfix())
                    .sequence(sequence)
                    .uptimeMillis(uptimeMillis)
                    .exportSeconds(EXPORT_SECONDS + laterMillis / 1000)
                    .template(FLOW, 8, 4, 12, 4, 1, 4)
                    .set(FLOW, records.toOctets())
                    .toOctets();
        }
    }

    private static byte[] fixed(
            int version,
            int headerOctets,
            int recordOctets,
            long sequence,
            long laterMillis,
            long uptimeMillis,
            int salt) {
        ByteBuffer octets = ByteBuffer.allocate(headerOctets + RECORDS * recordOctets);
        octets.putShort((short) version)
                .putShort((short) RECORDS)
                .putInt((int) uptimeMillis)
                .putInt((int) (EXPORT_SECONDS + laterMillis / 1000))
                .putInt((int) (laterMillis % 1000) * 1_000_000);
        if (headerOctets > octets.position()) {
            octets.putInt((int) sequence);
        }
        if (version == 8) {
            octets.put(22, (byte) Version.SOURCE_AND_DESTINATION);
        }
        for (int record = 0; record < RECORDS; record++) {
            octets.putInt(headerOctets + record * recordOctets, salt);
            octets.putInt(headerOctets + record * recordOctets + 4, record);
        }
        return octets.array();
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingInOrderAndOverTheWrap(Version version) {
        Collecting collecting = new Collecting(version.decoder());
        long sequence = WRAP - 2L * version.units();
        for (int datagram = 0; datagram < 5; datagram++) {
            collecting.receive(
                    version.datagram((sequence + (long) datagram * version.units()) % WRAP, datagram, datagram));
        }

        assertThat(status(collecting).lost()).isZero();
        assertThat(collecting.rows()).hasSize(5 * RECORDS).allMatch(row -> row.quality() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void countsWhatIsMissingInItsOwnUnitAndMarksTheRowsAroundTheGap(Version version) {
        Collecting collecting = new Collecting(version.decoder());
        collecting.receive(version.datagram(1000, 0, 0));
        collecting.receive(version.datagram(1000 + 3L * version.units(), 10, 1));
        collecting.receive(version.datagram(1000 + 4L * version.units(), 20, 2));
        collecting.later(60_001);
        collecting.receive(version.datagram(1000 + 5L * version.units(), 60_020, 3));

        assertThat(status(collecting).lost()).isEqualTo(2L * version.units());
        assertThat(collecting.rows())
                .extracting(row -> (row.quality() & Quality.GAP) != 0)
                .containsExactly(false, false, false, true, true, true, true, true, true, false, false, false);
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatComesLate(Version version) {
        Collecting collecting = new Collecting(version.decoder());
        collecting.receive(version.datagram(1000, 0, 0));
        collecting.receive(version.datagram(1000 + 2L * version.units(), 20, 2));
        collecting.receive(version.datagram(1000 + version.units(), 10, 1));

        assertThat(status(collecting).lost()).isZero();
        assertThat(status(collecting).reordered()).isOne();
        assertThat(status(collecting).duplicates()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void billsADatagramThatComesTwiceOnce(Version version) {
        Collecting collecting = new Collecting(version.decoder());
        for (int datagram = 0; datagram < 4; datagram++) {
            collecting.receive(version.datagram(1000 + (long) datagram * version.units(), datagram, datagram));
        }
        collecting.receive(version.datagram(1000 + 2L * version.units(), 2, 2));
        collecting.receive(version.datagram(1000 + 4L * version.units(), 4, 4));

        assertThat(verdicts(collecting, Verdict.COUNTED)).isEqualTo(5L * RECORDS);
        assertThat(verdicts(collecting, Verdict.DUPLICATE)).isEqualTo(RECORDS);
        assertThat(status(collecting).duplicates()).isOne();
        assertThat(status(collecting).lost()).isZero();
        assertThat(status(collecting).rows()).isEqualTo(6L * RECORDS);
    }

    @ParameterizedTest
    @EnumSource
    void countsWhatOnlyHasTheNumberOfAnother(Version version) {
        Collecting collecting = new Collecting(version.decoder());
        collecting.receive(version.datagram(1000, 0, 0));
        collecting.receive(version.datagram(1000, 0, 1));

        assertThat(verdicts(collecting, Verdict.COUNTED)).isEqualTo(2L * RECORDS);
        assertThat(status(collecting).duplicates()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "IPFIX", mode = EnumSource.Mode.EXCLUDE) // It has no uptime in its header.
    void recognisesARestart(Version version) {
        Collecting collecting = new Collecting(version.decoder());
        collecting.receive(version.datagram(5_000_000, 3_600_000, 0));
        collecting.receive(version.datagram(0, 3_700_000, 20_000, 1));
        collecting.receive(version.datagram(version.units(), 3_701_000, 21_000, 2));

        assertThat(status(collecting).restarts()).isOne();
        assertThat(status(collecting).lost()).isZero();
    }

    @Test
    void countsOptionsOfIpfixAmongItsRecords() {
        Collecting collecting = new Collecting(new Ipfix());
        collecting.receive(MessageBuilder.ipfix()
                .sequence(0)
                .template(FLOW, 8, 4, 12, 4, 1, 4)
                .options(OPTIONS, 1, 149, 4, 41, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3))
                .data(OPTIONS, record -> record.u32(7).u32(1))
                .toOctets());
        collecting.receive(MessageBuilder.ipfix()
                .sequence(2)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3))
                .toOctets());

        assertThat(status(collecting).lost()).isZero();
        assertThat(collecting.rows()).extracting(DecodedRow::quality).containsExactly(0, 0);
    }

    @Test
    void followsSoftflowdThatCountsTheRecordsOfAMessageIn() {
        Collecting collecting = new Collecting(new Ipfix());
        long sequence = 0;
        int late = 0;
        for (int message = 0; message < 40; message++) {
            int records = 20 + message % 3;
            sequence += records + (message == 30 ? 50 : 0);
            collecting.later(60_001);
            collecting.receive(softflowd(sequence, records, message));
            late += message > 10
                            && (collecting
                                                    .rows()
                                                    .get(collecting.rows().size() - 1)
                                                    .quality()
                                            & Quality.GAP)
                                    != 0
                    ? 1
                    : 0;
        }

        assertThat(status(collecting).lost())
                .as("what went missing on the way, and no more")
                .isEqualTo(50);
        assertThat(late).isOne();
    }

    @Test
    void followsAnExporterThatCountsMessagesInsteadOfRecords() {
        Collecting collecting = new Collecting(new Ipfix());
        for (int message = 0; message < 40; message++) {
            collecting.receive(softflowd(message < 30 ? message : message + 4, 20 + message % 3, message));
        }

        assertThat(status(collecting).lost()).isEqualTo(4);
    }

    @Test
    void followsV9ThatCountsRecordsInsteadOfPacketsEvenIfItsTemplateComesLate() {
        Collecting collecting = new Collecting(new NetflowV9());
        long sequence = 0;
        for (int message = 0; message < 80; message++) {
            int records = 1 + message * 7 % 23;
            MessageBuilder next = MessageBuilder.v9().sequence(sequence);
            if (message >= 10) {
                next.template(FLOW, 8, 4, 12, 4, 1, 4);
            }
            if (message != 60) {
                collecting.receive(next.set(FLOW, records(records, message)).toOctets());
            }
            sequence += records;
        }

        assertThat(status(collecting).lost()).isEqualTo(1 + 60 * 7 % 23);
    }

    @Test
    void knowsASharedV9ExporterFromOneThatCountsRecords() {
        Collecting collecting = new Collecting(new NetflowV9());
        for (int message = 0; message < 200; message += 2) {
            collecting.receive(MessageBuilder.v9()
                    .sequence(message)
                    .template(FLOW, 8, 4, 12, 4, 1, 4)
                    .set(FLOW, records(2, message))
                    .toOctets());
        }

        assertThat(status(collecting).lost()).as("what another collector got").isEqualTo(99);
    }

    @Test
    void letsDataThatComesTwiceWaitOnce() {
        Collecting collecting = new Collecting(new NetflowV9());
        byte[] early = MessageBuilder.v9()
                .sequence(1)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3))
                .toOctets();
        collecting.receive(early);
        collecting.receive(early);
        collecting.receive(MessageBuilder.v9()
                .sequence(2)
                .template(FLOW, 8, 4, 12, 4, 1, 4)
                .toOctets());

        assertThat(collecting.rows()).extracting(DecodedRow::verdict).containsExactly(Verdict.COUNTED);
    }

    @Test
    void knowsDatagramsOfV1ByTheirOctetsAlone() {
        Collecting collecting = new Collecting(new NetflowV1());
        for (int salt : new int[] {1, 2, 1, 3}) {
            collecting.receive(fixed(1, 16, 52, 0, 0, UPTIME_MILLIS, salt));
        }

        assertThat(verdicts(collecting, Verdict.DUPLICATE)).isEqualTo(RECORDS);
        assertThat(verdicts(collecting, Verdict.COUNTED)).isEqualTo(3L * RECORDS);
    }

    private static byte[] softflowd(long sequence, int records, int salt) {
        return MessageBuilder.ipfix()
                .sequence(sequence)
                .template(FLOW, 8, 4, 12, 4, 1, 4)
                .set(FLOW, records(records, salt))
                .toOctets();
    }

    private static byte[] records(int records, int salt) {
        Data data = new Data();
        for (int record = 0; record < records; record++) {
            data.u32(salt).u32(record).u32(100);
        }
        return data.toOctets();
    }

    private static ExporterStatus status(Collecting collecting) {
        List<ExporterStatus> known = collecting.exporters().statuses();
        assertThat(known).hasSize(1);
        return known.get(0);
    }

    private static long verdicts(Collecting collecting, Verdict verdict) {
        return collecting.rows().stream()
                .filter(row -> row.verdict() == verdict)
                .count();
    }
}
