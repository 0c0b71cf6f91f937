// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.Arrays;
import org.flowtally.api.datagram.Octets;

/**
 * The last datagrams of an exporter by their fingerprints, so that one which the network delivers twice is billed once. A
 * fingerprint is made of the length, the header, and octets from all over the datagram; sequence number, export time and
 * uptime stand in the header, so only an exporter that counts nothing could send two that look alike. One writer.
 */
final class RecentDatagrams {
    /** What stands for no fingerprint. */
    static final long NONE = 0;
    /** How many datagrams are remembered; a power of two. */
    static final int MOST = 32;

    private static final int WORD = Long.BYTES;
    private static final int CHAINS = 4;
    /** The longest header, that of v5, v7 and IPFIX rounded up, is looked at as a whole. */
    private static final int HEADER_WORDS = 3;
    /** How many words behind the header are looked at, beside the last one. */
    private static final int WORDS = 8;
    /** What is shorter is looked at as a whole. */
    private static final int SHORT_OCTETS = 128;

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    /** Odd, so that no change of one word goes unseen; one for each word, so that none waits for another. */
    private static final long[] FACTORS = factors();

    private static final long[] NOBODY = new long[0];

    private long[] fingerprints = NOBODY;
    private int turn;

    private static long[] factors() {
        long[] factors = new long[HEADER_WORDS + WORDS + 1];
        for (int word = 0; word < factors.length; word++) {
            factors[word] = mix(mix((word + 1) * FACTOR)) | 1;
        }
        return factors;
    }

    /**
     * Returns what is remembered of a datagram; never {@link #NONE}.
     *
     * @param isThorough whether every octet is looked at: of an exporter that has no sequence, or one that repeats itself
     */
    static long fingerprint(byte[] octets, int offset, int length, boolean isThorough) {
        long sum = isThorough || length < SHORT_OCTETS ? ofAll(octets, offset, length) : ofSome(octets, offset, length);
        long fingerprint = mix(mix(sum ^ length * FACTOR));
        return fingerprint == NONE ? 1 : fingerprint;
    }

    private static long ofSome(byte[] octets, int offset, int length) {
        int last = offset + length - WORD;
        int behind = offset + HEADER_WORDS * WORD;
        int step = (last - behind) / WORDS;
        long sum = Octets.u64(octets, last) * FACTORS[HEADER_WORDS + WORDS];
        for (int word = 0; word < HEADER_WORDS; word++) {
            sum += Octets.u64(octets, offset + word * WORD) * FACTORS[word];
        }
        for (int word = 0; word < WORDS; word++) {
            sum += Octets.u64(octets, behind + word * step) * FACTORS[HEADER_WORDS + word];
        }
        return sum;
    }

    private static long ofAll(byte[] octets, int offset, int length) {
        int end = offset + length;
        int at = offset;
        // Four chains, since a multiplication waits for the one before it in the same chain.
        long first = FACTORS[0];
        long second = FACTORS[1];
        long third = FACTORS[2];
        long fourth = FACTORS[3];
        for (; end - at >= CHAINS * WORD; at += CHAINS * WORD) {
            first = mix(first ^ Octets.u64(octets, at));
            second = mix(second ^ Octets.u64(octets, at + WORD));
            third = mix(third ^ Octets.u64(octets, at + 2 * WORD));
            fourth = mix(fourth ^ Octets.u64(octets, at + 3 * WORD));
        }
        long sum = mix(mix(mix(first ^ FACTOR) ^ second) ^ third) ^ fourth;
        for (; end - at >= WORD; at += WORD) {
            sum = mix(sum ^ Octets.u64(octets, at));
        }
        for (; at < end; at++) {
            sum = mix(sum ^ Octets.u8(octets, at));
        }
        return sum;
    }

    private static long mix(long bits) {
        long mixed = bits * FACTOR;
        return mixed ^ (mixed >>> 29);
    }

    /** Returns whether such a datagram is among the last ones. */
    boolean contains(long fingerprint) {
        for (long each : fingerprints) {
            if (each == fingerprint) {
                return true;
            }
        }
        return false;
    }

    /** Remembers a datagram. The first one of an exporter makes no room yet: forged senders send no second. */
    void add(long fingerprint) {
        if (fingerprints.length <= 1) {
            fingerprints = fingerprints.length == 0
                    ? new long[] {fingerprint}
                    : Arrays.copyOf(new long[] {fingerprints[0], fingerprint}, MOST);
            turn = 2;
            return;
        }
        fingerprints[turn & (MOST - 1)] = fingerprint;
        turn++;
    }
}
