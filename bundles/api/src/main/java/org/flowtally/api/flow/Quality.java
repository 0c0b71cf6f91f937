// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.flow;

/** Bits that tell how far a usage figure can be relied on; they are or-ed together from rows into usage totals. */
public final class Quality {
    /** Counters were multiplied by a sampling rate. */
    public static final int SCALED = 1;
    /** The exporter samples, but its rate is not known. */
    public static final int RATE_UNKNOWN = 1 << 1;
    /** Flow times were shifted by the exporter's measured clock error. */
    public static final int CLOCK_SHIFTED = 1 << 2;
    /** Records of this exporter were lost around this one. */
    public static final int GAP = 1 << 3;
    /** Flows that ended longer ago than is believed were counted in the bucket that they say. */
    public static final int LATE = 1 << 4;
    /** The bucket was not observed from end to end. Reserved: nothing sets it yet. */
    public static final int PARTIAL = 1 << 5;
    /** The flow came without usable times and was put at its time of arrival. */
    public static final int ARRIVAL_TIME = 1 << 6;
    /** The flow's times contradicted each other, so the whole of it was put at its end. */
    public static final int TIMES_MENDED = 1 << 7;
    /** The exporter's clock was known to be off, and its times were believed all the same: usage may be in a wrong bucket. */
    public static final int CLOCK_OFF = 1 << 8;

    private Quality() {}
}
