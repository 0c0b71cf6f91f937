// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.flowtally.api.flow.Quality;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void namesEveryBitOfQuality() throws IllegalAccessException {
        for (Field bit : Quality.class.getDeclaredFields()) {
            if (bit.getType() == int.class) {
                assertThat(Texts.quality(bit.getInt(null)))
                        .containsExactly(
                                bit.getName().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
            }
        }
    }

    @Test
    void writesAgesInTheirLargestUnit() {
        assertThat(Texts.age(Suite.TEN, Suite.TEN.plusSeconds(119))).isEqualTo("119 s");
        assertThat(Texts.age(Suite.TEN, Suite.TEN.plusSeconds(7199))).isEqualTo("119 min");
        assertThat(Texts.age(Suite.TEN, Suite.TEN.plusSeconds(3600 * 71))).isEqualTo("71 h");
        assertThat(Texts.age(Suite.TEN, Suite.TEN.plusSeconds(3600 * 73))).isEqualTo("3 d");
        assertThat(Texts.age(Suite.TEN, Suite.TEN.minusSeconds(5))).isEqualTo("0 s");
    }
}
