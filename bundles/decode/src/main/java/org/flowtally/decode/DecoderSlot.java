// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.DecoderStatus;
import org.flowtally.api.decode.ExporterState;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.report.CounterArray;

/**
 * The place of the decoder of one version, with the counters that go on when it is replaced. Changed under the gate of the
 * version switch, counted by the working thread, read by any.
 */
final class DecoderSlot {
    /** Stands where no decoder is. */
    static final FlowDecoder NOBODY = new Nobody();

    private static final int DATAGRAMS = 0;
    private static final int RECORDS = 1;
    private static final int ERRORS = 2;
    private static final int COUNTERS = 3;

    /**
     * A decoder and where it comes from.
     *
     * @param decoder the decoder
     * @param bundleId the id of its bundle
     * @param bundle symbolic name and version of its bundle
     * @param ranking the service ranking; the highest decodes
     */
    record Offer(FlowDecoder decoder, long bundleId, String bundle, int ranking) {}

    private final int version;
    private final CounterArray counters;
    private final List<Offer> offers = new ArrayList<>();
    private volatile FlowDecoder decoder = NOBODY;
    private volatile String bundle = "";
    private volatile boolean isAway;
    private volatile long awayUntilNanos;
    private volatile boolean isDisabled;
    private long lastBundleId = -1;

    DecoderSlot(int version) {
        this(version, new CounterArray(COUNTERS));
    }

    /** Goes on with counters of an earlier slot. */
    DecoderSlot(int version, CounterArray counters) {
        this.version = version;
        this.counters = counters;
    }

    CounterArray counters() {
        return counters;
    }

    void offer(Offer offer) {
        offers.add(offer);
        choose();
    }

    /** Takes a decoder away, which may be replaced until a moment. */
    void withdraw(FlowDecoder gone, long replacedUntilNanos) {
        offers.removeIf(offer -> offer.decoder() == gone);
        if (offers.isEmpty() && decoder != NOBODY) {
            awayUntilNanos = replacedUntilNanos;
            isAway = true;
        }
        choose();
    }

    /** Waits for the decoder of a bundle that is installed and had one before, until a moment. */
    void expect(long bundleId, String from, long untilNanos) {
        if (decoder == NOBODY) {
            lastBundleId = bundleId;
            bundle = from;
            awayUntilNanos = untilNanos;
            isAway = true;
        }
    }

    /** Gives up waiting for a decoder from a bundle that is no longer installed; tells whether it came from there. */
    boolean uninstalled(long bundleId) {
        boolean isItsOwn = lastBundleId == bundleId;
        if (isItsOwn) {
            isAway = false;
        }
        return isItsOwn;
    }

    /** Switches it off or on. */
    void disabled(boolean isOff) {
        isDisabled = isOff;
    }

    /** Returns whether the operator has switched it off. */
    boolean isDisabled() {
        return isDisabled;
    }

    int version() {
        return version;
    }

    private void choose() {
        decoder = offers.stream()
                .max(Comparator.comparingInt(Offer::ranking))
                .map(best -> {
                    bundle = best.bundle();
                    lastBundleId = best.bundleId();
                    isAway = false;
                    return best.decoder();
                })
                .orElse(NOBODY);
    }

    /** Returns the decoder, or {@link #NOBODY}. */
    FlowDecoder decoder() {
        return decoder;
    }

    /** Returns whether the decoder is away and expected back. */
    boolean isAwaited(long nowNanos) {
        return isAway && awayUntilNanos - nowNanos > 0;
    }

    long awayUntilNanos() {
        return awayUntilNanos;
    }

    void countDatagram() {
        counters.increment(DATAGRAMS);
    }

    void countRecords(int records) {
        counters.add(RECORDS, records);
    }

    void countError() {
        counters.increment(ERRORS);
    }

    DecoderStatus status(long nowNanos) {
        return new DecoderStatus(
                version,
                bundle,
                state(nowNanos),
                counters.value(DATAGRAMS),
                counters.value(RECORDS),
                counters.value(ERRORS));
    }

    private DecoderStatus.State state(long nowNanos) {
        if (isDisabled) {
            return DecoderStatus.State.DISABLED;
        }
        if (decoder != NOBODY) {
            return DecoderStatus.State.ACTIVE;
        }
        return isAwaited(nowNanos) ? DecoderStatus.State.AWAY : DecoderStatus.State.ABSENT;
    }

    private static final class Nobody implements FlowDecoder {
        @Override
        public int version() {
            return -1;
        }

        @Override
        public long domain(Datagram datagram) {
            return NO_DOMAIN;
        }

        @Override
        public DecodeResult decode(Datagram datagram, ExporterState exporter, FlowBatch flows) {
            return DecodeResult.UNSUPPORTED;
        }
    }
}
