// SPDX-License-Identifier: Apache-2.0
package org.flowtally.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void breaksAtSpacesAndCutsLongWords() {
        assertThat(Lines.of("one two three", 7)).containsExactly("one two", "three");
        assertThat(Lines.of("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
        assertThat(Lines.of("", 4)).containsExactly("");
    }
}
