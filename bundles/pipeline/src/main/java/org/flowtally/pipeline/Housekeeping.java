// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.util.List;
import org.flowtally.api.clock.HostClockProbe;
import org.flowtally.api.usage.Retention;
import org.flowtally.api.usage.UsageLedger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services that the periodic routes call; each may be away, then its turn is left out. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final DailyRun retentionTime;
    private volatile @Nullable UsageLedger ledger;
    private volatile @Nullable Retention retention;
    private volatile @Nullable HostClockProbe hostClock;

    Housekeeping(DailyRun retentionTime) {
        this.retentionTime = retentionTime;
    }

    void bind(UsageLedger bound) {
        ledger = bound;
    }

    void unbind(UsageLedger unbound) {
        if (ledger == unbound) {
            ledger = null;
        }
    }

    void bind(Retention bound) {
        retention = bound;
    }

    void unbind(Retention unbound) {
        if (retention == unbound) {
            retention = null;
        }
    }

    void bind(HostClockProbe bound) {
        hostClock = bound;
    }

    void unbind(HostClockProbe unbound) {
        if (hostClock == unbound) {
            hostClock = null;
        }
    }

    boolean isHostClockDue() {
        HostClockProbe current = hostClock;
        return current != null && current.isDue();
    }

    /** Asks time servers for this host's own clock. */
    void askHostClock() {
        HostClockProbe current = hostClock;
        if (current != null) {
            current.ask();
        }
    }

    /** Seals a page of the ledger. */
    void flush() {
        UsageLedger current = ledger;
        if (current != null) {
            current.flush();
        }
    }

    boolean isRetentionDue() {
        return retention != null && retentionTime.isDue();
    }

    /** Drops what policy no longer wants kept. */
    void retain() {
        Retention current = retention;
        if (current != null) {
            List<String> dropped = current.run();
            retentionTime.done();
            if (!dropped.isEmpty()) {
                LOG.info("retention has run: dropped={}", dropped);
            }
        }
    }
}
