// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.time.Duration;
import java.time.InstantSource;
import org.flowtally.api.decode.DatagramDecoder;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.template.ExporterLimits;

/** The version switch without a container. */
public final class DecodeOnBench {
    private DecodeOnBench() {}

    /** Returns a switch with one decoder. */
    public static DatagramDecoder open(FlowDecoder decoder, InstantSource clock) {
        VersionSwitch opened = new VersionSwitch(
                new DecodeSettings(ExporterLimits.USUAL, Duration.ofSeconds(1)),
                clock,
                System::nanoTime,
                new CounterArray(DecodeResult.values().length),
                new CounterArray(1));
        opened.offer(new DecoderSlot.Offer(decoder, 1, "bench", 0));
        return opened;
    }
}
