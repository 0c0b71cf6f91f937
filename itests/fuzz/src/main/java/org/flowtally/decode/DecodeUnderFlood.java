// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decode;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.lib.report.CounterArray;
import org.flowtally.lib.template.ExporterLimits;

/** A version switch with its usual settings and some decoders. */
public final class DecodeUnderFlood {
    private DecodeUnderFlood() {}

    /** Makes it. */
    public static VersionSwitch of(List<FlowDecoder> decoders) {
        VersionSwitch versions = new VersionSwitch(
                new DecodeSettings(ExporterLimits.USUAL, Duration.ofSeconds(60)),
                InstantSource.system(),
                System::nanoTime,
                new CounterArray(DecodeResult.values().length),
                new CounterArray(1));
        for (FlowDecoder decoder : decoders) {
            versions.offer(new DecoderSlot.Offer(decoder, 1, decoder.getClass().getName(), 0));
        }
        return versions;
    }
}
