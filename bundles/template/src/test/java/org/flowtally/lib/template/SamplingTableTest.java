// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SamplingTableTest {
    private final SamplingTable table = new SamplingTable(() -> true);

    @Property(tries = 100)
    void remembersTheLastRateOfEachKeyHoweverMany(@ForAll long seed) {
        Random random = new Random(seed);
        SamplingTable any = new SamplingTable(() -> true);
        Map<Long, Integer> expected = new HashMap<>();
        for (int turn = random.nextInt(600); turn > 0; turn--) {
            int id = random.nextInt(200);
            long key = random.nextBoolean() ? SamplingTable.keyOfSampler(id) : SamplingTable.keyOfInterface(id);
            int rate = 1 + random.nextInt(3);
            assertThat(any.tell(key, rate))
                    .as("new")
                    .isEqualTo(!Integer.valueOf(rate).equals(expected.put(key, rate)));
        }

        SamplingTable restored = new SamplingTable(() -> true);
        long[] entries = any.entries();
        for (int at = 0; at < entries.length; at += 2) {
            restored.restore(entries[at], (int) entries[at + 1]);
        }
        assertThat(entries).hasSize(2 * expected.size());
        for (int id = 0; id < 250; id++) {
            for (SamplingTable each : new SamplingTable[] {any, restored}) {
                assertThat(each.ofSampler(id)).isEqualTo(expected.getOrDefault(SamplingTable.keyOfSampler(id), 0));
                assertThat(each.ofInterface(id)).isEqualTo(expected.getOrDefault(SamplingTable.keyOfInterface(id), 0));
            }
        }
    }

    @Test
    void tellsSamplersInterfacesAndTheSystemApart() {
        table.tell(SamplingTable.keyOfSampler(7), 100);
        assertThat(table.hasInterfaces()).isFalse();
        table.tell(SamplingTable.keyOfInterface(7), 200);
        table.tell(SamplingTable.keyOfSystem(), 300);

        assertThat(table.ofSampler(7)).isEqualTo(100);
        assertThat(table.ofInterface(7)).isEqualTo(200);
        assertThat(table.system()).isEqualTo(300);
        assertThat(table.common()).isEqualTo(SamplingFields.UNKNOWN);
        assertThat(table.hasInterfaces()).isTrue();
    }

    @Test
    void saysWhetherTheCommonRateIsNew() {
        assertThat(table.common(100)).isTrue();
        assertThat(table.common(100)).isFalse();
        assertThat(table.common(1)).isTrue();
        assertThat(table.common()).isEqualTo(1);
    }

    @Test
    void takesNoMoreThanItMayAndGoesOnWithWhatItHas() {
        for (int id = 0; id < SamplingTable.MOST + 10; id++) {
            assertThat(table.tell(SamplingTable.keyOfSampler(id), 100)).isEqualTo(id < SamplingTable.MOST);
        }
        SamplingTable without = new SamplingTable(() -> false);

        assertThat(table.entries()).hasSize(2 * SamplingTable.MOST);
        assertThat(table.tell(SamplingTable.keyOfSampler(0), 200)).isTrue();
        assertThat(table.ofSampler(0)).isEqualTo(200);
        assertThat(without.tell(SamplingTable.keyOfSampler(0), 100)).isFalse();
        assertThat(without.ofSampler(0)).isEqualTo(SamplingFields.UNKNOWN);
    }
}
