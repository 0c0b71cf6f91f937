// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * A log that says the same thing at most once a minute.
 *
 * <p>Each key has its own minute. What was held back is told with the next message of that key as {@code suppressed=N}.
 * The number of keys is bounded, so that nobody who sends from many addresses can fill the memory: beyond it all further
 * keys share one minute. Safe for use by several threads; not for the hot path, where counters belong.
 */
public final class QuietLog {
    private static final long QUIET_MILLIS = 60_000;
    private static final int DEFAULT_KEYS = 1024;
    private static final Object ALL_FURTHER_KEYS = new Object();

    private final Logger log;
    private final InstantSource clock;
    private final int mostKeys;
    private final Map<Object, Silence> silences = new HashMap<>();

    /** Creates a log with room for 1024 keys. */
    public QuietLog(Logger log, InstantSource clock) {
        this(log, clock, DEFAULT_KEYS);
    }

    /** Creates a log with room for a number of keys. */
    public QuietLog(Logger log, InstantSource clock, int mostKeys) {
        this.log = log;
        this.clock = clock;
        this.mostKeys = mostKeys;
    }

    /** Says that an operator can act, unless the key spoke within the last minute. */
    public void warn(Object key, String format, Object... arguments) {
        long suppressed = claim(key);
        if (suppressed == 0) {
            log.warn(format, arguments);
        } else if (suppressed > 0) {
            log.warn(format + ", suppressed={}", with(arguments, suppressed));
        }
    }

    /** Says that data are lost, unless the key spoke within the last minute. */
    public void error(Object key, String format, Object... arguments) {
        long suppressed = claim(key);
        if (suppressed == 0) {
            log.error(format, arguments);
        } else if (suppressed > 0) {
            log.error(format + ", suppressed={}", with(arguments, suppressed));
        }
    }

    /** Inserts the count behind the facts, before an exception that closes the arguments. */
    private static Object[] with(Object[] arguments, long suppressed) {
        int facts = arguments.length;
        if (facts > 0 && arguments[facts - 1] instanceof Throwable) {
            facts--;
        }
        Object[] extended = Arrays.copyOf(arguments, arguments.length + 1);
        System.arraycopy(arguments, facts, extended, facts + 1, arguments.length - facts);
        extended[facts] = suppressed;
        return extended;
    }

    /** Returns how many messages were held back since the key last spoke, or -1 if this one is held back too. */
    private synchronized long claim(Object key) {
        long nowMillis = clock.millis();
        Silence silence = silences.get(key);
        if (silence == null) {
            silence = begin(key, nowMillis);
        }
        if (silence.isOver(nowMillis)) {
            return silence.begin(nowMillis);
        }
        silence.suppressed++;
        return -1;
    }

    private Silence begin(Object key, long nowMillis) {
        if (silences.size() >= mostKeys) {
            silences.values().removeIf(silence -> silence.isOver(nowMillis));
        }
        Object kept = silences.size() < mostKeys ? key : ALL_FURTHER_KEYS;
        return silences.computeIfAbsent(kept, absent -> new Silence());
    }

    private static final class Silence {
        private boolean hasSpoken;
        private long sinceMillis;
        private long suppressed;

        boolean isOver(long nowMillis) {
            // A clock set back ends the silence: it would last for hours otherwise.
            return !hasSpoken || nowMillis - sinceMillis >= QUIET_MILLIS || nowMillis < sinceMillis;
        }

        long begin(long nowMillis) {
            long heldBack = suppressed;
            hasSpoken = true;
            sinceMillis = nowMillis;
            suppressed = 0;
            return heldBack;
        }
    }
}
