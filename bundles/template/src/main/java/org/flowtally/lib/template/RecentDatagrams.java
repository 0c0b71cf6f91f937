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
    /** The longest header, that of v5, v7 and IPFIX rounded up, is looked at as a whole. */
    private static final int HEADER_OCTETS = 24;
    /** How many words behind the header are looked at, beside the last one. */
    private static final int WORDS = 8;

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final long[] NOBODY = new long[0];

    private long[] fingerprints = NOBODY;
    private int turn;

    /**
     * Returns what is remembered of a datagram; never {@link #NONE}.
     *
     * @param isThorough whether every octet is looked at: of an exporter that has no sequence, or one that repeats itself
     */
    static long fingerprint(byte[] octets, int offset, int length, boolean isThorough) {
        long even = length * FACTOR;
        long odd = ~even;
        int last = offset + length - WORD;
        int at = offset;
        int headerEnd = Math.min(last, offset + HEADER_OCTETS);
        for (; at < headerEnd; at += WORD) {
            even = mix(even ^ Octets.u64(octets, at));
        }
        int step = isThorough ? WORD : Math.max(WORD, (last - at) / WORDS);
        for (; at + step < last; at += 2 * step) {
            even = mix(even ^ Octets.u64(octets, at));
            odd = mix(odd ^ Octets.u64(octets, at + step));
        }
        for (int rest = Math.max(offset, isThorough ? at : last); rest < offset + length; rest++) {
            odd = (odd ^ octets[rest]) * FACTOR;
        }
        long fingerprint = mix(even ^ Long.rotateLeft(odd, 32));
        return fingerprint == NONE ? 1 : fingerprint;
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
