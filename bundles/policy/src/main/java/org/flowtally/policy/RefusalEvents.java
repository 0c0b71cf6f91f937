// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import java.util.Locale;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.policy.Refusal;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.EventLog;

/**
 * The events that tell of refused senders: one per sender and hour. Forged addresses are new senders without end, so there
 * are so many events an hour and one more that says there were others. Owned by the working thread.
 */
final class RefusalEvents {
    /** The events of an hour. */
    static final int MOST = 200;

    private static final long HOUR_MILLIS = RefusedSenders.EVENT_QUIET_MILLIS;

    private final EventLog log;
    private long hourStartMillis;
    private int told;

    RefusalEvents(EventLog log) {
        this.log = log;
    }

    /** Tells of a sender, if the hour has room for it. */
    void tell(Refusal reason, Endpoint endpoint, Address sender, int version, long nowMillis) {
        if (nowMillis - hourStartMillis >= HOUR_MILLIS || nowMillis < hourStartMillis) {
            hourStartMillis = nowMillis;
            told = 0;
        }
        told++;
        if (told > MOST) {
            if (told == MOST + 1) {
                log.tell(
                        nowMillis,
                        HOUR_MILLIS,
                        kind(reason),
                        "further senders",
                        "more than " + MOST + " an hour: flowtally:refused lists them");
            }
            return;
        }
        log.tell(
                nowMillis,
                HOUR_MILLIS,
                kind(reason),
                "exporter=%s, endpoint=%s".formatted(sender, endpoint.name()),
                reason == Refusal.NOT_ALLOWED
                        ? "version=%d, allow it with: flowtally:endpoint-allow %s %s"
                                .formatted(version, endpoint.name(), sender)
                        : "version=%d, exporter.datagrams.per.second=%d"
                                .formatted(version, endpoint.mostDatagramsPerSecond()));
    }

    private static String kind(Refusal reason) {
        return reason == Refusal.NOT_ALLOWED
                ? "refused"
                : reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
