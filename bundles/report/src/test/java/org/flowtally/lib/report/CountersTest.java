// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CountersTest {
    private enum Colour {
        RED,
        GREEN,
        BLUE
    }

    @Test
    void addsUp() {
        Counter counter = new Counter();

        counter.increment();
        counter.add(41);

        assertThat(counter.value()).isEqualTo(42);
        assertThat(counter).hasToString("42");
    }

    @Test
    void keepsTheCountersOfAnArrayApart() {
        CounterArray counters = new CounterArray(3);

        counters.increment(0);
        counters.add(2, 5);

        assertThat(counters.value(0)).isEqualTo(1);
        assertThat(counters.value(1)).isZero();
        assertThat(counters.value(2)).isEqualTo(5);
        assertThat(counters.total()).isEqualTo(6);
    }

    @Test
    void refusesAnIndexThatOnlyHitsThePadding() {
        CounterArray counters = new CounterArray(3);

        assertThatThrownBy(() -> counters.increment(3)).hasMessageContaining("index=3, size=3");
        assertThatThrownBy(() -> counters.value(-1)).hasMessageContaining("index=-1, size=3");
    }

    @Test
    void showsEveryConstantOfAnEnumInItsOrder() {
        EnumCounters<Colour> counters = new EnumCounters<>(Colour.class);

        counters.increment(Colour.BLUE);
        counters.add(Colour.RED, 2);

        assertThat(counters.values().toString()).isEqualTo("{RED=2, GREEN=0, BLUE=1}");
        assertThat(counters.value(Colour.GREEN)).isZero();
        assertThat(counters.total()).isEqualTo(3);
    }

    @Test
    void showsAReaderValuesThatOnlyGrow() throws InterruptedException {
        Counter counter = new Counter();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 1_000_000; i++) {
                counter.increment();
            }
        });

        writer.start();
        long last = 0;
        while (last < 1_000_000) {
            long seen = counter.value();
            assertThat(seen >= last).isTrue();
            last = seen;
            Thread.onSpinWait();
        }

        writer.join();
        assertThat(counter.value()).isEqualTo(1_000_000);
    }
}
