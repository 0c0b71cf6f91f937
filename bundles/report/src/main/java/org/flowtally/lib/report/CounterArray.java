// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of counters with one writer and any number of readers.
 *
 * <p>Only one thread at a time may add; a change of writer needs a hand-over that orders memory, such as a queue or the
 * start of a thread. Readers see every value whole and never smaller than before, without locks and without slowing the
 * writer.
 */
public final class CounterArray {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 8; // A cache line of 64 octets before and after keeps strangers away.

    private final long[] cells;
    private final int size;

    /** Creates counters at zero. */
    public CounterArray(int size) {
        this.size = size;
        this.cells = new long[PADDING + size + PADDING];
    }

    /** Returns the number of counters. */
    public int size() {
        return size;
    }

    /** Adds one; only the writer calls it. */
    public void increment(int index) {
        add(index, 1);
    }

    /** Adds an amount; only the writer calls it. */
    public void add(int index, long amount) {
        int cell = cellOf(index);
        CELLS.setRelease(cells, cell, cells[cell] + amount);
    }

    /** Returns the value as far as the writer has published it. */
    public long value(int index) {
        return (long) CELLS.getAcquire(cells, cellOf(index));
    }

    /** Returns the sum of all values; exact when the writer rests. */
    public long total() {
        long total = 0;
        for (int index = 0; index < size; index++) {
            total += value(index);
        }
        return total;
    }

    private int cellOf(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("no such counter: index=" + index + ", size=" + size);
        }
        return PADDING + index;
    }
}
