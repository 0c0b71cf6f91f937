// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

/** A counter with one writer and any number of readers, as {@link CounterArray} describes. */
public final class Counter {
    private final CounterArray cell = new CounterArray(1);

    /** Adds one; only the writer calls it. */
    public void increment() {
        cell.add(0, 1);
    }

    /** Adds an amount; only the writer calls it. */
    public void add(long amount) {
        cell.add(0, amount);
    }

    /** Returns the value as far as the writer has published it. */
    public long value() {
        return cell.value(0);
    }

    @Override
    public String toString() {
        return Long.toString(value());
    }
}
