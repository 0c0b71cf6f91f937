// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.flowtally.decode.ScriptedDecoder.datagram;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.lib.template.HandOver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DecoderSwapTest {
    private final ScriptedDecoder v5 = new ScriptedDecoder(5);
    private final Workbench bench = new Workbench(100, 10).with(v5);

    @Test
    void letsDatagramsWaitWhileTheirDecoderIsReplaced() throws InterruptedException {
        bench.versions.removeDecoder(v5);
        Thread lane = new Thread(() -> bench.run(bench.batch(datagram(5, 0, 3, 0, 1))));
        lane.start();
        await().until(() -> bench.batches.get() > 2);
        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.AWAY);

        bench.with(new ScriptedDecoder(5));
        lane.join();

        assertThat(bench.rows).isEqualTo(3);
        assertThat(bench.count(DecodeResult.UNSUPPORTED)).isZero();
        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.ACTIVE);
    }

    @Test
    void handsOnTheRowsThatItHasBeforeItWaits() {
        bench.with(new ScriptedDecoder(9));
        bench.versions.removeDecoder(v5);
        DatagramBatch batch = bench.batch(datagram(9, 0, 2, 0, 1), datagram(5, 0, 3, 0, 1));

        assertThat(bench.step(batch)).isFalse();

        assertThat(bench.rows).isEqualTo(2);
        assertThat(batch.next()).isEqualTo(1);
    }

    @Test
    void handsExportersOverToTheVersionSwitchThatReplacesIt() {
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));

        Workbench next = new Workbench(100, 10, Optional.of(bench.versions.handOver())).with(v5);
        next.run(next.batch(datagram(5, 0, 3, 5, 1)));

        assertThat(next.versions.exporters()).singleElement().satisfies(exporter -> {
            assertThat(exporter.rows()).isEqualTo(6);
            assertThat(exporter.lost()).as("while nobody decoded").isEqualTo(2);
        });
    }

    @Test
    void countsOnForEachDecoderInTheVersionSwitchThatReplacesIt() {
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1), datagram(77, 0, 1, 0, 1)));

        Workbench next = new Workbench(100, 10, Optional.of(bench.versions.handOver())).with(v5);
        next.run(next.batch(datagram(5, 0, 3, 3, 1)));

        assertThat(next.decoder(5).datagrams()).isEqualTo(2);
        assertThat(next.decoder(5).records()).isEqualTo(6);
        assertThat(next.decoder(5).state()).isEqualTo(DecoderStatus.State.ACTIVE);
        assertThat(next.decoder(77).datagrams()).isEqualTo(1);
        assertThat(next.decoder(77).state()).isEqualTo(DecoderStatus.State.ABSENT);
    }

    @Test
    void takesTheLimitsOfItsOwnConfigurationForWhatWasHandedOver() {
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));

        Workbench next = new Workbench(1, 10, Optional.of(bench.versions.handOver())).with(v5);
        DatagramBatch batch = next.batch();
        next.append(batch, 0xC000_0299L, datagram(5, 0, 3, 0, 1));
        next.run(batch);

        assertThat(next.versions.exporters()).hasSize(1);
    }

    @Test
    void leavesAnInheritanceThatIsTakenOnce() {
        HandOver left = bench.versions.handOver();
        left.leave();

        assertThat(HandOver.take()).contains(left);
        assertThat(HandOver.take()).isEmpty();
    }

    @Test
    void keepsWhatItKnowsOfAnExporterOverASwap() {
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));
        bench.versions.removeDecoder(v5);
        bench.with(new ScriptedDecoder(5));
        bench.run(bench.batch(datagram(5, 0, 3, 5, 1)));

        assertThat(bench.versions.exporters()).singleElement().satisfies(exporter -> {
            assertThat(exporter.rows()).isEqualTo(6);
            assertThat(exporter.lost()).isEqualTo(2);
        });
        assertThat(bench.decoder(5).records()).isEqualTo(6);
    }

    @Test
    void resumesADatagramWithTheNewDecoder() {
        DatagramBatch batch = bench.batch(datagram(5, 0, 15, 0, 1));
        assertThat(bench.step(batch)).isFalse();

        bench.versions.removeDecoder(v5);
        bench.with(new ScriptedDecoder(5));
        bench.run(batch);

        assertThat(bench.rows).isEqualTo(15);
        assertThat(bench.versions.exporters().get(0).datagrams()).isEqualTo(1);
    }

    @Test
    void waitsNoLongerThanItsLimit() {
        bench.versions.removeDecoder(v5);

        bench.nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));

        assertThat(bench.count(DecodeResult.UNSUPPORTED)).isEqualTo(1);
        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.ABSENT);
    }

    @Test
    void doesNotWaitForWhatIsUninstalled() throws InterruptedException {
        bench.versions.removeDecoder(v5);
        Thread lane = new Thread(() -> bench.run(bench.batch(datagram(5, 0, 3, 0, 1))));
        lane.start();
        await().until(() -> bench.batches.get() > 0);

        bench.versions.uninstalled(Workbench.BUNDLE + 1);
        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.AWAY);
        bench.versions.uninstalled(Workbench.BUNDLE);
        lane.join();

        assertThat(bench.count(DecodeResult.UNSUPPORTED)).isEqualTo(1);
        assertThat(bench.decoder(5).bundle()).isEqualTo("org.example.decode 1.0.0");
    }

    @Test
    void waitsForADecoderThatWasThereBeforeItselfWas() throws InterruptedException {
        Workbench anew = new Workbench(100, 10);
        anew.versions.expect(5, Workbench.BUNDLE, "org.example.decode 1.0.0");
        Thread lane = new Thread(() -> anew.run(anew.batch(datagram(5, 0, 3, 0, 1))));
        lane.start();
        await().until(() -> anew.batches.get() > 0);
        assertThat(anew.decoder(5).state()).isEqualTo(DecoderStatus.State.AWAY);

        anew.with(new ScriptedDecoder(5));
        lane.join();

        assertThat(anew.rows).isEqualTo(3);
        assertThat(anew.count(DecodeResult.UNSUPPORTED)).isZero();
    }

    @Test
    void countsWhatTheOperatorSwitchedOffAsSuch() {
        bench.versions.modified(DecodeSettingsTest.config("5"), Map.of());
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));

        assertThat(bench.rows).isZero();
        assertThat(bench.count(DecodeResult.DECODER_DISABLED)).isEqualTo(1);
        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.DISABLED);
        assertThat(bench.decoder(5).datagrams()).isEqualTo(1);
        assertThat(bench.decoder(5).bundle()).isEqualTo("org.example.decode 1.0.0");

        bench.versions.modified(DecodeSettingsTest.config(""), Map.of());
        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));

        assertThat(bench.rows).isEqualTo(3);
        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.ACTIVE);
    }

    @Test
    void doesNotWaitForWhatIsSwitchedOff() {
        bench.versions.removeDecoder(v5);
        bench.versions.modified(DecodeSettingsTest.config("5"), Map.of());

        bench.run(bench.batch(datagram(5, 0, 3, 0, 1)));

        assertThat(bench.count(DecodeResult.DECODER_DISABLED)).isEqualTo(1);
    }

    @Test
    void finishesTheDatagramUnderWayWhenItsDecoderIsSwitchedOff() {
        DatagramBatch batch = bench.batch(datagram(5, 0, 15, 0, 1), datagram(5, 0, 1, 15, 1));
        assertThat(bench.step(batch)).isFalse();

        bench.versions.modified(DecodeSettingsTest.config("5"), Map.of());
        bench.run(batch);

        assertThat(bench.rows).isEqualTo(15);
        assertThat(bench.count(DecodeResult.DECODED)).isEqualTo(1);
        assertThat(bench.count(DecodeResult.DECODER_DISABLED)).isEqualTo(1);
    }

    @Test
    void refusesToSwitchWhatItCannotWriteDown() {
        assertThatThrownBy(() -> bench.versions.disable(5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("key=decoders.disabled");

        assertThat(bench.decoder(5).state()).isEqualTo(DecoderStatus.State.ACTIVE);
    }

    @Test
    void endsItsWaitWhenTheLaneIsInterrupted() throws InterruptedException {
        bench.versions.removeDecoder(v5);
        CountDownLatch returned = new CountDownLatch(1);
        Thread lane = new Thread(() -> {
            DatagramBatch batch = bench.batch(datagram(5, 0, 3, 0, 1));
            while (!Thread.currentThread().isInterrupted()) {
                bench.step(batch);
            }
            returned.countDown();
        });
        lane.start();

        lane.interrupt();

        returned.await();
        assertThat(bench.count(DecodeResult.UNSUPPORTED)).isZero();
    }

    @Test
    void losesAndDoublesNothingWhileDecodersComeAndGo() throws InterruptedException {
        int datagrams = 20_000;
        Thread lane = new Thread(() -> {
            for (int done = 0; done < datagrams; done += 1000) {
                DatagramBatch batch = bench.batch();
                for (int at = done; at < done + 1000; at++) {
                    bench.append(batch, 1, datagram(5, 0, 3, at * 3, 1));
                }
                bench.run(batch);
            }
        });
        lane.start();

        ScriptedDecoder bound = v5;
        while (lane.isAlive()) {
            bench.versions.removeDecoder(bound);
            Thread.onSpinWait();
            bound = new ScriptedDecoder(5);
            bench.with(bound);
        }
        lane.join();

        assertThat(bench.rows).isEqualTo(3L * datagrams).isEqualTo(bench.versions.rowsDecoded());
        assertThat(bench.versions.exporters().get(0).lost()).isZero();
        assertThat(bench.count(DecodeResult.DECODED)).isEqualTo(datagrams);
    }
}
