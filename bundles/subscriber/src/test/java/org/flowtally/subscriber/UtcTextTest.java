// SPDX-License-Identifier: Apache-2.0
package org.flowtally.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTextTest {
    @Property
    void readsWhatTheDatabaseWrites(@ForAll @LongRange(max = 253_402_300_799_999L) long millis) {
        String iso = Instant.ofEpochMilli(millis).toString();

        assertThat(UtcText.millis(iso.replace('T', ' ').replace("Z", ""))).isEqualTo(millis);
    }

    @Test
    void cutsFinerFractions() {
        assertThat(UtcText.millis("1970-01-01 00:00:01.9999999")).isEqualTo(1999);
        assertThat(UtcText.millis("1970-01-01 00:00:01.5")).isEqualTo(1500);
        assertThat(UtcText.millis("1970-01-01 00:00:01")).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-01",
                "2026-01-01T00:00:00",
                "2026-02-30 00:00:00",
                "0000-00-00 00:00:00",
                "2026-01-01 24:00:00",
                "2026-01-01 00:60:00",
                "2026-01-01 00:00:00Z",
                "2026-01-01 00:00:00.x"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> UtcText.millis(text)).isInstanceOf(DateTimeException.class);
    }
}
