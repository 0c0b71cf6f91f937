// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentDatagramsTest {
    private final Random random = new Random(20261120);

    @Test
    void knowsTheLastDatagramsAndForgetsThoseBefore() {
        RecentDatagrams recent = new RecentDatagrams();
        for (long each = 1; each <= 40; each++) {
            assertThat(recent.contains(each)).isFalse();
            recent.add(each);
            assertThat(recent.contains(each)).isTrue();
        }

        assertThat(recent.contains(40 - RecentDatagrams.MOST)).isFalse();
        assertThat(recent.contains(41 - RecentDatagrams.MOST)).isTrue();
    }

    @Test
    void looksAtEveryOctetOfTheHeaderAndAtTheLastOnes() {
        byte[] datagram = noise(1464);
        long before = RecentDatagrams.fingerprint(datagram, 0, datagram.length, false);
        for (int at = 0; at < datagram.length; at = at == 23 ? datagram.length - 8 : at + 1) {
            datagram[at] ^= 1;
            assertThat(RecentDatagrams.fingerprint(datagram, 0, datagram.length, false))
                    .as("octet " + at)
                    .isNotEqualTo(before);
            datagram[at] ^= 1;
        }
    }

    @Test
    void looksAtEveryOctetWhereItMust() {
        byte[] datagram = noise(203);
        long before = RecentDatagrams.fingerprint(datagram, 0, datagram.length, true);
        for (int at = 0; at < datagram.length; at++) {
            datagram[at] ^= 1;
            assertThat(RecentDatagrams.fingerprint(datagram, 0, datagram.length, true))
                    .as("octet " + at)
                    .isNotEqualTo(before);
            datagram[at] ^= 1;
        }
    }

    @Test
    void tellsWordsApartThatChangedPlaces() {
        byte[] datagram = noise(203);
        long before = RecentDatagrams.fingerprint(datagram, 0, datagram.length, true);
        for (int word = 1; word < datagram.length / Long.BYTES; word++) {
            byte[] changed = datagram.clone();
            System.arraycopy(datagram, 0, changed, word * Long.BYTES, Long.BYTES);
            System.arraycopy(datagram, word * Long.BYTES, changed, 0, Long.BYTES);
            assertThat(RecentDatagrams.fingerprint(changed, 0, changed.length, true))
                    .as("word " + word)
                    .isNotEqualTo(before);
        }
    }

    @Test
    void readsNothingOfItsNeighboursWhateverTheLength() {
        for (int length = 2; length < 300; length++) {
            byte[] alone = noise(length);
            byte[] among = new byte[length + 20];
            Arrays.fill(among, (byte) 0x5A);
            System.arraycopy(alone, 0, among, 10, length);
            for (boolean isThorough : new boolean[] {true, false}) {
                assertThat(RecentDatagrams.fingerprint(among, 10, length, isThorough))
                        .isEqualTo(RecentDatagrams.fingerprint(alone, 0, length, isThorough))
                        .isNotEqualTo(RecentDatagrams.NONE);
            }
        }
    }

    @Test
    void tellsDatagramsApart() {
        Set<Long> fingerprints = new HashSet<>();
        for (int round = 0; round < 100_000; round++) {
            fingerprints.add(RecentDatagrams.fingerprint(noise(100), 0, 100, false));
        }

        assertThat(fingerprints).hasSize(100_000);
    }

    private byte[] noise(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }
}
