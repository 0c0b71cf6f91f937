// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.status;

import java.time.Instant;

/**
 * The state of the working thread and of the hand-off before it.
 *
 * @param waitingFor the stage that is away and that the lane waits for; empty if it runs
 * @param since since when it runs or waits
 * @param handOffOctets octets that the hand-off holds
 * @param handOffBoundOctets octets that it may hold
 * @param datagramsHandedOff datagrams handed to the lane since start
 * @param datagramsLost datagrams lost because the hand-off was full
 * @param datagramsDone datagrams that went through the lane
 * @param batchesFailed batches in which a stage failed: a bug, named in the log
 */
public record LaneStatus(
        String waitingFor,
        Instant since,
        long handOffOctets,
        long handOffBoundOctets,
        long datagramsHandedOff,
        long datagramsLost,
        long datagramsDone,
        long batchesFailed) {}
