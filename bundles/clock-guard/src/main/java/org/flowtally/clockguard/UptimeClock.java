// SPDX-License-Identifier: Apache-2.0
package org.flowtally.clockguard;

/** The conversion of an exporter's uptime, a counter of 32 bits in milliseconds that wraps after 49.7 days. */
final class UptimeClock {
    private static final long WRAP = 1L << 32;
    private static final long HALF = 1L << 31;

    private UptimeClock() {}

    /**
     * Returns an instant of the exporter's uptime in milliseconds since 1970. An instant more than half the range away
     * from the uptime at export was taken before, or after, the counter wrapped.
     *
     * @param exportMillis the export time, milliseconds since 1970
     * @param uptimeMillis the uptime at that time
     * @param switchedMillis the uptime to be converted
     */
    static long millis(long exportMillis, long uptimeMillis, long switchedMillis) {
        long ago = uptimeMillis - switchedMillis;
        if (ago > HALF) {
            ago -= WRAP;
        } else if (ago < -HALF) {
            ago += WRAP;
        }
        return exportMillis - ago;
    }
}
