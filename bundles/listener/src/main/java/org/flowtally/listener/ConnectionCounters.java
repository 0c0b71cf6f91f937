// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import org.flowtally.api.endpoint.ConnectionCounts;
import org.flowtally.lib.report.Counter;

/** What is counted of an endpoint's connections; written by the receiving thread, read by any. */
final class ConnectionCounters {
    private final Counter accepted = new Counter();
    private final Counter notAllowed = new Counter();
    private final Counter tooMany = new Counter();
    private final Counter malformed = new Counter();
    private final Counter timedOut = new Counter();
    private final Counter notSecured = new Counter();
    private volatile int open;

    Counter accepted() {
        return accepted;
    }

    Counter notAllowed() {
        return notAllowed;
    }

    Counter tooMany() {
        return tooMany;
    }

    Counter malformed() {
        return malformed;
    }

    Counter timedOut() {
        return timedOut;
    }

    Counter notSecured() {
        return notSecured;
    }

    /** Notes how many are open. */
    void open(int connections) {
        open = connections;
    }

    /** Returns the counts of now. */
    ConnectionCounts counts() {
        return new ConnectionCounts(
                open,
                accepted.value(),
                notAllowed.value(),
                tooMany.value(),
                malformed.value(),
                timedOut.value(),
                notSecured.value());
    }
}
