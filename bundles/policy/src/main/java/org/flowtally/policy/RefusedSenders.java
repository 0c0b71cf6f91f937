// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.flowtally.api.policy.Refusal;
import org.flowtally.api.policy.RefusedSender;
import org.flowtally.lib.lookup.Address;

/**
 * The senders refused most recently, in columns: noting one allocates nothing, however many strangers send.
 *
 * <p>One thread notes, any thread lists. A slot's stamp is odd while the slot is written; a reader that saw it change
 * reads the slot again. When all slots are taken, the sender that was quiet for longest gives way.
 */
final class RefusedSenders {
    private static final VarHandle STAMPS = MethodHandles.arrayElementVarHandle(int[].class);
    /** How long no further event tells of a sender. */
    static final long EVENT_QUIET_MILLIS = 3_600_000;

    private static final int NONE = -1;
    private static final int READ_ATTEMPTS = 100;

    private final int capacity;
    private final int[] stamps;
    private final String[] endpoint;
    private final long[] high;
    private final long[] low;
    private final int[] version;
    private final long[] datagrams;
    private final long[] octets;
    private final long[] firstSeen;
    private final long[] lastSeen;
    private final long[] told; // When an event told of it; 0 if none did.

    // Owned by the noting thread: chains of equal hash, and the order from the most to the least recent.
    private final int[] chains;
    private final int[] nextInChain;
    private final int[] newer;
    private final int[] older;
    private int newest = NONE;
    private int oldest = NONE;
    private int used;

    /** Makes room for so many senders. */
    RefusedSenders(int capacity) {
        this.capacity = capacity;
        stamps = new int[capacity];
        endpoint = new String[capacity];
        high = new long[capacity];
        low = new long[capacity];
        version = new int[capacity];
        datagrams = new long[capacity];
        octets = new long[capacity];
        firstSeen = new long[capacity];
        lastSeen = new long[capacity];
        told = new long[capacity];
        chains = new int[Integer.highestOneBit(capacity) * 2];
        nextInChain = new int[capacity];
        newer = new int[capacity];
        older = new int[capacity];
        Arrays.fill(chains, NONE);
    }

    int capacity() {
        return capacity;
    }

    /** Returns the same senders with another room, the most recent if not all fit; nobody notes meanwhile. */
    RefusedSenders resized(int newCapacity) {
        RefusedSenders resized = new RefusedSenders(newCapacity);
        for (int slot = oldest; slot != NONE; slot = newer[slot]) {
            int there = resized.slotOf(endpoint[slot], high[slot], low[slot]);
            resized.write(there, version[slot], datagrams[slot], octets[slot], firstSeen[slot], lastSeen[slot]);
            resized.told[there] = told[slot];
        }
        return resized;
    }

    /**
     * Counts a refused datagram; only the working thread calls it.
     *
     * @return whether an event shall tell of the sender: the first time, and again after an hour
     */
    boolean note(String receivedBy, long fromHigh, long fromLow, int withVersion, int lengthOctets, long atMillis) {
        int slot = slotOf(receivedBy, fromHigh, fromLow);
        boolean isNew = datagrams[slot] == 0;
        write(
                slot,
                withVersion,
                datagrams[slot] + 1,
                octets[slot] + lengthOctets,
                isNew ? atMillis : firstSeen[slot],
                atMillis);
        boolean isDue = isNew || atMillis - told[slot] >= EVENT_QUIET_MILLIS || atMillis < told[slot];
        if (isDue) {
            told[slot] = atMillis;
        }
        return isDue;
    }

    /** Returns the slot of a sender, now the most recent one; a new one's counters are zero. */
    private int slotOf(String receivedBy, long fromHigh, long fromLow) {
        int chain = chainOf(receivedBy, fromHigh, fromLow);
        int slot = chains[chain];
        while (slot != NONE && !isAt(slot, receivedBy, fromHigh, fromLow)) {
            slot = nextInChain[slot];
        }
        if (slot == NONE) {
            slot = used < capacity ? used++ : forgetOldest();
            nextInChain[slot] = chains[chain];
            chains[chain] = slot;
            rename(slot, receivedBy, fromHigh, fromLow);
        } else {
            unlink(slot);
        }
        linkNewest(slot);
        return slot;
    }

    private void rename(int slot, String receivedBy, long fromHigh, long fromLow) {
        int stamp = beginWrite(slot);
        endpoint[slot] = receivedBy;
        high[slot] = fromHigh;
        low[slot] = fromLow;
        datagrams[slot] = 0;
        octets[slot] = 0;
        endWrite(slot, stamp);
    }

    private void write(int slot, int withVersion, long ofDatagrams, long ofOctets, long first, long last) {
        int stamp = beginWrite(slot);
        version[slot] = withVersion;
        datagrams[slot] = ofDatagrams;
        octets[slot] = ofOctets;
        firstSeen[slot] = first;
        lastSeen[slot] = last;
        endWrite(slot, stamp);
    }

    private int beginWrite(int slot) {
        int stamp = stamps[slot];
        STAMPS.setOpaque(stamps, slot, stamp + 1);
        VarHandle.storeStoreFence();
        return stamp;
    }

    private void endWrite(int slot, int stamp) {
        STAMPS.setRelease(stamps, slot, stamp + 2);
    }

    private boolean isAt(int slot, String receivedBy, long fromHigh, long fromLow) {
        return low[slot] == fromLow && high[slot] == fromHigh && endpoint[slot].equals(receivedBy);
    }

    private int chainOf(String receivedBy, long fromHigh, long fromLow) {
        long mixed = (fromHigh * 31 + fromLow) * 31 + receivedBy.hashCode();
        mixed *= 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 40) & (chains.length - 1);
    }

    private int forgetOldest() {
        int slot = oldest;
        unlink(slot);
        int chain = chainOf(endpoint[slot], high[slot], low[slot]);
        if (chains[chain] == slot) {
            chains[chain] = nextInChain[slot];
        } else {
            int before = chains[chain];
            while (nextInChain[before] != slot) {
                before = nextInChain[before];
            }
            nextInChain[before] = nextInChain[slot];
        }
        return slot;
    }

    private void linkNewest(int slot) {
        newer[slot] = NONE;
        older[slot] = newest;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlink(int slot) {
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
    }

    /** Returns the senders, the most recent first; any thread calls it. */
    List<RefusedSender> list(Refusal reason) {
        List<RefusedSender> senders = new ArrayList<>();
        for (int slot = 0; slot < capacity; slot++) {
            read(slot, reason).ifPresent(senders::add);
        }
        senders.sort(Comparator.comparing(RefusedSender::lastSeen).reversed());
        return senders;
    }

    private Optional<RefusedSender> read(int slot, Refusal reason) {
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            int stamp = (int) STAMPS.getAcquire(stamps, slot);
            String receivedBy = endpoint[slot];
            if (receivedBy == null) {
                return Optional.empty(); // Never taken.
            }
            RefusedSender sender = new RefusedSender(
                    receivedBy,
                    Address.text(high[slot], low[slot]),
                    version[slot],
                    datagrams[slot],
                    octets[slot],
                    Instant.ofEpochMilli(firstSeen[slot]),
                    Instant.ofEpochMilli(lastSeen[slot]),
                    reason);
            VarHandle.loadLoadFence();
            if ((stamp & 1) == 0 && stamp == (int) STAMPS.getOpaque(stamps, slot)) {
                return sender.datagrams() == 0 ? Optional.empty() : Optional.of(sender);
            }
            Thread.onSpinWait();
        }
        return Optional.empty(); // Written all the time; the next list will have it.
    }
}
