// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            "edge", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);

    @Test
    void keepsWhatWasAppended() {
        DatagramBatch batch = new DatagramBatch(100, 4);

        append(batch, 7, 10);
        append(batch, 8, 20);

        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.usedOctets()).isEqualTo(30);
        assertThat(batch.offset(1)).isEqualTo(10);
        assertThat(batch.length(1)).isEqualTo(20);
        assertThat(batch.sourceLow(1)).isEqualTo(8);
        assertThat(batch.slab()[batch.offset(1)]).isEqualTo((byte) 8);
    }

    @Test
    void appendsAnotherBatchWholeOrNotAtAll() {
        DatagramBatch batch = new DatagramBatch(100, 4);
        append(batch, 1, 60);
        DatagramBatch fits = new DatagramBatch(100, 4);
        append(fits, 2, 30);
        fits.refuse(0);
        DatagramBatch tooLarge = new DatagramBatch(100, 4);
        append(tooLarge, 3, 11);

        assertThat(batch.appendAll(fits)).isTrue();
        assertThat(batch.appendAll(tooLarge)).isFalse();

        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.offset(1)).isEqualTo(60);
        assertThat(batch.slab()[60]).isEqualTo((byte) 2);
        assertThat(batch.isRefused(1)).isTrue();
    }

    @Test
    void refusesWhatDoesNotFit() {
        DatagramBatch batch = new DatagramBatch(10, 4);

        assertThat(batch.hasRoomFor(11)).isFalse();
        assertThatThrownBy(() -> append(batch, 1, 11)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void startsAnewAfterClear() {
        DatagramBatch batch = new DatagramBatch(10, 1);
        append(batch, 1, 10);
        batch.next(1);

        batch.clear();
        append(batch, 2, 10);

        assertThat(batch.next()).isZero();
        assertThat(batch.offset(0)).isZero();
    }

    @Test
    void remembersWhereTheDatagramAtTheCursorIsResumed() {
        DatagramBatch batch = new DatagramBatch(20, 2);
        append(batch, 1, 10);
        append(batch, 2, 10);
        Datagram datagram = new Datagram();

        datagram.view(batch, 0);
        datagram.resumeAt(7);
        datagram.view(batch, 0);

        assertThat(datagram.resumeAt()).isEqualTo(7);
        datagram.view(batch, 1);
        assertThat(datagram.resumeAt()).isZero();
        assertThat(batch.next()).isEqualTo(1);
    }

    private static void append(DatagramBatch batch, int mark, int lengthOctets) {
        int offset = batch.append(ENDPOINT, 0, mark, 40_000, 1000, lengthOctets);
        batch.slab()[offset] = (byte) mark;
    }
}
