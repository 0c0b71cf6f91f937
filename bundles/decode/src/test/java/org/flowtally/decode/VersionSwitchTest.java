// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flowtally.decode.ScriptedDecoder.datagram;

import java.util.List;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Quality;
import org.flowtally.api.flow.Verdict;
import org.junit.jupiter.api.Test;

class VersionSwitchTest {
    private final ScriptedDecoder v5 = new ScriptedDecoder(5);
    private final Workbench bench = new Workbench(100, 10).with(v5);

    @Test
    void givesEachDatagramToTheDecoderOfItsVersion() {
        bench.with(new ScriptedDecoder(9));

        bench.run(bench.batch(datagram(5, 0, 2, 0, 1), datagram(9, 0, 3, 0, 1), datagram(5, 0, 1, 2, 1)));

        assertThat(bench.versions.decoders())
                .containsExactly(
                        new DecoderStatus(5, "org.example.decode 1.0.0", DecoderStatus.State.ACTIVE, 2, 3, 0),
                        new DecoderStatus(9, "org.example.decode 1.0.0", DecoderStatus.State.ACTIVE, 1, 3, 0));
        assertThat(bench.versions.rowsDecoded()).isEqualTo(bench.rows).isEqualTo(6);
        assertThat(bench.count(DecodeResult.DECODED)).isEqualTo(3);
        assertThat(bench.versions.datagrams()).doesNotContainKey(DecodeResult.SINK_FULL);
    }

    @Test
    void skipsWhatWasRefused() {
        DatagramBatch batch = bench.batch(datagram(5, 0, 2, 0, 1), datagram(5, 0, 3, 2, 1));
        batch.refuse(0);

        bench.run(batch);

        assertThat(bench.rows).isEqualTo(3);
        assertThat(bench.count(DecodeResult.DECODED)).isEqualTo(1);
    }

    @Test
    void takesAnotherPortForTheSameExporterUnlessToldOtherwise() {
        bench.run(fromTwoPorts());

        assertThat(bench.versions.exporters()).singleElement().satisfies(exporter -> {
            assertThat(exporter.exporter().sender()).isEqualTo("192.0.2.1");
            assertThat(exporter.lost()).isEqualTo(496);
        });
    }

    @Test
    void tellsExportersBehindOneAddressApartByTheirPort() {
        bench.tellPortsApart();

        bench.run(fromTwoPorts());

        assertThat(bench.versions.exporters())
                .extracting(exporter -> exporter.exporter().sender(), ExporterStatus::rows, ExporterStatus::lost)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("192.0.2.1#40001", 4L, 0L),
                        org.assertj.core.groups.Tuple.tuple("192.0.2.1#40002", 4L, 0L));
    }

    /** Two exporters behind one address, each with sequence numbers of its own. */
    private DatagramBatch fromTwoPorts() {
        DatagramBatch batch = bench.batch();
        bench.append(batch, 0xC000_0201L, 40_001, datagram(5, 0, 2, 0, 1));
        bench.append(batch, 0xC000_0201L, 40_002, datagram(5, 0, 2, 500, 1));
        bench.append(batch, 0xC000_0201L, 40_001, datagram(5, 0, 2, 2, 1));
        bench.append(batch, 0xC000_0201L, 40_002, datagram(5, 0, 2, 502, 1));
        return batch;
    }

    @Test
    void goesOnInTheNextBatchWhereTheLastWasFull() {
        bench.run(bench.batch(datagram(5, 0, 25, 0, 1), datagram(5, 0, 5, 25, 1), datagram(5, 0, 1, 30, 1)));

        ExporterStatus exporter = bench.versions.exporters().get(0);
        assertThat(bench.rows).isEqualTo(31);
        assertThat(bench.batches).hasValue(4);
        assertThat(exporter.datagrams()).isEqualTo(3);
        assertThat(exporter.rows()).isEqualTo(31);
        assertThat(exporter.lost()).isZero();
        assertThat(bench.decoder(5).datagrams()).isEqualTo(3);
    }

    @Test
    void countsAVersionThatNobodyDecodes() {
        bench.run(bench.batch(datagram(77, 0, 1, 0, 1), datagram(77, 0, 1, 0, 1), datagram(5, 0, 1, 0, 1)));

        assertThat(bench.count(DecodeResult.UNSUPPORTED)).isEqualTo(2);
        assertThat(bench.decoder(77)).isEqualTo(new DecoderStatus(77, "", DecoderStatus.State.ABSENT, 2, 0, 0));
        assertThat(bench.rows).isEqualTo(1);
    }

    @Test
    void keepsTheListOfUnknownVersionsShort() {
        DatagramBatch batch = bench.batch();
        for (int version = 1000; version < 2000; version++) {
            bench.append(batch, 1, datagram(version, 0, 1, 0, 1));
        }

        bench.run(batch);

        assertThat(bench.count(DecodeResult.UNSUPPORTED)).isEqualTo(1000);
        assertThat(bench.versions.decoders()).hasSizeLessThan(40);
    }

    @Test
    void refusesAVersionThatTheEndpointDoesNotAccept() {
        bench.with(new ScriptedDecoder(10));

        bench.run(bench.batch(datagram(10, 0, 1, 0, 1)));

        assertThat(bench.count(DecodeResult.VERSION_NOT_ACCEPTED)).isEqualTo(1);
        assertThat(bench.rows).isZero();
        assertThat(bench.versions.exporters()).isEmpty();
    }

    @Test
    void takesNobodyIntoItsTableForLessThanAHeader() {
        bench.run(bench.batch(new byte[0], new byte[] {0}, new byte[] {0, 5}, new byte[] {0, 5, 0, 1}));

        assertThat(bench.count(DecodeResult.TRUNCATED)).isEqualTo(4);
        assertThat(bench.decoder(5).errors()).isEqualTo(2);
        assertThat(bench.versions.exporters()).isEmpty();
    }

    @Test
    void countsDamageWithItsExporter() {
        bench.run(bench.batch(datagram(5, 0, 1, 0, 1), datagram(5, ScriptedDecoder.DAMAGED, 0, 0, 1)));

        assertThat(bench.count(DecodeResult.LENGTH_MISMATCH)).isEqualTo(1);
        assertThat(bench.decoder(5).errors()).isEqualTo(1);
        assertThat(bench.versions.exporters()).singleElement().satisfies(exporter -> {
            assertThat(exporter.damaged()).isEqualTo(1);
            assertThat(exporter.datagrams()).isEqualTo(2);
        });
    }

    @Test
    void judgesTheRowsOfADecoderThatFails() {
        bench.step(bench.batch(datagram(5, 0, 1, 0, 1), datagram(5, ScriptedDecoder.THROW_AFTER_ROWS, 3, 1, 1)));

        assertThat(bench.rowsWith(Verdict.COUNTED)).isEqualTo(1);
        assertThat(bench.rowsWith(Verdict.INCOMPLETE)).isEqualTo(3);
        assertThat(List.of(1, 2, 3)).allMatch(bench::isIncomplete);
        assertThat(bench.versions.rowsDecoded()).isEqualTo(4);
        assertThat(bench.count(DecodeResult.DECODER_FAILED)).isEqualTo(1);
        assertThat(bench.octets).isEqualTo(100);
    }

    @Test
    void endsADecoderThatNeverGetsOn() {
        bench.run(bench.batch(
                datagram(5, 0, 1, 0, 1),
                datagram(5, ScriptedDecoder.NEVER_GET_ON, 1, 0, 1),
                datagram(5, ScriptedDecoder.BEGIN_ANEW_WHEN_FULL, 30, 0, 1),
                datagram(5, 0, 1, 1, 1)));

        assertThat(bench.count(DecodeResult.DECODER_FAILED)).isEqualTo(2);
        assertThat(bench.count(DecodeResult.DECODED)).isEqualTo(2);
        assertThat(bench.rowsWith(Verdict.COUNTED)).isEqualTo(2);
        assertThat(bench.rows).isEqualTo(bench.versions.rowsDecoded());
    }

    @Test
    void knowsNoMoreExportersThanItsLimit() {
        DatagramBatch batch = bench.batch();
        for (int sender = 0; sender < 150; sender++) {
            bench.append(batch, sender, datagram(5, 0, 1, 0, 1));
        }

        bench.run(batch);

        assertThat(bench.versions.exporters()).hasSize(100);
        assertThat(bench.rows).isEqualTo(150);
        assertThat(bench.versions.senders()).containsEntry("KNOWN", 100L).containsEntry("EVICTED", 50L);
    }

    @Test
    void refusesNewcomersWhenAllOthersHaveProvenThemselves() {
        for (int second : new int[] {0, 11}) {
            bench.at(second);
            DatagramBatch batch = bench.batch();
            for (int sender = 0; sender < 100; sender++) {
                bench.append(batch, sender, datagram(5, 0, 1, 0, 1));
            }
            bench.run(batch);
        }

        bench.run(bench.batch(datagram(5, 0, 1, 0, 1)));

        assertThat(bench.count(DecodeResult.TOO_MANY_EXPORTERS)).isEqualTo(1);
        assertThat(bench.versions.senders()).containsEntry("REFUSED", 1L);
    }

    @Test
    void doesNotMakeTheAcquaintanceOfWhoSendsRubbish() {
        bench.run(bench.batch(
                datagram(5, ScriptedDecoder.DAMAGED, 3, 0, 1), datagram(5, ScriptedDecoder.THROW_AT_ONCE, 3, 0, 1)));

        assertThat(bench.versions.exporters()).isEmpty();
        assertThat(bench.count(DecodeResult.LENGTH_MISMATCH)).isEqualTo(1);
    }

    @Test
    void marksAGapOverTheBorderOfTwoBatches() {
        bench.run(bench.batch(datagram(5, 0, 1, 0, 1)));
        bench.step(bench.batch(datagram(5, 0, 12, 5, 1)));

        assertThat(bench.flows.quality(9)).isEqualTo(Quality.GAP);
        assertThat(bench.versions.exporters().get(0).lost()).isEqualTo(4);
    }

    @Test
    void forcesTheRateOfTheEndpoint() {
        bench.sampling(SamplingMode.FORCE, 50);

        bench.step(bench.batch(datagram(5, 0, 2, 0, 1)));

        assertThat(bench.flows.samplingRate(1)).isEqualTo(50);
        assertThat(bench.flows.quality(1)).isEqualTo(Quality.SCALED);
        assertThat(bench.versions.exporters().get(0).samplingOrigin()).isEqualTo("forced");
    }

    @Test
    void prefersTheDecoderOfHigherRank() {
        ScriptedDecoder better = new ScriptedDecoder(5);
        bench.with(better, 10);

        bench.versions.removeDecoder(v5);
        bench.run(bench.batch(datagram(5, 0, 1, 0, 1)));

        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.ACTIVE);
        assertThat(bench.rows).isEqualTo(1);
    }
}
