// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.time;

import java.time.Instant;
import java.time.InstantSource;

/** The wall clock of this host. Everything else takes an {@link InstantSource}, so that tests own the time. */
public enum SystemClock implements InstantSource {
    /** The only instance. */
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }
}
