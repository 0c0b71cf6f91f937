// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import java.util.Arrays;
import java.util.List;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.decodeipfix.Ipfix;
import org.flowtally.decodev1.NetflowV1;
import org.flowtally.decodev5.NetflowV5;
import org.flowtally.decodev7.NetflowV7;
import org.flowtally.decodev8.NetflowV8;
import org.flowtally.decodev9.NetflowV9;

/**
 * What the fuzzer calls: an input chooses a decoder and makes datagrams of one exporter, which are decoded in order, on
 * three lanes side by side. A rule that is broken, or anything thrown, is a finding.
 */
public final class DecoderFuzz {
    /** The decoders, in the order in which the first octet of an input chooses. */
    static final List<FlowDecoder> DECODERS =
            List.of(new NetflowV1(), new NetflowV5(), new NetflowV7(), new NetflowV8(), new NetflowV9(), new Ipfix());

    /** The action of an input that gives the next octets as they are, as one datagram; their number comes first. */
    static final int RAW = 0;

    private static final int ACTIONS = 8;
    private static final int AGAIN = 6;
    private static final int DAMAGED = 7;
    private static final int MOST_DATAGRAMS = 12;
    private static final int LONGEST = 9216;
    private static final int FIRST_WITH_TEMPLATES = 9;
    private static final int MILLIS_PER_STEP = 400;

    private static final List<Lane> LANES =
            List.of(new Lane(0, 0, 2048), new Lane(64, 0xA5, 3), new Lane(16, 0xFF, 257));

    private DecoderFuzz() {}

    /** Runs one input; the name is the fuzzer's. */
    public static void fuzzerTestOneInput(byte[] input) {
        run(input);
        if (excessOctets() > 0) {
            run(input); // Classes that were linked on the way do not count.
            Lane.demand(excessOctets() == 0, "nothing allocated beyond what it was given: excess=" + excessOctets());
        }
    }

    private static long excessOctets() {
        long excess = 0;
        for (Lane lane : LANES) {
            excess = Math.max(excess, lane.excessOctets());
        }
        return excess;
    }

    private static void run(byte[] input) {
        Script script = new Script(input);
        FlowDecoder decoder = DECODERS.get(script.below(DECODERS.size()));
        TemplateMessages templates = new TemplateMessages(decoder.version());
        LANES.forEach(Lane::begin);
        long nowMillis = 1_774_000_000_000L;
        byte[] payload = new byte[0];
        for (int number = 0; number < MOST_DATAGRAMS && !script.isAtItsEnd(); number++) {
            int action = script.below(ACTIONS);
            payload = switch (action) {
                case RAW -> script.octets(script.u16() % LONGEST);
                case AGAIN -> payload;
                case DAMAGED -> damaged(payload, script);
                default ->
                    decoder.version() < FIRST_WITH_TEMPLATES
                            ? FixedMessages.write(decoder.version(), script)
                            : templates.write(script);
            };
            int step = script.u8();
            nowMillis += step < 128 ? 1 : (long) step * MILLIS_PER_STEP;
            decode(decoder, payload, nowMillis);
        }
    }

    private static byte[] damaged(byte[] payload, Script script) {
        byte[] damaged = Arrays.copyOf(payload, Math.max(0, payload.length - Math.max(0, script.u8() - 192)));
        if (damaged.length > 0) {
            damaged[script.u16() % damaged.length] = (byte) script.u8();
        }
        return damaged;
    }

    private static void decode(FlowDecoder decoder, byte[] payload, long nowMillis) {
        Lane first = LANES.get(0);
        DecodeResult result = first.decode(decoder, payload, nowMillis);
        for (Lane lane : LANES.subList(1, LANES.size())) {
            DecodeResult other = lane.decode(decoder, payload, nowMillis);
            Lane.demand(other == result, "the same result: " + result + ", " + other);
            Lane.demand(lane.rows().equals(first.rows()), "the same rows wherever a datagram lies");
        }
    }
}
