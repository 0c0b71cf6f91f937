// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.time.Duration;
import java.util.Arrays;
import org.flowtally.api.endpoint.Counting;
import org.flowtally.api.endpoint.CountingRule;
import org.flowtally.api.flow.Exporter;
import org.flowtally.lib.report.EventLog;

/**
 * What one router sends that counts, as far as it can tell that flows are reported twice: both directions, two versions, or
 * several methods of NetFlow v8 within a few minutes. Owned by the working thread.
 */
final class DoubleReports {
    private static final long TOGETHER_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long QUIET_MILLIS = Duration.ofHours(1).toMillis();
    private static final int VERSIONS = 11;
    private static final int METHODS = 16;
    private static final int NETFLOW_V8 = 8;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final EventLog events;
    private final long[] versions = never(VERSIONS);
    private final long[] methods = never(METHODS);
    private long ingress = NEVER;
    private long egress = NEVER;
    private long quietDirections = NEVER;
    private long quietVersions = NEVER;
    private long quietMethods = NEVER;

    DoubleReports(EventLog events) {
        this.events = events;
    }

    /**
     * Notes that rows of an exporter counted.
     *
     * @param directions bits of {@link CountedRows}
     */
    void note(Exporter exporter, Counting counting, int directions, long atMillis) {
        ingress = (directions & CountedRows.INGRESS) != 0 ? atMillis : ingress;
        egress = (directions & CountedRows.EGRESS) != 0 ? atMillis : egress;
        boolean isOneSided = counting.rule() == CountingRule.INTERFACES_IN_OUT;
        if (directions != 0 && !isOneSided && atMillis >= quietDirections && areTogether(ingress, egress)) {
            quietDirections = tell(
                    "both-directions",
                    exporter,
                    atMillis,
                    "the router tells of flows where they enter and where they leave, and both count: if it tells each flow"
                            + " twice, choose a counting.rule for it, ingress, egress, interfaces or interfaces-in-out");
        }
        int version = exporter.version();
        versions[version % VERSIONS] = atMillis;
        if (atMillis >= quietVersions && countTogether(versions, atMillis) > 1) {
            quietVersions = tell(
                    "two-versions",
                    exporter,
                    atMillis,
                    "the router sends several export versions, and all count: " + listed(versions, atMillis)
                            + "; choose a metering.version for it");
        }
        if (version == NETFLOW_V8) {
            int method = CountedRows.method(exporter) % METHODS;
            methods[method] = atMillis;
            if (atMillis >= quietMethods && countTogether(methods, atMillis) > 1) {
                quietMethods = tell(
                        "parallel-methods",
                        exporter,
                        atMillis,
                        "the router aggregates by several methods of NetFlow v8, and all count: "
                                + listed(methods, atMillis)
                                + "; choose one of them as metering.version, such as 8." + method);
            }
        }
    }

    /** Returns until when there is nothing more to say. */
    private long tell(String kind, Exporter exporter, long atMillis, String message) {
        String subject = "exporter=" + exporter.sender() + ", realm=" + exporter.realm();
        events.tell(atMillis, QUIET_MILLIS, kind, subject, message);
        return atMillis + QUIET_MILLIS;
    }

    private static boolean areTogether(long one, long other) {
        return Math.abs(one - other) < TOGETHER_MILLIS;
    }

    private static int countTogether(long[] seen, long atMillis) {
        int count = 0;
        for (long millis : seen) {
            count += areTogether(millis, atMillis) ? 1 : 0;
        }
        return count;
    }

    private static String listed(long[] seen, long atMillis) {
        StringBuilder numbers = new StringBuilder();
        for (int number = 0; number < seen.length; number++) {
            if (areTogether(seen[number], atMillis)) {
                numbers.append(numbers.isEmpty() ? "" : ", ").append(number);
            }
        }
        return numbers.toString();
    }

    private static long[] never(int length) {
        long[] times = new long[length];
        Arrays.fill(times, NEVER);
        return times;
    }
}
