// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.lib.report.CounterArray;
import org.jspecify.annotations.Nullable;

/**
 * The slots of all versions: of those that a decoder came for, and of the first few that were asked for in vain. Changed
 * and looked up under the gate of the version switch; {@link #statuses} may be called by any thread.
 */
final class DecoderSlots {
    private static final int VERSIONS = 1 << 16;
    /** Random versions shall not make the list of decoders unreadable. */
    private static final int MOST_UNKNOWN = 32;

    private final @Nullable DecoderSlot[] byVersion = new DecoderSlot[VERSIONS];
    private final List<DecoderSlot> slots = new CopyOnWriteArrayList<>();
    private final DecoderSlot furtherUnknown = new DecoderSlot(-1);

    /** Makes the slots that there were before, with their counters. */
    DecoderSlots(Map<Integer, CounterArray> counters) {
        counters.forEach((version, counted) -> add(new DecoderSlot(version, counted)));
    }

    /** Returns the counters of each version. */
    Map<Integer, CounterArray> counters() {
        return slots.stream().collect(Collectors.toMap(DecoderSlot::version, DecoderSlot::counters));
    }

    /** Returns the slot of a version, which need not have a decoder. */
    DecoderSlot of(int version) {
        DecoderSlot slot = byVersion[version];
        if (slot != null) {
            return slot;
        }
        return slots.size() < MOST_UNKNOWN ? make(version) : furtherUnknown;
    }

    /** Returns the slot for a decoder of a version. */
    DecoderSlot forDecoder(int version) {
        DecoderSlot slot = byVersion[version];
        return slot != null ? slot : make(version);
    }

    private DecoderSlot make(int version) {
        return add(new DecoderSlot(version));
    }

    private DecoderSlot add(DecoderSlot slot) {
        byVersion[slot.version()] = slot;
        slots.add(slot);
        return slot;
    }

    /** Gives up waiting for whatever came from a bundle that is no longer installed; returns the versions that did. */
    List<Integer> uninstalled(long bundleId) {
        return slots.stream()
                .filter(slot -> slot.uninstalled(bundleId))
                .map(DecoderSlot::version)
                .toList();
    }

    /** Switches the decoders of these versions off and all others on. */
    void disabled(Set<Integer> versions) {
        slots.forEach(slot -> slot.disabled(versions.contains(slot.version())));
        versions.forEach(version -> forDecoder(version).disabled(true));
    }

    List<DecoderStatus> statuses(long nowNanos) {
        return slots.stream()
                .map(slot -> slot.status(nowNanos))
                .sorted(Comparator.comparingInt(DecoderStatus::version))
                .toList();
    }
}
