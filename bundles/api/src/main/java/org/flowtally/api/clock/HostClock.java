// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.clock;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of this host's own clock, by the time servers that were asked.
 *
 * @param state what is known
 * @param since since when
 * @param server the server that the figures come from: of several, the one in the middle; empty if none answered yet
 * @param offsetMillis by how much this host is ahead of that server; negative if it is behind
 * @param delayMillis the way to that server and back, which bounds the error of the offset
 * @param stratum how far that server is from a reference clock, 1..15; 0 if none answered yet
 * @param serversAnswered how many servers answered the last time
 * @param serversAsked how many were asked
 * @param answersRefused answers that were no answers to our questions, or of servers that are not synchronised themselves
 * @param lastAnswer when a server answered last
 * @param message why nothing is known, or what is wrong; empty if all is well
 */
public record HostClock(
        HostClockState state,
        Instant since,
        String server,
        long offsetMillis,
        long delayMillis,
        int stratum,
        int serversAnswered,
        int serversAsked,
        long answersRefused,
        Optional<Instant> lastAnswer,
        String message) {}
